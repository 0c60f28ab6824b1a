import Tracking

/// Everything a report is made of, read from the notebook once.
struct ReportData: Sendable {
    let title: String
    /// The sweep's plan, if the report is on a sweep.
    let sweep: StoredSweep?
    let runs: [ReportedRun]
    /// By median final loss, best first; a group whose median run is not done comes last.
    let groups: [ConfigurationGroup]

    /// Reads the runs of `selection` from `store`, handing each run's steps to `eachRun` on the way.
    init(
        _ selection: ReportSelection, in store: Store,
        eachRun: (StoredRun, ProblemCurvature, [QuadraticStep]) throws -> Void
    ) throws {
        title = selection.title
        sweep = selection.sweep
        var datasets: [Int64: Dataset] = [:]
        var runs: [ReportedRun] = []
        for run in selection.runs {
            let dataset = try datasets[run.plan.datasetID] ?? store.dataset(id: run.plan.datasetID)
            datasets[run.plan.datasetID] = dataset
            let curvature = ProblemCurvature(dataset, loss: run.plan.loss)
            let steps = try store.steps(ofRun: run.id)
            try eachRun(run, curvature, steps)
            var trajectory = TrajectoryReader(curvature, stepCount: run.plan.steps)
            for step in steps { trajectory.read(step) }
            runs.append(
                ReportedRun(
                    run: run, configuration: ConfigurationFields(json: run.plan.config), curvature: curvature,
                    dataset: dataset, parameters: try store.parameters(ofRun: run.id), firstLoss: trajectory.firstLoss,
                    curve: trajectory.curve,
                    trajectoryHash: trajectory.trajectoryHash))
        }
        self.runs = runs
        groups = Dictionary(grouping: runs) { $0.run.plan.configID }
            .map { ConfigurationGroup(id: $0.key, runs: $0.value) }
            .sorted { ($0.losses.median ?? .infinity, $0.id) < ($1.losses.median ?? .infinity, $1.id) }
    }

    /// The fields that differ among the configurations that have them: optimizer, learning rate and batch size first,
    /// then the others in alphabetical order.
    var varyingFields: [String] {
        let first = ["optimizer.name", "optimizer.lr", "batch_size"]
        let varying = fieldNames.filter { values(of: $0).count > 1 }
        return first.filter(varying.contains) + varying.filter { !first.contains($0) }
    }

    /// The fields that are the same in all configurations that have them, with their value.
    var constantFields: [(name: String, value: String)] {
        fieldNames.compactMap { name in
            let values = values(of: name)
            return values.count == 1 ? values.first.map { (name, $0) } : nil
        }
    }

    /// In alphabetical order; the seed is no part of a configuration.
    private var fieldNames: [String] {
        Set(groups.flatMap { $0.configuration.fields.map(\.name) }).subtracting(["seed"]).sorted()
    }

    private func values(of name: String) -> Set<String> {
        Set(groups.compactMap { $0.configuration[name] })
    }

    /// The optimizers in alphabetical order, each with its runs.
    var optimizers: [(name: String, runs: [ReportedRun])] {
        Dictionary(grouping: runs) { $0.run.plan.optimizer }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
