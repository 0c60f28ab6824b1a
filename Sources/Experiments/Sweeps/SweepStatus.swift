package import Tracking

/// Where a sweep stands: what has ended, who works on what, and whose work was interrupted.
package struct SweepStatus: Sendable {
    /// A run that has begun and not ended.
    package struct OpenRun: Sendable {
        package let run: Run
        package let stepsRecorded: Int
    }

    package let sweep: Sweep
    package let tally: SweepTally
    /// How many of its runs are deleted, which the tally leaves out.
    package let deletedRunCount: Int
    /// Runs that somebody is training, in the order of their positions.
    package let running: [OpenRun]
    /// Runs whose worker is gone.
    package let interrupted: [OpenRun]
    /// What happened to the sweep as a whole, oldest first.
    package let events: [Note]
    /// What of it was handed to Slurm, oldest first.
    package let slurmJobs: [SlurmJobs]

    /// Reads the state of the sweep with this name; `isAlive` says whether a process still exists, and nil of one it cannot
    /// know.
    package init(ofSweep name: String, in store: Store, isAlive: (ProcessIdentity) -> Bool?) throws {
        sweep = try store.sweeps.find(named: name)
        tally = try store.sweeps.tally(ofSweep: sweep.id)
        deletedRunCount = try store.sweeps.deletedRunCount(ofSweep: sweep.id)
        let gone = Set(try store.runs.interrupted(isAlive: isAlive).map(\.id))
        let open = try store.sweeps.runningRuns(ofSweep: sweep.id).map { run in
            OpenRun(run: run, stepsRecorded: try store.steps.count(ofRun: run.id))
        }
        running = open.filter { !gone.contains($0.run.id) }
        interrupted = open.filter { gone.contains($0.run.id) }
        events = try store.notes.events(of: .sweep(sweep.id))
        slurmJobs = try store.sweeps.slurmJobs(ofSweep: sweep.id)
    }

    /// Whether nothing changes any more unless somebody resumes or retries it.
    package var isIdle: Bool { running.isEmpty }
}
