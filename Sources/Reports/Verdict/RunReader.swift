import Statistics
import Theory
import Tracking

/// Reads of a run only what a comparison of values or times needs: results, the last tenth of the losses, and the steps up
/// to where a target is held.
///
/// A report reads all steps once and comes to the same outcomes (``ReportedRun``).
struct RunReader {
    private let store: Store
    private let target: ReportTarget
    /// Whether somebody named the target now, so that one out of reach is a mistake.
    private let isTargetDemanded: Bool
    /// One for each problem, because thousands of runs may share it.
    private var problems: [[String]: OptimizationProblem] = [:]
    private var datasets: [Int64: Dataset] = [:]

    init(_ store: Store, target: ReportTarget, isTargetDemanded: Bool) {
        (self.store, self.target, self.isTargetDemanded) = (store, target, isTargetDemanded)
    }

    /// What a run minimizes.
    mutating func problem(of run: Run) throws -> OptimizationProblem {
        let plan = run.plan
        let key = [String(plan.datasetID), plan.loss, plan.dtype, plan.model]
        if let known = problems[key] { return known }
        let dataset = try datasets[plan.datasetID] ?? store.datasets.find(id: plan.datasetID)
        datasets[plan.datasetID] = dataset
        let problem = OptimizationProblem(dataset, of: plan)
        problems[key] = problem
        return problem
    }

    /// The excess from which on a run has succeeded; nil where its problem has no such.
    mutating func success(of run: Run) throws -> Double? {
        let problem = try problem(of: run)
        return isTargetDemanded ? try target.excess(on: problem) : (try? target.excess(on: problem)) ?? nil
    }

    /// What a run came to by a measure.
    mutating func outcome(of run: Run, by quantity: ReportMeasure.Quantity, isUnpromoted: Bool) throws -> Outcome {
        guard !isUnpromoted, [.done, .diverged, .failed].contains(run.state) else { return .noResult }
        guard run.state == .done, try !isUnstable(run),
            let value = try value(of: run, by: quantity), !value.isNaN
        else { return .failure }
        return .value(value)
    }

    /// Whether a run that is done ended higher than it began.
    func isUnstable(_ run: Run) throws -> Bool { try !store.runs.unstable(among: [run]).isEmpty }

    // MARK: - Internals

    private mutating func value(of run: Run, by quantity: ReportMeasure.Quantity) throws -> Double? {
        switch quantity {
        case .loss: return run.finalLoss
        case .excess: return try finalExcess(of: run).map(problem(of: run).comparableExcess)
        case .time:
            guard let success = try success(of: run) else { return nil }
            return try holdingTime(of: run, at: success).held.map { Double(max(1, $0)) }
        }
    }

    private mutating func finalExcess(of run: Run) throws -> Double? {
        guard let objective = try problem(of: run).objective else { return nil }
        return try objective.surface.finalValues(store.runs.parameters(ofRun: run.id)).flatMap(objective.excess)
    }

    /// When a run that is done holds an excess; no step after that is read.
    private mutating func holdingTime(of run: Run, at success: Double) throws -> HoldingTime {
        var holding = HoldingTime()
        guard let objective = try problem(of: run).objective else { return holding }
        var step = RecordedStep(of: try store.steps.schema(ofRun: run.id), on: objective)
        try store.steps.forEach(ofRun: run.id, in: 0..<run.stepsDone) { row in
            step.read(row)
            if let excess = step.excess { holding.append(step: row.step, isMet: excess <= success) }
            return holding.held == nil
        }
        if holding.held == nil, let excess = try finalExcess(of: run) {
            holding.append(step: run.stepsDone, isMet: excess <= success)
            if run.stepsDone < run.plan.steps { holding.endEarly() }
        }
        return holding
    }
}
