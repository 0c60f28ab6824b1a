package import Learning
import Statistics
import TextFormats
package import Tracking

/// An open notebook file into which runs are trained.
package final class ExperimentRunner: Sendable {
    /// A run that has just been trained and recorded.
    package struct RecordedRun: Sendable {
        package let id: Int64
        /// Its model's parameters, in the model's order.
        package let stepSchema: StepSchema
        package let outcome: RunOutcome

        init(_ run: Run, outcome: RunOutcome) {
            (id, stepSchema) = (run.id, run.plan.stepSchema)
            self.outcome = outcome
        }
    }

    /// Runs of a sweep that have not ended.
    package struct Remaining: Sendable {
        package let sweep: Int64
        /// Those that other processes are training included.
        package let runCount: Int
        package let stepCount: Int
    }

    package let store: Store
    private let writer: StepWriter
    let context: ProcessContext
    var origin: Provenance { context.origin }

    /// Trains into `store`, which is open for writing.
    ///
    /// `origin` is who makes the runs; `clock` gives nanoseconds since some fixed moment and never goes back; `isAlive`
    /// says whether another process still exists, and nil of one it cannot know; `isStopping`, asked after every step, says
    /// whether somebody wants this process to end.
    package init(
        _ store: Store, origin: Provenance, clock: @escaping @Sendable () -> Int,
        isAlive: @escaping @Sendable (ProcessIdentity) -> Bool? = { _ in nil },
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.store = store
        context = ProcessContext(origin: origin, clock: clock, isAlive: isAlive, isStopping: isStopping)
        writer = store.steps.makeWriter()
    }

    /// Commits what was recorded; nothing may be recorded afterwards.
    package func close() throws {
        try writer.close()
    }

    /// Trains one run and records it, as a fork of `parent` if it is one, telling `progress` now and then how far it is.
    package func record(
        _ run: PreparedRun, parent: Int64? = nil, name: String? = nil, tags: [String] = [], note: String? = nil,
        progress: (TrainingProgress) -> Void = { _ in }
    ) throws -> RecordedRun {
        if let name { try store.mustBeFree(name, isForSweep: false) }
        var builder = RunRowBuilder()
        let claimed = try store.runs.start(on: run.recordedData.dataset, tags: tags, note: note, as: origin) {
            dataset in
            try builder.plannedRun(run, datasetID: dataset, name: name, parent: parent)
        }
        return try train(claimed, on: run.data, progress: progress)
    }

    /// Queues all runs of a plan at once, and returns the sweep's number.
    package func queue(_ plan: SweepPlanner.Plan, name: String) throws -> Int64 {
        try store.mustBeFree(name, isForSweep: true)
        var builder = RunRowBuilder()
        let planned = PlannedDatasets(plan.runs)
        return try store.sweeps.create(
            SweepPlan(
                name: name, searchSpace: try plan.space.canonicalJSON(), sampler: plan.space.search.method.rawValue,
                seed: plan.space.search.seed, target: plan.space.target,
                budgetSteps: plan.budgetSteps, choosingSeeds: ConfigurationChoice.choosingSeeds(of: plan.space.seeds)),
            on: planned.datasets, provenance: origin
        ) { ids in
            try zip(plan.runs, planned.places).map { try builder.plannedRun($0, datasetID: ids[$1]) }
        }
    }

    /// Keeps what of a sweep was handed to Slurm.
    package func addSlurmJobs(_ jobs: SlurmJobs, toSweep sweep: Int64) throws {
        try store.sweeps.addSlurmJobs(jobs, ofSweep: sweep)
    }

    /// Trains a sweep's queued runs; `report` is called now and then from this thread, while workers train.
    ///
    /// Returns when every run of the sweep has ended, also those that other processes train; fails when the sweep is
    /// stopped, cancelled or interrupted before.
    package func runSweep(
        _ sweep: Int64, workers: Int, onFailure policy: FailurePolicy = .continue,
        report: (SweepRunner.Progress) -> Void = { _ in }
    ) throws -> SweepRunner.Progress {
        try SweepRunner(store: store, writer: writer, context: context, sweep: sweep, policy: policy)
            .run(workers: workers, report: report)
    }

    /// Queues the sweep's runs of this state again, and returns how many there are.
    package func retry(_ state: RunState, ofSweepNamed name: String) throws -> Int {
        try store.sweeps.requeue([state], ofSweep: store.sweeps.find(named: name).id)
    }

    /// Trains a run that this process has started.
    func train(_ run: Run, on data: TrainingData, progress: (TrainingProgress) -> Void) throws -> RecordedRun {
        let execution = RunExecution(writer: writer, clock: context.clock, isStopping: context.isStopping)
        let outcome = try execution.execute(run, data: data, progress: progress)
        try writer.confirm(run.id, attempt: run.attempt)
        guard let outcome else {
            throw ExperimentError(
                .interrupted,
                "run \(run.id) was interrupted",
                advice:
                    "its steps are recorded, and \(command: "run", options: [.init("resume", "\(run.id)")]) resumes it")
        }
        if outcome.state == .failed {
            throw ExperimentError(
                .trainingFailed,
                "run \(run.id) failed: \(outcome.stateReason ?? "no reason is known")")
        }
        return RecordedRun(run, outcome: outcome)
    }

    /// Makes the runs of dead workers ready to be trained again, and a stopped sweep's too.
    package func resume(sweepNamed name: String) throws -> Remaining {
        let sweep = try store.sweeps.find(named: name)
        guard sweep.state != .cancelled else {
            throw ExperimentError(cancelledSweep: name)
        }
        if sweep.state == .stopped { try store.sweeps.reopen(sweep.id) }
        _ = try nextRung(ofSweep: sweep.id)
        _ = try store.runs.requeueInterrupted(ofSweep: sweep.id, caller: origin.process, isAlive: context.isAlive)
        let waiting = try store.runs.all(ofSweep: sweep.id).filter { !$0.state.isFinal }
        return Remaining(
            sweep: sweep.id, runCount: waiting.count, stepCount: waiting.reduce(0) { $0 + $1.plan.steps })
    }

    /// Notes that this command resumes a sweep: of one whose runs were only queued, it is what trained them.
    package func recordResumption(ofSweep sweep: Int64) throws {
        try store.notes.addEvent("resumed", origin.command, to: .sweep(sweep))
    }
}

extension Store {
    /// Names are looked at before anything is stored, so that a refusal leaves nothing behind.
    package func mustBeFree(_ name: String, isForSweep: Bool) throws {
        guard let holder = try holder(ofName: name) else { return }
        var alternative: MessageText?
        if isForSweep, case .sweep(let id) = holder { alternative = continuation(of: try sweeps.find(id: id)) }
        throw TrackingError(nameTaken: name, by: holder, alternative: alternative)
    }

    /// How a sweep may have been meant to go on; nil where nothing is left to do.
    private func continuation(of sweep: Sweep) -> MessageText? {
        let name = sweep.plan.name
        guard sweep.state == .done else { return "finish it with \(command: "sweep resume", name)" }
        guard let space = try? SearchSpace(json: sweep.plan.searchSpace), space.search.method != .halving,
            let last = space.seeds.max(), last < .max
        else { return nil }
        return
            "add to it, such as a seed with \(command: "sweep extend", name, options: [.init("seeds", "\(last + 1)")])"
    }
}

extension ExperimentRunner {
    /// A run that was to be resumed.
    package struct ResumedRun: Sendable {
        package let run: RecordedRun
        package let scaling: Scaling
        /// Whether it had ended before, so that nothing was computed.
        package let hadEnded: Bool
    }

    /// Resumes an interrupted run.
    ///
    /// Trains it from its first step, on the configuration and the data that the notebook holds. What is computed is
    /// compared with the rows that are there, bit for bit: a different one is a `conflict` that names it, and none is
    /// overwritten. In the end the run has the rows it would have had without the interruption. A run that somebody still
    /// works on, or that cannot be finished, is a `conflict`.
    package func resume(_ run: Run, progress: (TrainingProgress) -> Void = { _ in }) throws -> ResumedRun {
        let data = try TrainingData(store.datasets.find(id: run.trainingData))
        if let outcome = try store.runs.outcome(of: run) {
            guard outcome.state == .done || outcome.state == .diverged else {
                throw TrackingError(
                    .conflict,
                    "run \(run.id) is \(outcome.state)\(outcome.stateReason.map { " (\($0))" } ?? ""), not interrupted; "
                        + "start another one with gradbook run")
            }
            return ResumedRun(run: RecordedRun(run, outcome: outcome), scaling: data.scaling, hadEnded: true)
        }
        _ = try run.configuration()
        let claimed = try store.runs.resume(run.id, as: origin, isAlive: context.isAlive)
        return ResumedRun(
            run: try train(claimed, on: data, progress: progress), scaling: data.scaling, hadEnded: false)
    }
}

/// The process that trains, and what it knows of the world around it.
struct ProcessContext: Sendable {
    let origin: Provenance
    /// Nanoseconds since some fixed moment, never going back.
    let clock: @Sendable () -> Int
    /// Whether another process still exists; nil of one it cannot know.
    let isAlive: @Sendable (ProcessIdentity) -> Bool?
    /// Whether somebody wants it to end; asked after every step.
    let isStopping: @Sendable () -> Bool
}
