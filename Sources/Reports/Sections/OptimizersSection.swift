import Statistics
import TextFormats
import Tracking

/// Each arm of the comparison in one row, ranked only where a difference was found.
struct OptimizersSection {
    let data: ReportData
    let comparison: Comparison
    let spelling: OptionSpelling

    var blocks: [Document.Block] {
        let curves = comparison.arms.map { ConfigurationGroup(id: $0.group.id, runs: $0.runs).medianCurve }
        let scale = Sparkline(of: curves)
        let title = data.optimizers.count > 1 ? "Optimizers at their best" : "Configurations compared"
        var table = Document.Table([
            ("rank", .left), (data.optimizers.count > 1 ? "optimizer" : "configuration", .left), ("settings", .left),
            ("done / diverged / planned", .right), ("distinct", .right), ("success rate", .left),
            ("expected running time", .left), ("samples", .right), ("median time", .right),
            ("log10 excess", .left), ("worst seed", .right), ("curve", .left),
        ])
        for (arm, curve) in zip(comparison.arms, curves) {
            table.append(row(arm) + ["\(code: scale.text(curve))"])
        }
        return [
            .heading(level: 2, Prose(words: title)),
            .paragraph("The target is \(data.target.text)\(explanation). \(selection)"),
            .table(table), .list(Self.legend),
        ]
    }

    private static let legend: [Prose] = [
        """
        \(em: "rank"): only a difference that the pairwise table finds puts one row before another; rows that nothing tells \
        apart share their ranks.
        """,
        "\(em: "success rate"): planned runs that reached the target, with the 95 % interval of Wilson.",
        """
        \(em: "expected running time"): steps spent by all planned runs divided by the number of successes, failures charged \
        with their whole budget; 95 % interval from 10 000 resamples of the seeds. \(em: "samples") is the same in gradients of \
        single samples.
        """,
        "\(em: "median time"): steps to the target of the middle run.",
        """
        \(em: "log10 excess"): after the last step; the interquartile mean with a resampled 95 % interval from 10 seeds on, \
        the median below that.
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
            Each optimizer is shown at the configuration with the least expected running time, \
            \(strong: "optimistic (selected on these seeds)"); name seeds to select on with \(code: spelling("tuning-seeds")).
            """
            : "Each optimizer is shown at the configuration with the least expected running time on other seeds."
    }

    private func row(_ arm: Arm) -> [Prose] {
        let statistics = arm.statistics
        let count = statistics.plannedCount
        let ranks = comparison.ranks(of: arm)
        let rank =
            arm.isAtEdge
            ? "best at edge - widen the grid"
            : ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound)-\(ranks.upperBound)"
        let id = arm.group.id
        return [
            Prose(words: rank), "\(arm.name)", "\(link: Prose(text: data.label(of: arm.group)), to: "#\(id)")",
            "\(statistics.doneCount) / \(statistics.divergedCount) / \(count)",
            statistics.isDeterministic ? "1: no seed effect" : "\(statistics.distinctCount)",
            Prose(words: successRate(statistics)), Prose(words: expectedTime(statistics)),
            Prose(words: samples(arm, statistics)),
            Prose(words: statistics.medianTime.map { $0.isFinite ? NumberText.steps($0) : "> budget" } ?? ""),
            Prose(words: excess(statistics)), Prose(words: worst(statistics)),
        ]
    }

    private func successRate(_ statistics: ArmStatistics) -> String {
        guard !statistics.times.isEmpty else { return "" }
        let rate = WilsonInterval(successes: statistics.successCount, trials: statistics.plannedCount)
        let texts = [Double(statistics.successCount) / Double(statistics.plannedCount), rate.low, rate.high]
            .map { NumberText.fixed($0, decimals: 2) }
        return statistics.isDeterministic ? texts[0] : "\(texts[0]) [\(texts[1]), \(texts[2])]"
    }

    private func expectedTime(_ statistics: ArmStatistics) -> String {
        guard let expected = statistics.expectedTime else { return "" }
        guard expected.isFinite else { return "no success" }
        guard let interval = comparison.timeInterval(statistics) else { return NumberText.steps(expected) }
        return "\(NumberText.steps(expected)) [\(NumberText.steps(interval.low)), \(NumberText.steps(interval.high))]"
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
        let text = { (value: Double) in value == .infinity ? "diverged" : NumberText.fixed(value, decimals: 2) }
        guard let interval = comparison.excessInterval(statistics), let mean = values.interquartileMean else {
            return text(median)
        }
        return "\(text(mean)) [\(text(interval.low)), \(text(interval.high))]"
    }

    private func worst(_ statistics: ArmStatistics) -> String {
        guard let worst = statistics.logExcesses.values.last else { return "" }
        if worst == .infinity { return statistics.divergedCount > 0 ? "diverged" : "no result" }
        return NumberText.fixed(worst, decimals: 2)
    }
}
