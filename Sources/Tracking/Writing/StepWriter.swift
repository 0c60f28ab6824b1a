import Foundation
import GRDB

/// Writes the rows of any number of runs, while their training goes on.
///
/// Training threads hand over chunks of rows; one thread of its own takes them, in order, into batched transactions.
/// What ``finish(_:attempt:outcome:)`` says of a run is committed together with the run's last rows or after them,
/// never before. When the buffer is full, ``append(_:toRun:attempt:)`` waits. After the first error nothing is written
/// any more, and every later call throws that error.
///
/// All calls may come from any thread. A writer that goes away without ``close()`` still writes what it was given.
package final class StepWriter: Sendable {
    /// How many rows to hand over at once; more only makes the buffer coarser.
    package let chunkSize: Int
    private let store: Store
    private let buffer: StepBuffer

    init(store: Store) {
        self.store = store
        chunkSize = store.durability == .step ? 1 : 256
        buffer = StepBuffer(limits: store.durability == .step ? .eachRow : .batches)
        let drain = Drain(store: store, buffer: buffer)
        let thread = Thread { drain.run() }
        thread.name = "gradbook step writer"
        thread.start()
    }

    deinit {
        buffer.close()
    }

    /// Hands over rows that follow, in order of steps, those handed over before.
    ///
    /// A row that is stored already, by an earlier attempt, must be equal bit for bit in all but its elapsed time and
    /// stays as it is; another one is a `conflict`. If the run was claimed again after `attempt` began, the call or a
    /// later one fails as `superseded`. With `Durability.step` the call returns when the rows are committed.
    package func append(_ rows: [QuadraticStep], toRun run: Int64, attempt: Int) throws(TrackingError) {
        try buffer.append(.rows(rows, run: run, attempt: attempt))
        if store.durability == .step { try buffer.flush() }
    }

    /// Takes the sweep's queued run with the lowest position for this process; nil if none is queued.
    ///
    /// Goes ahead of waiting rows, so that no worker is idle until they are written.
    package func claimNextRun(ofSweep sweep: Int64, as provenance: Provenance) throws(TrackingError) -> StoredRun? {
        let now = store.now()
        return try buffer.perform { try $0.claimNextRun(ofSweep: sweep, as: provenance, now: now) }
    }

    /// Writes how a run ended, after the rows that were handed over before. Does not wait for the commit.
    package func finish(_ run: Int64, attempt: Int, outcome: RunOutcome) throws(TrackingError) {
        let now = store.now()
        try buffer.append(.command { try $0.finishRun(run, attempt: attempt, outcome: outcome, now: now) })
    }

    /// Returns when everything that was handed over before is committed.
    package func flush() throws(TrackingError) {
        try buffer.flush()
    }

    /// Writes what is left and ends the writer; later calls are programmer errors.
    package func close() throws(TrackingError) {
        try buffer.flush()
        buffer.close()
    }
}

extension Store {
    /// A writer for the rows of this process's runs; one per process is enough for any number of threads.
    package func makeStepWriter() -> StepWriter {
        precondition(access == .readWrite, "'\(path)' was opened for reading only")
        return StepWriter(store: self)
    }
}

/// The thread's loop: one transaction after another until the buffer is closed and empty.
private struct Drain: Sendable {
    let store: Store
    let buffer: StepBuffer

    func run() {
        while buffer.waitForBatch() {
            do throws(TrackingError) {
                try store.write { database in
                    let insertion = try StepInsertion(database)
                    while let work = buffer.next() {
                        switch work {
                        case .rows(let rows, let run, let attempt):
                            try insertion.insert(rows, run: run, attempt: attempt)
                        case .command(let body):
                            try body(database)
                        }
                    }
                }
                buffer.didCommit()
            } catch {
                buffer.fail(error)
                return
            }
        }
    }
}
