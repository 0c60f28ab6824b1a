import Foundation
import GRDB

/// Writes the rows of any number of runs while their training goes on.
///
/// Training threads hand over chunks of rows; one thread of its own writes them in batched transactions. The end of a
/// run is committed together with the run's last rows or after them, never before. When the buffer is full,
/// `append` waits. After the first error nothing is written any more, and every later call throws that error.
///
/// All calls may come from any thread. A writer that goes away without ``close()`` still writes what it was given.
package final class StepWriter: Sendable {
    /// How many rows to hand over at once.
    package let chunkSize: Int
    private let store: Store
    private let buffer: StepBuffer
    /// Signalled when the writing thread has let go of the store.
    private let ended = DispatchSemaphore(value: 0)

    init(store: Store) {
        self.store = store
        chunkSize = store.durability == .step ? 1 : 256
        let buffer = StepBuffer(limits: store.durability == .step ? .eachRow : .batches)
        self.buffer = buffer
        let thread = Thread { [ended] in
            store.drain(buffer)
            ended.signal()
        }
        thread.name = "step writer"
        thread.start()
    }

    deinit {
        buffer.close()
    }

    /// What gathers the rows of one run, which this process has claimed or started, into chunks.
    package func recorder(forRun run: StoredRun) -> StepRecorder {
        buffer.begin(RunAttempt(run: run.id, number: run.attempt))
        return StepRecorder(writer: self, run: run.id, attempt: run.attempt)
    }

    /// Hands over rows that follow, in the order of steps, those handed over before.
    ///
    /// A row that is stored already, by an earlier attempt, must be equal bit for bit in all but its elapsed time and
    /// stays as it is; one with other numbers is a `conflict`. If the run was claimed again after `attempt` began,
    /// none of its rows is written any more, and this call or a later one of the run fails as `superseded`; other runs
    /// are not disturbed. With `Durability.step` each row is committed by itself, and the call returns when all are.
    package func append(_ rows: [QuadraticStep], toRun run: Int64, attempt: Int) throws(TrackingError) {
        let attempt = RunAttempt(run: run, number: attempt)
        guard store.durability == .step else {
            try buffer.append(StepChunk(attempt: attempt, rows: rows))
            return
        }
        for row in rows {
            try buffer.append(StepChunk(attempt: attempt, rows: [row]))
        }
        try buffer.flush()
    }

    /// Takes the open sweep's queued run with the lowest position for this process; nil if none is queued.
    ///
    /// Goes ahead of waiting rows, so that no worker is idle until they are written.
    package func claimNextRun(ofSweep sweep: Int64, as provenance: Provenance) throws(TrackingError) -> StoredRun? {
        try requestNextRun(ofSweep: sweep, as: provenance).wait()
    }

    /// As ``claimNextRun(ofSweep:as:)``, without waiting for the answer.
    ///
    /// A run that is not going to be trained has to be given back, see ``release(_:attempt:)``.
    package func requestNextRun(ofSweep sweep: Int64, as provenance: Provenance) throws(TrackingError) -> RunClaim {
        let claimant = store.claimant(provenance)
        let answer = try buffer.request { try $0.claimNextRun(ofSweep: sweep, for: claimant) }
        return RunClaim(buffer: buffer, answer: answer)
    }

    /// Writes how a run ended, after the rows that were handed over before, without waiting for the commit.
    package func finish(_ run: Int64, attempt: Int, outcome: RunOutcome) throws(TrackingError) {
        let now = store.now()
        try end(RunAttempt(run: run, number: attempt)) { database, attempt in
            try database.finishRun(attempt, outcome: outcome, now: now)
        }
    }

    /// Gives a run back unfinished, after the rows that were handed over before, without waiting for the commit.
    ///
    /// A sweep's run is queued again; any other is interrupted as soon as this process is gone.
    package func release(_ run: Int64, attempt: Int) throws(TrackingError) {
        let now = store.now()
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

extension Store {
    /// A writer for the rows of this process's runs; one is enough for any number of threads.
    package func makeStepWriter() -> StepWriter {
        precondition(access == .readWrite, "'\(path)' was opened for reading only")
        return StepWriter(store: self)
    }

    /// The writing thread: one transaction after another until the buffer is closed and empty.
    fileprivate func drain(_ buffer: StepBuffer) {
        var turn = WriterTurn()
        // Three signs of life per lease: two may come late.
        let interval = lease / 3
        var nextRenewal = Date(timeIntervalSinceNow: interval)
        while let batch = buffer.nextBatch(before: nextRenewal) {
            let isRenewal = nextRenewal <= Date()
            if isRenewal { nextRenewal = Date(timeIntervalSinceNow: interval) }
            turn.yieldIfLong()
            do throws(TrackingError) {
                try write(batch, from: buffer, isRenewal: isRenewal)
                turn.released()
                buffer.didCommit(batch)
            } catch {
                buffer.fail(error)
                return
            }
        }
    }

    private func write(_ batch: StepBuffer.Batch, from buffer: StepBuffer, isRenewal: Bool) throws(TrackingError) {
        let renewed = isRenewal ? buffer.runningAttempts : []
        try write { database in
            var insertion = try StepInsertion(database)
            let refused = try insertion.insert(batch.chunks) {
                while let command = buffer.nextUrgent() {
                    try command(database)
                }
            }
            buffer.supersede(refused)
            for command in batch.commands {
                try command(database)
            }
            try database.renew(Lease(now: now(), seconds: lease), of: renewed)
        }
    }
}
