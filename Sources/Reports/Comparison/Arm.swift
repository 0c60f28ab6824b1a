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
    /// Whether the choice was made on the very runs that are reported.
    let isOptimistic: Bool

    var statistics: ArmStatistics { ArmStatistics(runs) }

    /// The learning rates that were tried, in ascending order.
    var learningRates: [Double] {
        Set(candidates.map { $0.best.run.plan.learningRate }).sorted()
    }

    /// Whether the chosen learning rate is the smallest or the largest that was tried: a better one may lie beyond.
    var isAtEdge: Bool {
        let rates = learningRates
        guard candidates.count > 1, rates.count > 1 else { return false }
        let rate = group.best.run.plan.learningRate
        return rate == rates[0] || rate == rates[rates.count - 1]
    }
}

/// What a set of runs of one configuration amounts to.
struct ArmStatistics: Sendable {
    /// Empty without a target.
    let times: [RunningTime]
    /// log10 of the final excess, infinite for what is not done; empty where a minimum is not unique.
    let logExcesses: OrderStatistics
    /// Final losses, likewise.
    let losses: OrderStatistics
    let plannedCount: Int
    let doneCount: Int
    let divergedCount: Int
    let distinctCount: Int

    init(_ runs: [ReportedRun]) {
        let times = runs.compactMap(\.time)
        self.times = times.count == runs.count ? times : []
        let excesses = runs.compactMap(\.rankedLogExcess)
        logExcesses = OrderStatistics(excesses.count == runs.count ? excesses : [])
        losses = OrderStatistics(runs.map(\.rankedLoss))
        plannedCount = runs.count
        doneCount = runs.count { $0.isDone }
        divergedCount = runs.count { $0.run.state == .diverged }
        distinctCount = runs.distinctTrajectoryCount
    }

    var successCount: Int { times.count { !$0.isCensored } }
    /// Nil without a target.
    var expectedTime: Double? { ExpectedRunningTime.of(times) }
    /// Steps to the target, infinite for a run that never got there; nil without a target.
    var medianTime: Double? {
        OrderStatistics(times.map { $0.reached.map(Double.init) ?? .infinity }).median
    }
    /// Whether the seed made no difference at all.
    var isDeterministic: Bool { plannedCount > 1 && doneCount == plannedCount && distinctCount == 1 }

    /// The order in which configurations are preferred: less expected time to the target, then a lower median excess, or
    /// loss where that is unknown.
    var score: (Double, Double) { (expectedTime ?? .infinity, logExcesses.median ?? losses.median ?? .infinity) }
}
