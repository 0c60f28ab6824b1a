import Statistics
import TextFormats
import Theory
package import Tracking

/// The configuration of a sweep that did best over its seeds, and the one of its runs that did best.
package struct BestConfiguration: Sendable {
    /// What is best: always the lowest.
    package enum Criterion: String, Sendable, CaseIterable {
        /// The median over seeds of the final loss over all data.
        case finalLoss = "final_loss"
        /// The median over seeds of log10(final loss - its exact minimum).
        case excess
        /// The expected running time to the sweep's target: all steps spent divided by the number of successes.
        case expectedRunningTime = "ert"
    }

    /// The settings that tell it from the others, such as "lr 0.1, momentum 0.9".
    package let settings: String
    /// By which it is best.
    package let value: Double
    /// What counts as a success.
    package let target: String
    /// Seeds that have ended, and how many of them are done or diverged.
    package let seedCount: Int
    package let doneCount: Int
    package let divergedCount: Int
    /// Of the configuration's runs the best by the same criterion; of equals the one with the lowest seed.
    package let run: Run

    /// Compares a sweep's configurations on the runs that have ended; a run that is not done ranks behind every other.
    ///
    /// Without a `target` the sweep's own counts, else an excess of 1 % of the smallest loss. Reads results, and steps
    /// only for the running time: those up to the target. Throws where no configuration has anything to be ranked by.
    package init(
        ofSweep name: String, by criterion: Criterion, target: ReportTarget? = nil, in store: Store
    ) throws {
        let selection = try ReportSelection(.sweep(name), in: store, isAlive: { _ in true })
        let planned = selection.sweep?.plan.target.flatMap { try? ReportTarget(text: $0) }
        var score = Score(criterion, target: target ?? planned ?? .standard, isAsked: target != nil)
        let groups = Dictionary(grouping: selection.runs) { $0.plan.groupID }
        var best: Candidate?
        for (id, runs) in groups.sorted(by: { $0.key < $1.key }) {
            let limit = best?.value ?? .infinity
            let candidate = try Candidate(
                id: id, runs.filter(\.state.isFinal), by: &score, below: limit, in: store)
            if let candidate, candidate.value < limit { best = candidate }
        }
        guard let best else {
            throw ReportError(
                .nothingToReport,
                "no configuration of the sweep '\(name)' can be ranked by \(criterion.rawValue): "
                    + Self.reason(criterion, target: score.target),
                advice: criterion == .expectedRunningTime ? "give a larger one with \(option: "success")" : nil)
        }
        let configurations = groups.compactMapValues { runs in
            runs.first.map { ConfigurationFields(json: $0.plan.config, without: "seed") }
        }
        let fields = FieldComparison(of: Array(configurations.values))
        settings = configurations[best.id].map(fields.label) ?? best.run.plan.optimizer
        value = best.value
        self.target = score.target.text
        seedCount = best.runs.count
        doneCount = best.runs.count { $0.state == .done }
        divergedCount = best.runs.count { $0.state == .diverged }
        run = best.run
    }

    // MARK: - Internals

    /// A configuration that can be ranked.
    private struct Candidate {
        let id: String
        let runs: [Run]
        let value: Double
        let run: Run

        /// Nil where no run has ended, or the criterion says nothing of one of them.
        ///
        /// The value is exact if it is below `limit`, and else no lower than that.
        init?(
            id: String, _ runs: [Run], by score: inout Score, below limit: Double, in store: Store
        ) throws {
            guard let ranks = try score.ranks(of: runs, below: limit, in: store) else { return nil }
            guard let value = score.value(of: ranks),
                let best = ranks.min(by: { ($0.rank, $0.run.plan.seed) < ($1.rank, $1.run.plan.seed) })
            else { return nil }
            (self.id, self.runs, self.value, run) = (id, runs, value, best.run)
        }
    }

    private static func reason(_ criterion: Criterion, target: ReportTarget) -> MessageText {
        switch criterion {
        case .finalLoss: "in each at least half of the runs have ended without a final loss"
        case .excess:
            "in each at least half of the runs have ended without a final loss, or the minimum is not unique"
        case .expectedRunningTime: "no run has reached the target \(target.text)"
        }
    }
}

/// What a sweep's runs are ranked by, lowest first.
private struct Score {
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
        of runs: [Run], below best: Double, in store: Store
    ) throws -> [(rank: Double, run: Run)]? {
        var ranks: [(rank: Double, run: Run)] = []
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
    func value(of runs: [(rank: Double, run: Run)]) -> Double? {
        guard criterion == .expectedRunningTime else { return OrderStatistics(runs.map(\.rank)).median }
        return ExpectedRunningTime.of(
            runs.map { RunningTime(reached: $0.rank.isFinite ? Int($0.rank) : nil, budget: $0.run.plan.steps) })
    }

    // MARK: - Internals

    private mutating func rank(of run: Run, within allowance: Double, in store: Store) throws -> Double? {
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

    private mutating func problem(of run: Run, in store: Store) throws -> OptimizationProblem {
        let id = run.plan.datasetID
        let dataset = try datasets[id] ?? store.datasets.find(id: id)
        datasets[id] = dataset
        return OptimizationProblem(dataset, of: run.plan)
    }

    private func finalExcess(of run: Run, _ objective: Objective, in store: Store) throws -> Double? {
        guard run.state == .done else { return nil }
        return try objective.surface.finalValues(store.runs.parameters(ofRun: run.id)).flatMap(objective.excess)
    }

    /// After how many updates the excess was first at or below the target; only a run that is done can succeed.
    private func firstStep(
        of run: Run, before limit: Int, at target: Double, _ objective: Objective, in store: Store
    ) throws -> Int? {
        guard run.state == .done else { return nil }
        let hit = try store.steps.first(ofRun: run.id, before: limit) { parameters in
            objective.excess(at: parameters).map { $0 <= target } ?? false
        }
        guard hit == nil, limit >= run.stepsDone else { return hit }
        let final = try finalExcess(of: run, objective, in: store)
        return final.map { $0 <= target } == true ? run.stepsDone : nil
    }
}
