import Statistics
import Theory
import Tracking

/// Reads of a run only what a comparison of values or times needs: results, and the steps up to where a target is held.
///
/// A report reads all steps once and comes to the same outcomes (``ReportedRun``).
struct RunReader {
    private let store: Store
    private let target: ReportTarget
    /// Whether somebody named the target now, so that one out of reach is a mistake.
    private let isTargetDemanded: Bool
    private var problems: ProblemReader

    init(_ store: Store, target: ReportTarget, isTargetDemanded: Bool) {
        (self.store, self.target, self.isTargetDemanded) = (store, target, isTargetDemanded)
        problems = ProblemReader(store)
    }

    /// What a run minimizes.
    mutating func problem(of run: Run) throws -> OptimizationProblem { try problems.problem(of: run) }

    /// The excess from which on a run has succeeded; nil where its problem has no such.
    mutating func success(of run: Run) throws -> Double? {
        let problem = try problem(of: run)
        return isTargetDemanded ? try target.excess(on: problem) : (try? target.excess(on: problem)) ?? nil
    }

    /// A run's number by a measure; nil where it has none.
    mutating func value(of run: Run, by quantity: ReportMeasure.Quantity) throws -> Double? {
        switch quantity {
        case .loss: return run.finalLoss
        case .excess: return try finalExcess(of: run).map(problem(of: run).comparableExcess)
        case .time:
            guard let success = try success(of: run), let objective = try problem(of: run).objective else { return nil }
            let final = try objective.surface.finalValues(store.runs.parameters(ofRun: run.id))
            let holding = try HoldingTime(of: run, at: success, on: objective, final: final, in: store)
            return holding.held.map { Double(max(1, $0)) }
        }
    }

    private mutating func finalExcess(of run: Run) throws -> Double? {
        guard let objective = try problem(of: run).objective else { return nil }
        return try objective.surface.finalValues(store.runs.parameters(ofRun: run.id)).flatMap(objective.excess)
    }
}
