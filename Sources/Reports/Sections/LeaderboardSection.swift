import Tracking

/// Configurations in the order of their median final loss, with everything a reader needs to doubt the order.
struct LeaderboardSection {
    let data: ReportData

    var text: String {
        let varying = data.varyingFields
        let scale = Sparkline(of: data.groups.map(\.medianCurve))
        var table = MarkdownTable(
            [("#", .right)] + varying.map { (MarkdownText.escaped(ConfigurationFields.shortName($0)), .left) }
                + [
                    ("done / diverged / planned", .right), ("median final loss", .right), ("spread", .left),
                    ("log10 excess", .right), ("best seed", .right), ("worst seed", .right), ("curve", .left),
                    ("configuration", .left),
                ])
        for (place, group) in data.groups.enumerated() {
            table.append(
                [String(rank(of: place))]
                    + varying.map { MarkdownText.escaped(group.configuration[$0] ?? "") }
                    + cells(group, scale))
        }
        return """
            ## Leaderboard

            \(constants)Seeds are replicates: each row is one configuration, and its numbers are over all seeds that were \
            planned. A run that is not done ranks behind every other one. The order is that of the median final loss; \
            **it is no claim that one row is better than the next**.

            \(table.text)
            \(legend(scale))
            """
    }

    private func cells(_ group: ConfigurationGroup, _ scale: Sparkline) -> [String] {
        let losses = group.losses
        let distinct =
            group.distinctCount == 1 && group.runs.count > 1 ? " (all \(group.runs.count) seeds identical)" : ""
        return [
            "\(group.doneCount) / \(group.divergedCount) / \(group.runs.count)",
            Self.loss(losses.median, group),
            Self.spread(losses, group) + distinct,
            group.logExcesses.median.map { $0.isFinite ? NumberText.fixed($0, decimals: 2) : group.wordForFailure }
                ?? "",
            Self.seed(group.best),
            Self.seed(group.worst),
            "`\(scale.text(group.medianCurve))`",
            "[\(group.id)](#\(group.id))",
        ]
    }

    private func legend(_ scale: Sparkline) -> String {
        """
        - *spread*: with 6 seeds or more, an interval that covers the median with at least 95 % probability whatever the \
        distribution (order statistics, exact coverage in `data/summary.csv`); with fewer there is no such interval, so \
        all values are listed.
        - *log10 excess*: median over seeds of log10 of the distance between the final loss over all data and its exact \
        minimum, in decades.
        - *curve*: median over seeds of the log10 excess at \(Sparkline.cells) evenly spaced steps; all rows share the \
        scale from \(NumberText.fixed(scale.low, decimals: 1)) (or less) to \(NumberText.fixed(scale.high, decimals: 1)) \
        (or more) decades; `x` where a seed has no finite number.


        """
    }

    private var constants: String {
        let names = [
            "optimizer.name", "optimizer.lr", "batch_size", "steps", "loss", "dtype", "gradients", "data.kind",
        ]
        let shown = data.constantFields.filter { names.contains($0.name) }.map {
            "\(MarkdownText.escaped(ConfigurationFields.shortName($0.name))) \(MarkdownText.escaped($0.value))"
        }
        return shown.isEmpty ? "" : "The same in all rows: \(shown.joined(separator: ", ")).\n\n"
    }

    /// The place of the first row with the same median: nothing tells equal rows apart.
    private func rank(of place: Int) -> Int {
        let median = data.groups[place].losses.median
        return 1 + (data.groups.firstIndex { $0.losses.median == median } ?? place)
    }

    private static func loss(_ value: Double?, _ group: ConfigurationGroup) -> String {
        guard let value else { return "" }
        return value.isFinite ? NumberText.rounded(value) : group.wordForFailure
    }

    private static func spread(_ losses: OrderStatistics, _ group: ConfigurationGroup) -> String {
        guard losses.values.contains(where: \.isFinite) else { return "" }
        if let interval = losses.medianInterval() {
            return "[\(loss(interval.low, group)), \(loss(interval.high, group))]"
        }
        return losses.values.map { loss($0, group) }.joined(separator: ", ")
    }

    private static func seed(_ run: ReportedRun?) -> String {
        guard let run else { return "none done" }
        return run.isDone
            ? "\(run.seed): \(NumberText.rounded(run.rankedLoss))" : "\(run.seed): \(run.run.state.rawValue)"
    }
}
