import Foundation

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
        StepRecorder(writer: self, run: run.id, attempt: run.attempt)
    }

    /// Hands over rows that follow, in the order of steps, those handed over before.
    ///
    /// A row that is stored already, by an earlier attempt, must be equal bit for bit in all but its elapsed time and
    /// stays as it is; one with other numbers is a `conflict`. If the run was claimed again after `attempt` began,
    /// this call or a later one fails as `superseded`. With `Durability.step` each row is committed by itself, and the
    /// call returns when all are.
    package func append(_ rows: [QuadraticStep], toRun run: Int64, attempt: Int) throws(TrackingError) {
        guard store.durability == .step else {
            try buffer.append(StepChunk(run: run, attempt: attempt, rows: rows))
            return
        }
        for row in rows {
            try buffer.append(StepChunk(run: run, attempt: attempt, rows: [row]))
        }
        try buffer.flush()
    }

    /// Takes the sweep's queued run with the lowest position for this process; nil if none is queued.
    ///
    /// Goes ahead of waiting rows, so that no worker is idle until they are written.
    package func claimNextRun(ofSweep sweep: Int64, as provenance: Provenance) throws(TrackingError) -> StoredRun? {
        let now = store.now()
        return try buffer.perform { try $0.claimNextRun(ofSweep: sweep, as: provenance, now: now) }
    }

    /// Writes how a run ended, after the rows that were handed over before, without waiting for the commit.
    package func finish(_ run: Int64, attempt: Int, outcome: RunOutcome) throws(TrackingError) {
        let now = store.now()
        try buffer.append { try $0.finishRun(run, attempt: attempt, outcome: outcome, now: now) }
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
        while let batch = buffer.nextBatch() {
            turn.yieldIfLong()
            do throws(TrackingError) {
                try write(batch, from: buffer)
                turn.released()
                buffer.didCommit(batch)
            } catch {
                buffer.fail(error)
                return
            }
        }
    }

    private func write(_ batch: StepBuffer.Batch, from buffer: StepBuffer) throws(TrackingError) {
        try write { database in
            try StepInsertion(database).insert(batch.chunks) {
                while let command = buffer.nextUrgent() {
                    try command(database)
                }
            }
            for command in batch.commands {
                try command(database)
            }
        }
    }
}
