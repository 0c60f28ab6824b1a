import Statistics
import TextFormats
import Tracking

/// One thing that the report says, with the numbers it rests on.
struct Claim: Sendable {
    let id: String
    /// Plain text.
    let sentence: String
    let metric: String
    let estimate: Double?
    let low: Double?
    let high: Double?
    /// How many runs or pairs of runs it rests on.
    let count: Int
    /// The one whose rows hold the numbers it was computed from.
    let query: ReportQuery.ID
}

/// Everything a comparison says: one claim per arm, then one per pair.
struct Claims: Sendable {
    let arms: [Claim]
    let pairs: [Claim]

    init(_ comparison: Comparison, target: ReportTarget) {
        arms = comparison.arms.map { Self.claim(of: $0, in: comparison, target) }
        pairs = comparison.pairs.map { Self.claim(of: $0, target) }
    }

    var all: [Claim] { arms + pairs }

    private static func claim(
        of arm: Arm, in comparison: Comparison, _ target: ReportTarget
    ) -> Claim {
        let statistics = arm.statistics
        let count = statistics.resultCount
        let id = "arm:\(arm.name)"
        guard count > 0 else {
            return Claim(
                id: id, sentence: "\(arm.name): no run has a result.", metric: "n_results", estimate: 0, low: nil,
                high: nil, count: 0, query: .arms)
        }
        let choice = choice(of: arm, comparison)
        guard comparison.measure.quantity == .time, let expected = statistics.expectedTime else {
            let excess = statistics.logExcesses.median
            let median = excess ?? statistics.losses.median ?? .infinity
            let interval =
                statistics.isDeterministic
                ? nil : (excess == nil ? statistics.losses : statistics.logExcesses).medianInterval()
            let name = excess == nil ? "median final loss" : "median log10 excess at the end"
            return Claim(
                id: id,
                sentence: median == .infinity
                    ? "\(arm.name): no median, since at least half of its runs failed: \(runs(statistics))\(choice)."
                    : "\(arm.name): \(name) \(value(median, interval, isExcess: excess != nil)) in "
                        + "\(runs(statistics))\(choice).",
                metric: excess == nil ? "median_final_loss" : "median_log10_excess",
                estimate: median, low: interval?.low, high: interval?.high, count: count, query: .arms)
        }
        let interval = statistics.medianTimeInterval
        let middle = statistics.medianTime.map { stepCount($0) } ?? ""
        let within = comparison.cut != nil ? " within its \(arm.group.best.run.plan.steps) steps" : ""
        let ends = interval.map { " [\(steps($0.low)), \(steps($0.high))]" } ?? ""
        let cost = expected.isFinite ? "; expected running time \(stepCount(expected))" : ""
        return Claim(
            id: id,
            sentence: "\(arm.name) holds \(target.text)\(within) in \(statistics.successCount) of \(runs(statistics)): "
                + (statistics.successCount == 0 ? "no success" : "the middle one after \(middle)\(ends)\(cost)")
                + "\(choice).",
            metric: "median_time", estimate: statistics.medianTime, low: interval?.low, high: interval?.high,
            count: count, query: .arms)
    }

    /// How its configuration was chosen, where there was a choice.
    private static func choice(of arm: Arm, _ comparison: Comparison) -> String {
        let count = arm.triedCount
        switch arm.choice {
        case .onlyOne: return ""
        case .onOtherSeeds:
            return " (the best of \(count) configurations on \(comparison.choosingSeeds.count) other seeds)"
        case .byHalving:
            return count == 1
                ? "" : " (the best of \(count) configurations, chosen by halving on the same seeds: optimistic)"
        case .onTheSameSeeds, .onTooFewSeeds:
            return " (the best of \(count) configurations, chosen on the same seeds: optimistic)"
        }
    }

    /// `20 runs, of which 2 failed`, with what is unstable named.
    private static func runs(_ statistics: ArmStatistics) -> String {
        let (diverged, unstable) = (statistics.divergedCount, statistics.unstableCount)
        let counts = [
            (diverged, "diverged"), (statistics.failureCount - diverged - unstable, "failed"), (unstable, "unstable"),
        ]
        let all = statistics.resultCount.counted("run")
        guard statistics.repeatedCount > 0 else {
            return ([all] + counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }).joined(separator: ", ")
        }
        let others = statistics.repeatedCount.counted("other")
        let failed = statistics.failureCount > 0 ? ", \(statistics.failureCount) failed" : ""
        return "\(all)\(failed) (\(others) did exactly the same)"
    }

    /// `1 step`, `35 steps`.
    private static func stepCount(_ value: Double) -> String {
        value.isFinite ? "\(NumberText.steps(value)) \(value == 1 ? "step" : "steps")" : "more than the budget"
    }

    private static func steps(_ value: Double) -> String {
        value.isFinite ? NumberText.steps(value) : "more than the budget"
    }

    private static func value(_ median: Double, _ interval: MedianInterval?, isExcess: Bool) -> String {
        let text = { (value: Double) in
            value == .infinity ? "failed" : isExcess ? NumberText.fixed(value, decimals: 2) : NumberText.rounded(value)
        }
        return text(median) + (interval.map { " [\(text($0.low)), \(text($0.high))]" } ?? "")
    }

    private static func claim(of pair: ReportedPair, _ target: ReportTarget) -> Claim {
        let scale = pair.result.measure.scale == .ratio ? "ratio" : "difference"
        return Claim(
            id: "pair:\(pair.first)|\(pair.second)", sentence: sentence(of: pair, target),
            metric: "\(scale) of \(pair.name(target: target))", estimate: pair.result.effect,
            low: pair.result.interval?.low, high: pair.result.interval?.high,
            count: max(pair.result.pairCount, min(pair.result.counts.first, pair.result.counts.second)),
            query: .pairwise)
    }

    /// What the statistics say of two arms.
    static func sentence(of pair: ReportedPair, _ target: ReportTarget) -> String {
        let against = "\(pair.first) against \(pair.second): not comparable,"
        switch pair.obstacle {
        case .otherProblem: return "\(against) because their data, model, loss or number type differ."
        case .budgets:
            return "\(against) because they were given different numbers of steps, and the loss over all data is known "
                + "after the last one only."
        case .evaluations:
            return
                "\(against) because one of them computes the loss several times a step, and it is not recorded at which."
        case .targetAtFloor:
            return "\(against) because \(target.text) is below two noise floors, where luck decides who holds it."
        case nil: return pair.text(target: target).sentence
        }
    }
}

extension ReportedPair {
    /// What is compared, in words.
    func name(target: ReportTarget) -> String { measure.name(target: target, cut: cut) }

    func text(target: ReportTarget) -> VerdictText {
        let budgets = cut.map { ["steps beyond \($0), the smaller budget"] } ?? []
        return VerdictText(
            first, second, result, measure: name(target: target), exclusions: budgets, notes: notes,
            choosesSeeds: choosesSeeds)
    }
}
