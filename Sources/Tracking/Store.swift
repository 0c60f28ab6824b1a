package import Foundation
package import TextFormats

/// A notebook: one SQLite file with every run, sweep and step, in one facet per subject.
///
/// Any number of stores, in any number of processes, may have the same file open; readers never wait for writers.
/// All calls may come from any thread. Writes take the file's lock for one transaction each and wait for other writers
/// up to the busy timeout.
package final class Store: Sendable {
    /// What a store may do to its file.
    package enum Access: Sendable {
        case readWrite
        /// Never writes, not even to create or to migrate the file.
        case readOnly
    }

    /// Finds the run that `best:SWEEP` means: which is best is a matter of comparison, and no fact of the file.
    package typealias BestRunFinder = @Sendable (_ sweep: String, _ store: Store) throws -> Run

    let file: DatabaseFile

    /// As it was given, for messages.
    package var path: String { file.path }

    /// Opens the notebook at `path`, or creates it there.
    ///
    /// A file that is no notebook, or is a newer one, or whose tables and views are not those of its version, is refused untouched. Several processes may create the same file
    /// at the same moment. With `mustExist` or `readOnly` a missing file is refused instead of created. A call that
    /// has waited `busyTimeout` seconds for other writers fails as `busy`; `onWait` is told once, after two seconds, who is waited
    /// for. A run that this store starts is another's to
    /// take when `lease` seconds have gone by without a heartbeat of its ``StepWriter``. `now` is the time that is written
    /// into `created_at` and its like, ISO 8601 in UTC. With `acceptsAlteredSchema` a file is opened whatever tables it has,
    /// for ``MaintenanceStore/check(readsEverything:isAlive:)`` and ``MaintenanceStore/repair(_:copying:)`` alone. Without `bestRun` no run can be named as `best:SWEEP`.
    package static func open(
        at path: String, access: Access = .readWrite, mustExist: Bool = false, durability: Durability = .batch,
        busyTimeout: TimeInterval = 30, onWait: (@Sendable (MessageText) -> Void)? = nil, lease: TimeInterval = 30,
        acceptsAlteredSchema: Bool = false, bestRun: BestRunFinder? = nil,
        now: @escaping @Sendable () -> String
    ) throws(TrackingError) -> Store {
        try Store(
            file: DatabaseFile(
                at: path, access: access, mustExist: mustExist, durability: durability,
                waiting: LockWait(path: path, limit: busyTimeout, listener: onWait), lease: lease,
                acceptsAlteredSchema: acceptsAlteredSchema, bestRun: bestRun, now: now))
    }

    init(file: DatabaseFile) {
        self.file = file
    }

    /// Puts everything into the one file, unless another program has it open; the store cannot be used afterwards.
    ///
    /// A store that goes away, with its facets, closes its file. Nothing that was committed depends on it: what cannot be put into the file
    /// stays in the write-ahead log beside it.
    package func close() {
        file.close()
    }

    /// Closes the store and leaves a file that can be read from anywhere without a file being made beside it.
    ///
    /// To be called when nobody else has the file open; it can be opened for writing again.
    package func seal() throws(TrackingError) {
        try file.seal()
    }

    // MARK: - Facets

    /// Runs: adding, starting, finding, listing, deleting, resuming.
    package var runs: RunStore { file.runs }
    /// Sweeps: creating, claiming their runs, progress, rungs, Slurm jobs.
    package var sweeps: SweepStore { file.sweeps }
    /// The steps of runs: writing and reading.
    package var steps: StepStore { file.steps }
    /// The numbers that programs logged.
    package var metrics: MetricStore { file.metrics }
    /// Runs of other programs.
    package var recorded: RecordedStore { file.recorded }
    /// The data that runs train on.
    package var datasets: DatasetStore { file.datasets }
    /// Tags, notes and events.
    package var notes: NoteStore { file.notes }
    /// What was said of two arms.
    package var verdicts: VerdictStore { file.verdicts }
    /// The file as a whole: checks, repairs, copies, merges.
    package var maintenance: MaintenanceStore { file.maintenance }
}
