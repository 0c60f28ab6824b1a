import Statistics
import TextFormats
import Tracking

/// Each arm of the comparison in one row, ranked only where a difference was found.
struct OptimizersSection {
    let data: ReportData
    let comparison: Comparison
    let spelling: OptionSpelling

    static func title(_ data: ReportData) -> String {
        data.optimizers.count > 1 ? "Optimizers at their best" : "Configurations compared"
    }

    var blocks: [Document.Block] {
        let curves = comparison.arms.map { ConfigurationGroup(id: $0.group.id, runs: $0.runs).medianCurve }
        let scale = Sparkline(of: curves)
        var table = Document.Table([
            ("rank", .left), (data.optimizers.count > 1 ? "optimizer" : "configuration", .left), ("settings", .left),
            ("done / diverged / unstable / planned", .right), ("distinct", .right), ("success rate", .left),
            ("middle time", .left), ("expected running time", .left), ("samples", .right),
            ("log10 excess", .left), ("worst seed", .right), ("curve", .left),
        ])
        for (arm, curve) in zip(comparison.arms, curves) {
            table.append(row(arm) + ["\(code: scale.text(curve))"])
        }
        return [
            .heading(level: 2, Prose(words: Self.title(data))),
            .paragraph("The target is \(data.target.text)\(explanation). \(selection)"),
        ] + LongTable.blocks(table, rest: "data/summary.csv") + [.list(Self.legend)]
    }

    private static let legend: [Prose] = [
        """
        \(em: "rank"): only a difference that the pairwise table finds puts one row before another; rows that nothing tells \
        apart share their ranks.
        """,
        """
        \(em: "success rate"): runs with a result that hold the target, with Wilson's approximate 95 % interval \
        (\(text: CalibrationText.rate)). A run holds it from the first recorded step that meets it and after which at least 19 of the next 20 recorded steps do. A run that diverged or \
        ended unstable has not held it, whatever it touched before.
        """,
        "\(em: "middle time"): steps until the middle run holds the target; the interval is exact (order statistics, from 6 runs).",
        """
        \(em: "expected running time"): steps spent by all runs with a result divided by the number of successes, failures charged \
        with their whole budget. Up to two failures: in parentheses the mean time of a run that succeeds, with an approximate \
        95 % interval (bootstrap t on the logarithm; \(text: CalibrationText.times(hasFailures: false))), which is no interval \
        of the expected time, and what share of runs may fail (Wilson). From three failures and three successes: an approximate \
        95 % interval (percentiles of resampled seeds, widened to match Student's t; \
        \(text: CalibrationText.times(hasFailures: true))). \(em: "samples") is the same in gradients of single samples.
        """,
        """
        \(em: "log10 excess"): after the last step; from 10 seeds on the interquartile mean with an approximate 95 % interval \
        (percentiles of resampled seeds; \(text: CalibrationText.interquartileMean)), the median below that.
        """,
    ]

    private var explanation: Prose {
        if data.runs.allSatisfy({ $0.success == nil }) {
            return ", which no run can reach on this problem: final values are compared instead"
        }
        if let planned = data.plannedTarget {
            return ", but the sweep was planned with \(planned)"
        }
        guard data.target == .standard else { return "" }
        return " of the smallest possible loss, the standard one: it depends on the data alone"
    }

    private var selection: Prose {
        guard data.optimizers.count > 1 else { return "Every configuration is shown, none was selected." }
        return comparison.arms.contains(where: \.isOptimistic)
            ? """
            Each optimizer is shown at its best configuration, \(strong: "chosen on the same seeds: optimistic"); name seeds to \
            choose on with \(code: spelling("tuning-seeds")).
            """
            : comparison.choosingSeeds.isEmpty
                ? "Each optimizer has one configuration."
                : """
                Each optimizer is shown at the configuration that is best on the choosing seeds \(seeds): the one with the fewest \
                failures, then with the lowest mean of the verdict's measure. The rows are of the other seeds.
                """
    }

    private var seeds: String { comparison.choosingSeeds.sorted().map(String.init).joined(separator: ", ") }

    private func row(_ arm: Arm) -> [Prose] {
        let statistics = arm.statistics
        let count = statistics.plannedCount
        let ranks = comparison.ranks(of: arm)
        let band = ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound)-\(ranks.upperBound)"
        let rank = arm.isAtEdge ? "\(band), best at the edge of its grid" : band
        let id = arm.group.id
        return [
            Prose(words: rank), "\(arm.name)", "\(link: Prose(text: data.label(of: arm.group)), to: "#\(id)")",
            "\(statistics.doneCount) / \(statistics.divergedCount) / \(statistics.unstableCount) / \(count)",
            statistics.isDeterministic ? "1: no seed effect" : "\(statistics.distinctCount)",
            Prose(words: successRate(statistics)), Prose(words: middleTime(statistics)),
            Prose(words: expectedTime(statistics)), Prose(words: samples(arm, statistics)),
            Prose(words: excess(statistics)), Prose(words: worst(statistics)),
        ]
    }

    private func successRate(_ statistics: ArmStatistics) -> String {
        guard !statistics.times.isEmpty else { return "" }
        let rate = WilsonInterval(successes: statistics.successCount, trials: statistics.resultCount)
        let texts = [Double(statistics.successCount) / Double(statistics.resultCount), rate.low, rate.high]
            .map { NumberText.fixed($0, decimals: 2) }
        return statistics.isDeterministic ? texts[0] : "\(texts[0]) [\(texts[1]), \(texts[2])]"
    }

    private func expectedTime(_ statistics: ArmStatistics) -> String {
        guard let expected = statistics.expectedTime else { return "" }
        guard expected.isFinite else { return "no success" }
        let ends = { (interval: Interval) in "[\(NumberText.steps(interval.low)), \(NumberText.steps(interval.high))]" }
        switch comparison.timePrecision(statistics) {
        case nil: return NumberText.steps(expected)
        case .ofAll(let interval): return "\(NumberText.steps(expected)) \(ends(interval))"
        case .ofSuccesses(let mean, let interval, let bound):
            let range = interval.map { " \(ends($0))" } ?? ""
            return "\(NumberText.steps(expected)) (a success \(NumberText.steps(mean))\(range); up to "
                + "\(NumberText.rounded(100 * bound, digits: 2)) % may fail)"
        }
    }

    private func middleTime(_ statistics: ArmStatistics) -> String {
        let text = { (value: Double) in value.isFinite ? NumberText.steps(value) : "> budget" }
        guard let middle = statistics.medianTime else { return "" }
        return text(middle) + (statistics.medianTimeInterval.map { " [\(text($0.low)), \(text($0.high))]" } ?? "")
    }

    private func samples(_ arm: Arm, _ statistics: ArmStatistics) -> String {
        guard let expected = statistics.expectedTime, expected.isFinite, arm.group.optimizer != "lbfgs" else {
            return ""
        }
        return NumberText.steps(expected * Double(arm.group.best.run.plan.batchSize))
    }

    private func excess(_ statistics: ArmStatistics) -> String {
        let values = statistics.logExcesses
        guard let median = values.median else { return "" }
        let text = { (value: Double) in value == .infinity ? "failed" : NumberText.fixed(value, decimals: 2) }
        guard let interval = comparison.excessInterval(statistics), let mean = values.interquartileMean else {
            return text(median)
        }
        return "\(text(mean)) [\(text(interval.low)), \(text(interval.high))]"
    }

    private func worst(_ statistics: ArmStatistics) -> String {
        guard let worst = statistics.logExcesses.values.last else { return "" }
        if worst == .infinity {
            return statistics.divergedCount > 0 ? "diverged" : statistics.unstableCount > 0 ? "unstable" : "failed"
        }
        return NumberText.fixed(worst, decimals: 2)
    }
}
