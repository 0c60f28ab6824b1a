import Statistics
import Tracking

/// One side of a comparison: an optimizer at the best of its configurations, or one configuration of the only optimizer.
struct Arm: Sendable {
    /// Tells it from the other arms.
    let name: String
    let group: ConfigurationGroup
    /// The runs that are reported, in the order of their seeds: not those on which the configuration was chosen.
    let runs: [ReportedRun]
    /// All configurations of this optimizer, among which the best one was chosen.
    let candidates: [ConfigurationGroup]
    /// How many configurations those are: one that halving trained in several rungs counts once.
    let triedCount: Int
    let choice: ArmChoice.Kind

    /// Whether the choice was made on the very runs that are reported.
    var isOptimistic: Bool { ![.onlyOne, .onOtherSeeds].contains(choice) }

    var statistics: ArmStatistics { ArmStatistics(runs) }

    var seedsOfResults: Set<Int64> { Set(runs.filter(\.hasResult).map(\.seed)) }

    /// The learning rates that were tried, in ascending order.
    var learningRates: [Double] {
        Set(candidates.map { $0.best.run.plan.learningRate }).sorted()
    }

    /// Whether the chosen learning rate is the smallest or the largest that was tried: a better one may lie beyond.
    var isAtEdge: Bool {
        let rates = learningRates
        guard rates.count > 1, runs.contains(where: \.hasResult) else { return false }
        let rate = group.best.run.plan.learningRate
        return rate == rates[0] || rate == rates[rates.count - 1]
    }

    /// The excess around which its runs scatter in the end; nil where that is not known.
    var noiseFloor: Double? {
        runs.first.flatMap { run in
            NoiseLevel.of(run.run, by: run.method, on: run.problem.objective, count: runs.count) {
                runs.compactMap(\.settledExcess)
            }
        }
    }

    /// How many noise floors its target is; nil without either.
    var targetInFloors: Double? {
        guard let target = runs.first?.success, let noiseFloor, noiseFloor > 0 else { return nil }
        return target / noiseFloor
    }

    /// Its runs as a comparison sees them, after at most so many steps.
    func outcomes(_ quantity: ReportMeasure.Quantity, after cut: Int?) -> Statistics.Arm {
        Statistics.Arm(
            runs.map { run in
                .init(seed: run.seed, outcome: run.outcome(quantity, after: cut), trajectory: run.trajectoryHash)
            })
    }
}

/// What a set of runs of one configuration amounts to.
///
/// Runs without a result count in nothing but `plannedCount`.
struct ArmStatistics: Sendable {
    /// Of the runs with a result; empty without a target.
    ///
    /// As in all numbers here, of several that did exactly the same one counts.
    let times: [RunningTime]
    /// log10 of the final excess, infinite for a failure; empty where a minimum is not unique.
    let logExcesses: OrderStatistics
    /// Final losses, likewise.
    let losses: OrderStatistics
    let plannedCount: Int
    /// How many have ended, well or not, each trajectory once.
    let resultCount: Int
    /// How many results are left out because another run did exactly the same.
    let repeatedCount: Int
    /// How many of these failed, however.
    let failureCount: Int
    let doneCount: Int
    let divergedCount: Int
    let unstableCount: Int
    let distinctCount: Int

    init(_ runs: [ReportedRun]) {
        let ended = runs.distinctResults
        repeatedCount = runs.count(where: \.hasResult) - ended.count
        let times = ended.compactMap(\.time)
        self.times = times.count == ended.count ? times : []
        let excesses = ended.compactMap(\.rankedLogExcess)
        logExcesses = OrderStatistics(excesses.count == ended.count ? excesses : [])
        losses = OrderStatistics(ended.map(\.rankedLoss))
        plannedCount = runs.count
        resultCount = ended.count
        failureCount = ended.count { !$0.hasValue }
        doneCount = runs.count { $0.isDone }
        divergedCount = runs.count { $0.run.state == .diverged }
        unstableCount = runs.count { $0.isUnstable }
        distinctCount = runs.distinctTrajectoryCount
    }

    var successCount: Int { times.count { !$0.isCensored } }
    /// Nil without a target.
    var expectedTime: Double? { ExpectedRunningTime.of(times) }

    private var sortedTimes: OrderStatistics {
        OrderStatistics(times.map { $0.reached.map(Double.init) ?? .infinity })
    }

    /// Steps to the target of the middle run, infinite for one that never got there; nil without a target.
    var medianTime: Double? { sortedTimes.median }
    /// Exact; nil for fewer than six runs, or where the seed has no effect.
    var medianTimeInterval: MedianInterval? { isDeterministic ? nil : sortedTimes.medianInterval() }

    /// Whether the seed made no difference at all.
    var isDeterministic: Bool { resultCount == 1 && repeatedCount > 0 }
}
