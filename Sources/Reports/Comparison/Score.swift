import Statistics
import Theory
import Tracking

/// What a sweep's runs are ranked by, lowest first.
struct Score {
    let target: ReportTarget
    private let criterion: BestConfiguration.Criterion
    /// Whether the target was asked for, so that one out of reach is a mistake.
    private let isAsked: Bool
    /// Read once each, because thousands of runs may share one.
    private var datasets: [Int64: Dataset] = [:]

    init(_ criterion: BestConfiguration.Criterion, target: ReportTarget, isAsked: Bool) {
        (self.criterion, self.target, self.isAsked) = (criterion, target, isAsked)
    }

    /// The runs' own ranks: infinite for one that is not done; nil where the criterion says nothing of one's problem.
    ///
    /// A configuration whose value is not below `best` may get other ranks that say the same: the search for a target
    /// ends where that is known.
    mutating func ranks(
        of runs: [StoredRun], below best: Double, in store: Store
    ) throws -> [(rank: Double, run: StoredRun)]? {
        var ranks: [(rank: Double, run: StoredRun)] = []
        // All runs together may take so many steps.
        var allowance = best * Double(runs.count)
        for run in runs {
            guard let rank = try rank(of: run, within: allowance, in: store) else { return nil }
            allowance -= rank.isFinite ? rank : Double(run.plan.steps)
            ranks.append((rank, run))
        }
        return ranks
    }

    /// What a configuration is ranked by; nil without runs.
    func value(of runs: [(rank: Double, run: StoredRun)]) -> Double? {
        guard criterion == .expectedRunningTime else { return OrderStatistics(runs.map(\.rank)).median }
        return ExpectedRunningTime.of(
            runs.map { RunningTime(reached: $0.rank.isFinite ? Int($0.rank) : nil, budget: $0.run.plan.steps) })
    }

    // MARK: - Internals

    private mutating func rank(of run: StoredRun, within allowance: Double, in store: Store) throws -> Double? {
        switch criterion {
        case .finalLoss:
            guard run.state == .done, let loss = run.finalLoss, !loss.isNaN else { return .infinity }
            return loss
        case .excess:
            guard let objective = try problem(of: run, in: store).objective, objective.optimum != nil else {
                return nil
            }
            guard let value = try finalExcess(of: run, objective, in: store), !value.isNaN else { return .infinity }
            return Log10.of(value)
        case .expectedRunningTime:
            let problem = try problem(of: run, in: store)
            let success = isAsked ? try target.excess(on: problem) : (try? target.excess(on: problem)) ?? nil
            guard let success, let objective = problem.objective else { return nil }
            let limit = Int(max(0, min(allowance.rounded(.up), Double(run.stepsDone))))
            let step = try firstStep(of: run, before: limit, at: success, objective, in: store)
            return step.map(Double.init) ?? .infinity
        }
    }

    private mutating func problem(of run: StoredRun, in store: Store) throws -> OptimizationProblem {
        let id = run.plan.datasetID
        let dataset = try datasets[id] ?? store.dataset(id: id)
        datasets[id] = dataset
        return OptimizationProblem(dataset, of: run.plan)
    }

    private func finalExcess(of run: StoredRun, _ objective: Objective, in store: Store) throws -> Double? {
        guard run.state == .done else { return nil }
        return try objective.surface.finalValues(store.parameters(ofRun: run.id)).flatMap(objective.excess)
    }

    /// After how many updates the excess was first at or below the target; only a run that is done can succeed.
    private func firstStep(
        of run: StoredRun, before limit: Int, at target: Double, _ objective: Objective, in store: Store
    ) throws -> Int? {
        guard run.state == .done else { return nil }
        let hit = try store.firstStep(ofRun: run.id, before: limit) { parameters in
            objective.excess(at: parameters).map { $0 <= target } ?? false
        }
        guard hit == nil, limit >= run.stepsDone else { return hit }
        let final = try finalExcess(of: run, objective, in: store)
        return final.map { $0 <= target } == true ? run.stepsDone : nil
    }
}
