import Statistics
import TextFormats
import Tracking

/// Configurations in the order of their median final loss, with what a reader needs to doubt the order.
struct LeaderboardSection {
    let data: ReportData

    var blocks: [Document.Block] {
        let varying = data.fields.varying
        let curves = data.groups.map(\.medianCurve)
        let scale = Sparkline(of: curves)
        var table = Document.Table(
            [("place", .right)] + varying.map { (Prose(text: ConfigurationFields.label(of: $0)), .left) }
                + [
                    ("done / diverged / planned", .right), ("median final loss", .right),
                    ("95 % interval, or all values", .left), ("quartiles", .left), ("log10 excess", .right),
                    ("best seed", .left), ("worst seed", .left), ("curve", .left), ("configuration", .left),
                ])
        for (index, group) in data.groups.enumerated() {
            table.append(
                ["\(place(of: index))"] + varying.map { "\(group.configuration[$0] ?? "")" }
                    + statistics(of: group).map(Prose.init(words:))
                    + ["\(code: scale.text(curves[index]))", "\(link: Prose(words: group.id), to: "#\(group.id)")"])
        }
        return [.heading(level: 2, "Leaderboard")] + constants + [
            .paragraph(
                """
                Each row is one configuration, its seeds are replicates, and every planned run counts: one that is not done ranks \
                behind all others, and a statistic that falls on it is a word instead of a number. Rows with exactly the same \
                median share their places.
                """),
            .table(table), .list(legend(scale)),
        ]
    }

    private func place(of index: Int) -> String {
        let places = data.places(of: index)
        return places.count == 1 ? "\(places.lowerBound)" : "\(places.lowerBound)-\(places.upperBound)"
    }

    private func statistics(of group: ConfigurationGroup) -> [String] {
        let (median, spread) = medianAndSpread(of: group)
        let quartiles = [group.losses.quartile(1), group.losses.quartile(3)].compactMap { $0 }
        let excess = group.logExcesses?.median.map {
            $0 == .infinity ? group.wordForFailure : NumberText.fixed($0, decimals: 2)
        }
        return [
            "\(group.doneCount) / \(group.divergedCount) / \(group.plannedCount)", median, spread,
            quartiles.contains(where: \.isFinite)
                ? texts(quartiles, group).joined(separator: " to ") : group.wordForFailure, excess ?? "",
            group.best.isDone ? seed(group.best) : "none", seed(group.worst),
        ]
    }

    /// Rounded together.
    private func medianAndSpread(of group: ConfigurationGroup) -> (median: String, spread: String) {
        let losses = group.losses
        let median = losses.median ?? .infinity
        guard !group.isDeterministic else {
            return (texts([median], group)[0], "deterministic: no seed effect, no interval")
        }
        if let interval = losses.medianInterval() {
            let texts = texts([median, interval.low, interval.high], group)
            return (texts[0], interval.low.isFinite ? "[\(texts[1]), \(texts[2])]" : texts[1])
        }
        guard losses.values.count < 6 else { return (texts([median], group)[0], "") }
        let texts = texts([median] + losses.values, group)
        let values = zip(group.runs, texts.dropFirst()).map { $0.isDone ? $1 : $0.stateName }
        return (texts[0], values.joined(separator: ", "))
    }

    private func texts(_ losses: [Double], _ group: ConfigurationGroup) -> [String] {
        zip(losses, NumberText.together(losses)).map { $0.isFinite ? $1 : group.wordForFailure }
    }

    private func seed(_ run: ReportedRun) -> String {
        "\(run.seed): " + (run.isDone ? NumberText.rounded(run.rankedLoss) : run.stateName)
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
            \(em: "best seed"), \(em: "worst seed"): the seed, and its final loss or what became of it; \(em: "none") if no run is \
            done.
            """,
            """
            \(em: "curve"): the median over seeds of the log10 excess at \(Sparkline.cellCount) evenly spaced steps, from the \
            first to the last; the lowest bar is \(low) decades or less, the highest \(high) or more, in all rows. A seed that \
            had diverged by then counts as infinite. \(code: "x"): so does the median; \(code: "·"): a seed has no number there.
            """,
        ]
    }
}
