import Learning
package import Tracking

/// Trains stored runs again and compares every stored bit.
///
/// What no training decides is left out: names, times, tags, notes, who made the run, and the elapsed time of steps. A
/// data set is compared with the first run that trained on it.
package struct Verifier {
    private let store: Store
    private var datasets: [Int64: DataVerification] = [:]
    private var planner = RunPlanner()

    package init(_ store: Store) {
        self.store = store
    }

    /// Verifies a run, in whatever state it is: of one that has not ended, the steps recorded so far.
    package mutating func verify(_ run: StoredRun) throws -> RunVerification {
        var verification = RunVerification(run: run.id)
        let check = ConfigurationVerification(run)
        check.note(in: &verification)
        guard let configuration = check.configuration else { return verification }
        verification.platformFunctions = PlatformFunctions.used(by: configuration)
        guard let data = try data(of: run, configuration, &verification) else { return verification }
        let row = try store.storedValues(ofRun: run.id)
        try comparePlan(run, configuration, data, row, &verification)
        try compareTraining(run, configuration, data.data, row, &verification)
        return verification
    }

    // MARK: - Internals

    /// What the run trained on, compared when it is met for the first time.
    private mutating func data(
        of run: StoredRun, _ configuration: RunConfiguration, _ verification: inout RunVerification
    ) throws -> RecordedData? {
        let id = run.plan.datasetID
        if let known = datasets[id] { return known.recorded }
        guard try !store.storedValues(ofDataset: id).isEmpty else {
            verification.compare("dataset_id", .integer(id), .null)
            return nil
        }
        let dataset = try DataVerification(ofDataset: id, configuration, in: store)
        datasets[id] = dataset
        dataset.note(in: &verification)
        return dataset.recorded
    }

    /// The columns of `runs` that repeat the configuration.
    private mutating func comparePlan(
        _ run: StoredRun, _ configuration: RunConfiguration, _ data: RecordedData, _ row: [String: QueryValue],
        _ verification: inout RunVerification
    ) throws {
        let plan = try planner.plannedRun(
            PreparedRun(configuration: configuration, recipe: nil, data: data), datasetID: run.plan.datasetID)
        verification.compare("", row, plan.storedColumns)
        if let recipe = run.plan.recipe, Recipe(rawValue: recipe) == nil {
            verification.compare("recipe", .text(recipe), .null)
        }
    }

    private func compareTraining(
        _ run: StoredRun, _ configuration: RunConfiguration, _ data: TrainingData, _ row: [String: QueryValue],
        _ verification: inout RunVerification
    ) throws {
        var steps = ComputedSteps(configuration, data: data)
        try store.forEachStoredStep(ofRun: run.id) { stored in
            verification.stepCount += 1
            let before = verification.discrepancyCount
            let step = stored.number
            verification.lastStep = step
            while let missing = steps.next(before: step) {
                verification.compare("step", step: missing.step, .null, .integer(Int64(missing.step)))
            }
            if let computed = steps.next(at: step).map({ StoredStep($0) }) {
                guard stored != computed else { return }
                for (stored, computed) in zip(stored.columns, computed.columns) {
                    verification.compare(stored.name, step: step, stored.value, computed.value)
                }
            } else {
                verification.compare("step", step: step, stored.step, .null)
            }
            if verification.discrepancyCount > before {
                verification.differingSteps += 1
                verification.firstDifferingStep = verification.firstDifferingStep ?? step
            }
        }
        guard [.done, .diverged, .failed].contains(run.state) else { return }
        while let missing = steps.next(before: .max) {
            verification.compare("step", step: missing.step, .null, .integer(Int64(missing.step)))
        }
        let outcome = steps.outcome()
        verification.compare("", row, outcome.storedColumns)
        try compareParameters(run, outcome, &verification)
    }

    private func compareParameters(
        _ run: StoredRun, _ outcome: RunOutcome, _ verification: inout RunVerification
    ) throws {
        var stored: [String: [String: QueryValue]] = [:]
        for row in try store.storedParameters(ofRun: run.id) {
            if case .text(let name)? = row["name"] { stored[name] = row }
        }
        for parameter in outcome.parameters {
            let average = parameter.average.map { [$0] } ?? []
            let name = parameter.name
            verification.compare(
                "run_parameters[\(name)].", stored[name] ?? [:],
                [
                    "name": .text(name), "initial": QueryValue(kept: parameter.initial),
                    "final": QueryValue(kept: parameter.final),
                    "average": QueryValue(kept: parameter.average ?? .nan),
                    "bits": QueryValue(bitsOf: [parameter.initial, parameter.final] + average),
                ])
            stored[name] = nil
        }
        for name in stored.keys.sorted() {
            verification.compare("run_parameters[\(name)].name", .text(name), .null)
        }
    }
}

extension PlannedRun {
    fileprivate var storedColumns: [String: QueryValue] {
        [
            "model": .text(model), "optimizer": .text(optimizer), "learning_rate": QueryValue(kept: learningRate),
            "batch_size": .integer(Int64(batchSize)), "seed": .integer(seed), "loss": .text(loss),
            "dtype": .text(dtype), "gradients": .text(gradients), "steps": .integer(Int64(steps)),
            "parent_step": .optional(parentStep),
            "config_id": .text(configID),
        ]
    }
}

extension RunOutcome {
    fileprivate var storedColumns: [String: QueryValue] {
        [
            "state": .text(state.rawValue), "steps_done": .integer(Int64(stepsDone)),
            "first_bad_step": .optional(firstBadStep), "reason": .optional(reason),
            "stop_reason": .optional(stopReason),
            "evaluations": .optional(evaluations), "final_loss": QueryValue(kept: finalLoss),
            "best_loss": QueryValue(kept: bestLoss), "best_step": .optional(bestStep),
            "bits": QueryValue(bitsOf: [finalLoss, bestLoss]),
        ]
    }
}

extension QueryValue {
    static func optional(_ text: String?) -> QueryValue { text.map { .text($0) } ?? .null }
    static func optional(_ integer: Int?) -> QueryValue { integer.map { .integer(Int64($0)) } ?? .null }
}
