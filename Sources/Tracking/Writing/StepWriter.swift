import Foundation
import GRDB

/// Writes the rows of any number of runs while they are trained.
///
/// Training threads hand over batches of rows; one thread of its own writes them in batched transactions. The end of a
/// run is committed together with the run's last rows or after them, never before. When the buffer is full,
/// `append` waits. After the first error nothing is written any more, and every later call throws that error.
///
/// All calls may come from any thread. A writer that goes away without ``close()`` still writes what it was given.
package final class StepWriter: Sendable {
    /// How many rows to hand over at once.
    package let batchSize: Int
    private let file: DatabaseFile
    private let buffer: StepBuffer
    /// Signalled when the writing thread has let go of the file.
    private let ended = DispatchSemaphore(value: 0)

    init(file: DatabaseFile) {
        self.file = file
        batchSize = file.durability == .step ? 1 : 256
        let buffer = StepBuffer(limits: file.durability == .step ? .eachRow : .batches)
        self.buffer = buffer
        do throws(TrackingError) {
            try OwnThread.start("step writer") { [ended] in
                WritingLoop(file: file, buffer: buffer).run()
                ended.signal()
            }
        } catch {
            // What is handed over now fails with it.
            buffer.fail(error)
            ended.signal()
        }
    }

    deinit {
        buffer.close()
    }

    /// What gathers the rows of one run, which this process has claimed or started, into batches.
    package func recorder(forRun run: Run) -> StepRecorder {
        let attempt = RunAttempt(run: run.id, number: run.attempt)
        buffer.begin(attempt)
        return StepRecorder(writer: self, attempt: attempt, schema: run.plan.stepSchema)
    }

    /// Hands over rows of a run that follow, in the order of steps, those handed over before.
    ///
    /// A row that is stored already, by an earlier attempt, must be equal bit for bit in all but its elapsed time and
    /// stays as it is; one with other numbers is a `conflict`. If the run was claimed again after its attempt began,
    /// none of its rows is written any more, and this call or a later one of the run fails as `superseded`; other runs
    /// are not disturbed. With `Durability.step` each row is committed by itself, and the call returns when all are.
    package func append(_ rows: [StepRow], to run: Run) throws(TrackingError) {
        try append(
            StepBatch(
                attempt: RunAttempt(run: run.id, number: run.attempt), schema: run.plan.stepSchema, rows: rows))
    }

    func append(_ batch: StepBatch) throws(TrackingError) {
        guard file.durability == .step else {
            try buffer.append(batch)
            return
        }
        for (index, header) in batch.headers.enumerated() {
            try buffer.append(
                StepBatch(
                    attempt: batch.attempt, schema: batch.schema, headers: [header],
                    values: Array(batch.values(ofRow: index))))
        }
        try buffer.flush()
    }

    /// Takes the open sweep's queued run with the lowest position for this process; nil if none is queued.
    ///
    /// Goes ahead of waiting rows, so that no worker is idle until they are written.
    package func claimNextRun(ofSweep sweep: Int64, as provenance: Provenance) throws(TrackingError) -> Run? {
        try requestNextRun(ofSweep: sweep, as: provenance).wait()
    }

    /// As ``claimNextRun(ofSweep:as:)``, without waiting for the answer.
    ///
    /// A run that is not going to be trained has to be given back, see ``release(_:attempt:)``.
    package func requestNextRun(ofSweep sweep: Int64, as provenance: Provenance) throws(TrackingError) -> PendingClaim {
        let leaseHolder = file.leaseHolder(provenance)
        let answer = try buffer.request { try $0.claimNextRun(ofSweep: sweep, for: leaseHolder) }
        return PendingClaim(buffer: buffer, answer: answer)
    }

    /// Writes how a run ended, after the rows that were handed over before, without waiting for the commit.
    package func finish(_ run: Int64, attempt: Int, outcome: RunOutcome) throws(TrackingError) {
        try finish(RunAttempt(run: run, number: attempt), outcome: outcome)
    }

    func finish(_ attempt: RunAttempt, outcome: RunOutcome, schema: StepSchema? = nil) throws(TrackingError) {
        let now = file.now()
        try end(attempt) { database, attempt in
            try database.finishRun(attempt, outcome: outcome, schema: schema, now: now)
        }
    }

    /// Gives a run back unfinished, after the rows that were handed over before, without waiting for the commit.
    ///
    /// A sweep's run is queued again; any other is interrupted as soon as this process is gone.
    package func release(_ run: Int64, attempt: Int) throws(TrackingError) {
        let now = file.now()
        try end(RunAttempt(run: run, number: attempt)) { database, attempt in
            try database.release(attempt, now: now)
        }
    }

    /// Returns when everything of the run is committed; fails as `superseded` if it was claimed again meanwhile, so that
    /// something of it was not written.
    package func confirm(_ run: Int64, attempt: Int) throws(TrackingError) {
        try buffer.flush()
        try buffer.mustBeCurrent(RunAttempt(run: run, number: attempt))
    }

    /// Returns when everything that was handed over before is committed.
    package func flush() throws(TrackingError) {
        try buffer.flush()
    }

    /// Writes what is left and ends the writer and its thread; later calls are programmer errors.
    package func close() throws(TrackingError) {
        defer {
            buffer.close()
            ended.wait()
            ended.signal()
        }
        try buffer.flush()
    }

    private func end(
        _ attempt: RunAttempt, with command: @escaping @Sendable (Database, RunAttempt) throws -> Void
    ) throws(TrackingError) {
        try buffer.end(attempt) { [buffer] database in
            do {
                try command(database, attempt)
            } catch let error as TrackingError where error.code == .superseded {
                buffer.supersede([attempt])
            }
        }
    }
}

extension StepStore {
    /// A writer for the rows of this process's runs; one is enough for any number of threads.
    package func makeWriter() -> StepWriter {
        precondition(file.access == .readWrite, "'\(file.path)' was opened for reading only")
        return StepWriter(file: file)
    }
}

/// A claim that the writing thread is about to make for a worker, see ``StepWriter/requestNextRun(ofSweep:as:)``.
package struct PendingClaim: Sendable {
    let buffer: StepBuffer
    let answer: Promise<Run?>

    /// The claimed run as soon as it is known; nil if none was queued.
    package func wait() throws(TrackingError) -> Run? {
        try buffer.wait(for: answer)
    }
}
