import Statistics
import TextFormats

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
    /// The query whose rows hold the numbers it was computed from.
    let sql: String
}

/// Everything a comparison says: one claim per arm, then one per pair.
struct Claims: Sendable {
    let arms: [Claim]
    let pairs: [Claim]

    init(_ comparison: Comparison, target: ReportTarget, queries: ReportQueries) {
        arms = comparison.arms.map { Self.claim(of: $0, in: comparison, target, queries) }
        pairs = comparison.pairs.map { Self.claim(of: $0, target, queries) }
    }

    var all: [Claim] { arms + pairs }

    private static func claim(
        of arm: Arm, in comparison: Comparison, _ target: ReportTarget, _ queries: ReportQueries
    ) -> Claim {
        let statistics = arm.statistics
        let count = statistics.plannedCount
        let selection =
            arm.isOptimistic
            ? " (optimistic: the best of \(arm.candidates.count) configurations, selected on these seeds)" : ""
        guard let expected = statistics.expectedTime else {
            let excess = statistics.logExcesses.median
            let value =
                excess.map { "median log10 excess \(NumberText.fixed($0, decimals: 2))" }
                ?? "median final loss \(NumberText.rounded(statistics.losses.median ?? .infinity))"
            return Claim(
                id: "arm:\(arm.name)",
                sentence: "\(arm.name): \(statistics.doneCount)/\(count) runs done, \(value)\(selection).",
                metric: excess == nil ? "median_final_loss" : "median_log10_excess",
                estimate: excess ?? statistics.losses.median, low: nil, high: nil, count: count,
                sql: queries.leaderboard)
        }
        let interval = comparison.timeInterval(statistics)
        let cost =
            expected.isFinite
            ? "expected running time \(NumberText.steps(expected)) steps"
                + (interval.map { " [\(NumberText.steps($0.low)), \(NumberText.steps($0.high))]" } ?? "") : "no success"
        return Claim(
            id: "arm:\(arm.name)",
            sentence:
                "\(arm.name) reached \(target.text) in \(statistics.successCount)/\(count) runs: \(cost)\(selection).",
            metric: "ert_steps", estimate: expected, low: interval?.low, high: interval?.high, count: count,
            sql: queries.times)
    }

    private static func claim(of pair: PairComparison, _ target: ReportTarget, _ queries: ReportQueries) -> Claim {
        Claim(
            id: "pair:\(pair.first)|\(pair.second)", sentence: sentence(of: pair, target),
            metric: "ratio of \(pair.metric.rawValue)", estimate: pair.ratio,
            low: pair.ratioInterval?.low, high: pair.ratioInterval?.high, count: pair.pairCount,
            sql: pair.metric == .time ? queries.times : queries.leaderboard)
    }

    /// What the statistics say of two arms.
    static func sentence(of pair: PairComparison, _ target: ReportTarget) -> String {
        let unit = pair.metric == .time ? "the steps to \(target.text)" : "the \(pair.metric.rawValue)"
        let numbers = NumberText.together(
            [pair.ratio] + (pair.ratioInterval.map { [$0.low, $0.high] } ?? []))
        let ratio = numbers[0] + " times" + (numbers.count > 1 ? " [\(numbers[1]), \(numbers[2])]" : "")
        let chance = "P(lower on the same seed) = \(NumberText.fixed(pair.superiority, decimals: 2))"
        let interval =
            pair.superiorityInterval.map {
                " [\(NumberText.fixed($0.low, decimals: 2)), \(NumberText.fixed($0.high, decimals: 2))]"
            } ?? ""
        let p = pair.adjustedP.map { ", Holm p = \(NumberText.rounded($0, digits: 2))" } ?? ""
        let evidence = "\(chance)\(interval)\(p), \(pair.pairCount.counted("seed"))"
        let (first, second) = (pair.first, pair.second)
        return switch pair.verdict {
        case .firstIsBetter:
            "\(first) is better than \(second): \(ratio) \(unit); \(evidence)."
        case .secondIsBetter:
            "\(second) is better than \(first), which has \(ratio) \(unit); \(evidence)."
        case .tie:
            "\(first) and \(second) are tied: \(ratio) \(unit), within 5 %; \(evidence)."
        case .deterministic:
            "\(first) against \(second): the seed has no effect, so there is one comparison and no sample; "
                + "\(ratio) \(unit)."
        case .undecided:
            "\(first) against \(second): undecided; \(ratio) \(unit); \(evidence). \(advice(pair))"
        }
    }

    private static func advice(_ pair: PairComparison) -> String {
        let needed = Superiority.seedsNeeded(for: Superiority.meaningful)
        if pair.pairCount < needed {
            return "\(needed) seeds would find a P of \(Superiority.meaningful)."
        }
        return "A P of \(Superiority.meaningful) would mostly have been found."
    }
}
