import Learning
package import Tracking

/// An open notebook file into which runs are trained.
package final class Notebook: Sendable {
    /// A run that has just been trained and recorded.
    package struct RecordedRun: Sendable {
        package let id: Int64
        package let outcome: RunOutcome
    }

    /// Runs of a sweep that have not ended.
    package struct Remaining: Sendable {
        package let sweep: Int64
        package let runCount: Int
        package let stepCount: Int
    }

    private let store: Store
    private let writer: StepWriter
    private let origin: Provenance
    private let clock: @Sendable () -> Int

    /// Trains into `store`, which is open for writing.
    ///
    /// `origin` is who makes the runs; `clock` gives nanoseconds since some fixed moment and never goes back.
    package init(_ store: Store, origin: Provenance, clock: @escaping @Sendable () -> Int) {
        self.store = store
        self.origin = origin
        self.clock = clock
        writer = store.makeStepWriter()
    }

    /// Refuses what cannot stand in one line of a listing, in a folder's name and on a command line.
    package static func checkName(_ name: String) throws(ExperimentError) {
        let isBlank = name.allSatisfy(\.isWhitespace)
        guard !isBlank, name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw ExperimentError(
                .invalidValue,
                "'\(name.debugDescription.dropFirst().dropLast())' is no name; give one with letters and without line breaks"
            )
        }
        guard Int64(name) == nil else {
            throw ExperimentError(
                .invalidValue,
                "'\(name)' is no name: a whole number means the run of that number; give one with letters")
        }
    }

    /// Commits what was recorded; nothing may be recorded afterwards.
    package func close() throws {
        try writer.close()
    }

    /// Trains one run and records it, telling `progress` now and then how many steps are done.
    package func record(
        _ run: PreparedRun, name: String? = nil, tags: [String] = [], note: String? = nil,
        progress: (Int) -> Void = { _ in }
    ) throws -> RecordedRun {
        if let name { try store.mustBeFree(runName: name) }
        var planner = RunPlanner()
        let claimed = try store.startRun(on: planner.dataset(of: run), tags: tags, note: note, as: origin) { dataset in
            try planner.plannedRun(run, datasetID: dataset, name: name)
        }
        var stepsDone = 0
        let outcome = try RunExecution(writer: writer, clock: clock).execute(claimed, data: run.data) { steps in
            stepsDone += steps
            progress(stepsDone)
        }
        try writer.confirm(claimed.id, attempt: claimed.attempt)
        return RecordedRun(id: claimed.id, outcome: outcome)
    }

    /// Queues all runs of a plan at once, and returns the sweep's number.
    package func queue(_ plan: SweepPlanner.Plan, name: String) throws -> Int64 {
        try store.mustBeFree(sweepName: name)
        var planner = RunPlanner()
        var datasets: [Dataset] = []
        var places: [String: Int] = [:]
        let placesOfRuns = plan.runs.map { run in
            let dataset = planner.dataset(of: run)
            if let place = places[dataset.contentHash] { return place }
            places[dataset.contentHash] = datasets.count
            datasets.append(dataset)
            return datasets.count - 1
        }
        return try store.createSweep(
            SweepPlan(name: name, searchSpace: try plan.space.canonicalJSON(), sampler: "grid"), on: datasets,
            provenance: origin
        ) { ids in
            try zip(plan.runs, placesOfRuns).map { try planner.plannedRun($0, datasetID: ids[$1]) }
        }
    }

    /// Keeps what happened to a sweep.
    package func addEvent(_ kind: String, _ message: String, toSweep sweep: Int64) throws {
        try store.addEvent(kind, message, to: .sweep(sweep))
    }

    /// Carries out a sweep's queued runs; `report` is called now and then from this thread, while workers go on.
    package func carryOut(
        sweep: Int64, workers: Int, report: (SweepRunner.Progress) -> Void = { _ in }
    ) throws -> SweepRunner.Progress {
        try SweepRunner(store: store, writer: writer, worker: origin, clock: clock)
            .run(sweep: sweep, workers: workers, report: report)
    }

    /// Makes the runs of dead workers ready to be trained again; `isAlive` says whether a process still exists.
    package func requeueInterrupted(
        inSweep name: String, isAlive: (ProcessIdentity) -> Bool?
    ) throws -> Remaining {
        let sweep = try store.sweep(named: name).id
        _ = try store.requeueInterruptedRuns(ofSweep: sweep, isAlive: isAlive)
        let queued = try store.runs(ofSweep: sweep).filter { $0.state == .queued }
        return Remaining(
            sweep: sweep, runCount: queued.count, stepCount: queued.reduce(0) { $0 + $1.plan.steps })
    }
}

extension Store {
    /// Names are looked at before anything is stored, so that a refusal leaves nothing behind.
    fileprivate func mustBeFree(runName name: String) throws {
        guard let taken = try runID(named: name) else { return }
        throw TrackingError(.nameTaken, "the name '\(name)' belongs to run \(taken); choose another --name")
    }

    fileprivate func mustBeFree(sweepName name: String) throws {
        guard try sweeps().contains(where: { $0.plan.name == name }) else { return }
        throw TrackingError(
            .nameTaken,
            "there is a sweep '\(name)' already; choose another name, or finish it with gradbook sweep resume \(name)")
    }
}
