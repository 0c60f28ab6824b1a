import Learning
package import Tracking

/// Trains stored runs again and compares every stored bit.
///
/// What no training decides is left out: names, times, tags, notes, who made the run, and the elapsed time of steps. A
/// data set is compared with the first run that trained on it.
package struct Verifier {
    private let store: Store
    private var datasets: [DatasetKey: DataVerification] = [:]
    private var builder = RunRowBuilder()

    private struct DatasetKey: Hashable {
        let id: Int64
        let data: DataKey
    }

    package init(_ store: Store) {
        self.store = store
    }

    /// Verifies a run, in whatever state it is: of one that has not ended, the steps recorded so far.
    package mutating func verify(_ run: Run) throws -> RunVerification {
        try run.mustBeTrained()
        var verification = RunVerification(run: run.id)
        let check = try ConfigurationVerification(run, stored: store.runs.storedConfiguration(ofRun: run.id))
        check.note(in: &verification)
        guard let configuration = check.configuration else { return verification }
        verification.platformFunctions = PlatformFunctions.used(by: configuration)
        let id = try run.trainingData
        let before = verification
        try compare(run, configuration, onDataset: id, &verification)
        guard verification.discrepancyCount > before.discrepancyCount else { return verification }
        for other in try otherDatasets(of: run, configuration, verification) {
            var attempt = before
            try compare(run, configuration, onDataset: other, &attempt)
            guard attempt.discrepancyCount == before.discrepancyCount else { continue }
            attempt.compare("dataset_id", .integer(id), .integer(other))
            return attempt
        }
        return verification
    }

    // MARK: - Internals

    private mutating func compare(
        _ run: Run, _ configuration: RunConfiguration, onDataset id: Int64, _ verification: inout RunVerification
    ) throws {
        guard try !store.datasets.storedValues(ofDataset: id).isEmpty else {
            verification.compare("dataset_id", .integer(id), .lost)
            verification.hasLostData = true
            return
        }
        guard let data = try data(ofDataset: id, configuration, &verification) else {
            verification.hasLostData = true
            return
        }
        let row = try store.runs.storedValues(ofRun: run.id)
        try comparePlan(run, configuration, data, row, &verification)
        try compareTraining(run, configuration, data.data, row, &verification)
    }

    /// What the run trained on, compared when it is met for the first time.
    private mutating func data(
        ofDataset id: Int64, _ configuration: RunConfiguration, _ verification: inout RunVerification
    ) throws -> RecordedData? {
        let key = DatasetKey(id: id, data: DataKey(configuration))
        if let known = datasets[key] { return known.recorded }
        let dataset = try DataVerification(ofDataset: id, configuration, in: store)
        datasets[key] = dataset
        dataset.note(in: &verification)
        return dataset.recorded
    }

    /// Where else the run's data may be, if it refers to data that are not its own.
    private func otherDatasets(
        of run: Run, _ configuration: RunConfiguration, _ verification: RunVerification
    ) throws -> [Int64] {
        switch configuration.data {
        case .chapter:
            let data = try RecordedData(.chapter(for: configuration), of: configuration, source: "")
            return try store.datasets.ids(contentHash: data.dataset.contentHash).filter { $0 != run.plan.datasetID }
        case .csv(_, let x, let y, _, _):
            guard verification.hasLostData || verification.firstDifferingStep == configuration.fork?.step ?? 0 else {
                return []
            }
            return try store.datasets.ids(xColumn: x, yColumn: y).filter { $0 != run.plan.datasetID }
        }
    }

    /// The columns of `runs` that the configuration decides and that are not generated from it.
    private mutating func comparePlan(
        _ run: Run, _ configuration: RunConfiguration, _ data: RecordedData, _ row: [String: SQLValue],
        _ verification: inout RunVerification
    ) throws {
        let plan = try builder.plannedRun(
            PreparedRun(configuration: configuration, recipe: nil, data: data), datasetID: run.trainingData)
        verification.compare("", row, plan.storedColumns)
        if let recipe = run.plan.recipe, Recipe(rawValue: recipe) == nil {
            verification.compare("recipe", .text(recipe), .null)
        }
        try compareParent(run, configuration, &verification)
    }

    /// A fork comes from the run of which its configuration tells, unless that was deleted.
    private func compareParent(
        _ run: Run, _ configuration: RunConfiguration, _ verification: inout RunVerification
    ) throws {
        guard let id = run.plan.parentRunID else { return }
        guard let origin = configuration.fork?.parent else {
            verification.compare("parent_run_id", .integer(id), .null)
            return
        }
        let candidates = try store.runs.ids(configHash: ContentHash.sha256(of: origin.canonicalJSON()))
        guard !candidates.contains(id) else { return }
        // Its sweep may have lengthened it since.
        let text = String(decoding: try store.runs.storedConfiguration(ofRun: id), as: UTF8.self)
        var parent = try? RunConfiguration(json: text)
        parent?.steps = origin.steps
        if parent != origin {
            verification.compare("parent_run_id", .integer(id), candidates.first.map { .integer($0) } ?? .lost)
        }
    }

    private func compareTraining(
        _ run: Run, _ configuration: RunConfiguration, _ data: TrainingData, _ row: [String: SQLValue],
        _ verification: inout RunVerification
    ) throws {
        var steps = ComputedSteps(configuration, data: data)
        try store.steps.forEachStored(ofRun: run.id) { stored in
            verification.stepCount += 1
            let before = verification.discrepancyCount
            let step = stored.number
            verification.lastStep = step
            while let missing = steps.next(before: step) {
                verification.compare("step", step: missing.step, .null, .integer(Int64(missing.step)))
            }
            if let computed = steps.next(at: step).map({ StoredStep($0, as: stored.schema) }) {
                guard stored != computed else { return }
                for (stored, computed) in zip(stored.columns, computed.columns) {
                    verification.compare(stored.name, step: step, stored.value, computed.value)
                }
            } else {
                verification.compare("step", step: step, stored.values[0], .null)
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
        verification.compare("", row, outcome.storedColumns(besides: row))
        try compareParameters(run, outcome, &verification)
    }

    private func compareParameters(
        _ run: Run, _ outcome: RunOutcome, _ verification: inout RunVerification
    ) throws {
        var stored: [String: [String: SQLValue]] = [:]
        for row in try store.runs.storedParameters(ofRun: run.id) {
            if case .text(let name)? = row["name"] { stored[name] = row }
        }
        for parameter in outcome.parameters {
            let average = parameter.average.map { [$0] } ?? []
            let name = parameter.name
            verification.compare(
                "run_parameters[\(name)].", stored[name] ?? [:],
                [
                    "name": .text(name), "initial": SQLValue(kept: parameter.initial),
                    "final": SQLValue(kept: parameter.final),
                    "average": SQLValue(kept: parameter.average ?? .nan),
                    "ieee_bytes": SQLValue(bytesOf: [parameter.initial, parameter.final] + average),
                ])
            stored[name] = nil
        }
        for name in stored.keys.sorted() {
            verification.compare("run_parameters[\(name)].name", .text(name), .null)
        }
    }
}

extension NewRun {
    fileprivate var storedColumns: [String: SQLValue] {
        [
            "batch_size": .integer(Int64(batchSize)), "parent_step": .optional(parentStep), "group_id": .text(groupID),
        ]
    }
}

extension RunOutcome {
    /// The columns as they are stored beside the others of `row`, which may come from a release that did not compute the
    /// initial loss.
    fileprivate func storedColumns(besides row: [String: SQLValue]) -> [String: SQLValue] {
        var hasInitialLoss = row["initial_loss"] != .null
        if case .blob(let bytes)? = row["ieee_bytes"] { hasInitialLoss = hasInitialLoss || bytes.count == 3 * 8 }
        let initial = hasInitialLoss ? initialLoss.map { [$0] } ?? [] : []
        return [
            "state": .text(state.rawValue), "steps_done": .integer(Int64(stepsDone)),
            "diverged_step": .optional(divergedStep), "state_reason": .optional(stateReason),
            "stop_reason": .optional(stopReason),
            "evaluations": .optional(evaluations), "initial_loss": initial.first.map { SQLValue(kept: $0) } ?? .null,
            "final_loss": SQLValue(kept: finalLoss),
            "best_loss": SQLValue(kept: bestLoss), "best_step": .optional(bestStep),
            "ieee_bytes": SQLValue(bytesOf: [finalLoss, bestLoss] + initial),
        ]
    }
}

extension SQLValue {
    static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    static func optional(_ integer: Int?) -> SQLValue { integer.map { .integer(Int64($0)) } ?? .null }
}

/// A run's steps computed again, to be compared with stored ones of which some may be missing.
private struct ComputedSteps {
    private var training: Result<RunTraining, any Error>
    /// Computed, and not handed out yet.
    private var waiting: StepRow?
    private var count = 0

    init(_ configuration: RunConfiguration, data: TrainingData) {
        training = Result { try RunTraining(configuration, data: data) }
    }

    /// The next step if it comes before `step`.
    mutating func next(before step: Int) -> StepRow? {
        next { $0 < step }
    }

    /// The next step if it is `step`.
    mutating func next(at step: Int) -> StepRow? {
        next { $0 == step }
    }

    /// How the run ends, as a run that cannot be trained too.
    mutating func outcome() -> RunOutcome {
        do {
            var training = try training.get()
            return try training.outcome()
        } catch {
            return RunOutcome(failedAfter: count, because: error)
        }
    }

    private mutating func next(where isWanted: (Int) -> Bool) -> StepRow? {
        if waiting == nil {
            waiting = compute()
            if waiting != nil { count += 1 }
        }
        guard let step = waiting, isWanted(step.step) else { return nil }
        waiting = nil
        return step
    }

    private mutating func compute() -> StepRow? {
        guard case .success(var current) = training else { return nil }
        // Left out of the result while it is trained, so that nothing is copied.
        training = .failure(CancellationError())
        do {
            var values: [Double] = []
            let step = try current.next(into: &values)
            training = .success(current)
            return step.map { StepRow(step: $0.step, epoch: $0.epoch, elapsedNanoseconds: 0, values: values) }
        } catch {
            training = .failure(error)
            return nil
        }
    }
}
