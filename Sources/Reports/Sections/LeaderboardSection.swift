import Statistics
import TextFormats
import Tracking

/// Configurations in the order of their median final loss, with what a reader needs to doubt the order.
struct LeaderboardSection {
    static let title = "Leaderboard"

    let data: ReportData
    let comparison: Comparison

    var blocks: [Document.Block] {
        let varying = data.fields.varying
        let all = comparison.leaderboard(data)
        let groups = all.count > LongTable.longest ? Array(all.prefix(LongTable.shown)) : all
        let curves = groups.map(\.medianCurve)
        let scale = Sparkline(of: curves)
        var table = Document.Table(
            [("rank", .right)] + varying.map { (Prose(text: ConfigurationFields.label(of: $0)), .left) }
                + [
                    ("done / diverged / unstable / planned", .right), ("median final loss", .right),
                    ("95 % interval, or all values", .left), ("quartiles", .left), ("log10 excess", .right),
                    ("best seed", .left), ("worst seed", .left), ("curve", .left), ("configuration", .left),
                ])
        for (index, group) in groups.enumerated() {
            table.append(
                [rank(of: group)] + varying.map { "\(group.configuration[$0] ?? "")" }
                    + statistics(of: group).map(Prose.init(words:))
                    + ["\(code: scale.text(curves[index]))", "\(link: Prose(text: group.id), to: "#\(group.id)")"])
        }
        return [.heading(level: 2, Prose(words: Self.title))] + constants + [
            .paragraph(
                """
                Each row is one configuration over all its seeds, the choosing ones included. A run that failed is worse than every \
                other, and a statistic that falls on it is a word instead of a number; a run without a result is left out. \
                \(order)
                """),
            .table(table),
        ]
            + (groups.count < all.count
                ? [
                    .paragraph(
                        "The first \(groups.count) of \(all.count.counted("configuration")); all are in \(code: "data/summary.csv")."
                    )
                ] : []) + [.list(legend(scale))]
    }

    private var order: Prose {
        let isSplit = !comparison.choosingSeeds.isEmpty
        if comparison.arms.count == data.groups.count {
            return isSplit && data.optimizers.count == 1
                ? "The order is that on the choosing seeds." : "The order is that of the verdict's measure."
        }
        return """
            First come the configurations that are compared, in the order of the verdict's measure on the seeds that compare; \
            then those that were not chosen, by their median final loss.
            """
    }

    /// Only a difference that was found puts one row before another; a dash for what was not compared.
    private func rank(of group: ConfigurationGroup) -> Prose {
        guard let arm = comparison.arms.first(where: { $0.group.id == group.id }), !comparison.pairs.isEmpty else {
            return "-"
        }
        let ranks = comparison.ranks(of: arm)
        return Prose(words: ranks.count == 1 ? "\(ranks.lowerBound)" : "\(ranks.lowerBound)-\(ranks.upperBound)")
    }

    private func statistics(of group: ConfigurationGroup) -> [String] {
        let (median, spread) = medianAndSpread(of: group)
        let quartiles = [group.losses.quartile(1), group.losses.quartile(3)].compactMap { $0 }
        let excess = group.logExcesses?.median.map {
            $0 == .infinity ? group.wordForFailure : NumberText.fixed($0, decimals: 2)
        }
        return [
            "\(group.doneCount) / \(group.divergedCount) / \(group.unstableCount) / \(group.plannedCount)", median,
            spread,
            quartiles.contains(where: \.isFinite)
                ? texts(quartiles, group).joined(separator: " to ") : group.wordForFailure, excess ?? "",
            group.best.hasValue ? seed(group.best) : "none", seed(group.worst),
        ]
    }

    /// Rounded together.
    private func medianAndSpread(of group: ConfigurationGroup) -> (median: String, spread: String) {
        let losses = group.losses
        guard let median = losses.median else { return (group.isUnpromoted ? "not promoted" : "no result", "") }
        guard !group.isDeterministic else {
            return (texts([median], group)[0], "deterministic: no seed effect, no interval")
        }
        if let interval = losses.medianInterval() {
            let texts = texts([median, interval.low, interval.high], group)
            return (texts[0], interval.low.isFinite ? "[\(texts[1]), \(texts[2])]" : texts[1])
        }
        guard losses.values.count < 6 else { return (texts([median], group)[0], "") }
        let texts = texts([median] + losses.values, group)
        let values = zip(group.results, texts.dropFirst()).map { $0.hasValue ? $1 : $0.resultName }
        return (texts[0], values.joined(separator: ", "))
    }

    private func texts(_ losses: [Double], _ group: ConfigurationGroup) -> [String] {
        zip(losses, NumberText.together(losses)).map { $0.isFinite ? $1 : group.wordForFailure }
    }

    private func seed(_ run: ReportedRun) -> String {
        "\(run.seed): " + (run.hasValue ? NumberText.rounded(run.rankedLoss) : run.resultName)
    }

    /// The settings that are the same in all rows, the data's apart: those stand in the problem card.
    private var constants: [Document.Block] {
        let fields = data.fields.constant.filter { !$0.name.hasPrefix("data.") }
        let list = { (isEverywhere: Bool) in
            fields.filter { $0.isEverywhere == isEverywhere }
                .map { Prose(text: "\(ConfigurationFields.label(of: $0.name)) \($0.value)") }
        }
        return [("The same in all rows", list(true)), ("The same in all rows that have it", list(false))]
            .filter { !$0.1.isEmpty }
            .map { .paragraph("\(words: $0): \($1.joined(separator: ", ")).") }
    }

    private func legend(_ scale: Sparkline) -> [Prose] {
        let (low, high) = (NumberText.fixed(scale.low, decimals: 1), NumberText.fixed(scale.high, decimals: 1))
        return [
            """
            \(em: "95 % interval"): covers the median with at least that probability, whatever the distribution (order \
            statistics; the exact probability is in \(code: "data/summary.csv")). Fewer than 6 seeds have no such interval, so all \
            their values are listed.
            """,
            """
            \(em: "log10 excess"): the median over seeds of log10(final loss over all data - its exact minimum), in decades, \
            computed from the parameters without cancellation.
            """,
            """
            \(em: "best seed"), \(em: "worst seed"): the seed, and its final loss or what became of it; \(em: "none") if every \
            run failed or none ended.
            """,
            """
            \(em: "curve"): the median over seeds of the log10 excess at \(Sparkline.cellCount) evenly spaced steps, from the \
            first to the last; the lowest bar is \(low) decades or less, the highest \(high) or more, in all rows. A seed that \
            had diverged by then counts as infinite. \(code: "x"): so does the median; \(code: "·"): a seed has no number there.
            """,
        ]
    }
}
