import TextFormats

/// How much a wrong learning rate costs, and from where on it is fatal.
struct SensitivitySection {
    static let title = "Learning-rate sensitivity"

    let series: [RateSeries]

    var blocks: [Document.Block] {
        let varied = series.filter { $0.groups.count > 1 }
        guard !varied.isEmpty else {
            return [
                .heading(level: 2, Prose(words: Self.title)),
                .paragraph("Only one learning rate was tried with each setting."),
            ]
        }
        var table = Document.Table([
            ("settings", .left), ("learning rates", .left), ("best lr", .right), ("good over", .right),
            ("stable up to", .right), ("unstable from", .right), ("theoretical edge", .right), ("edge found", .left),
        ])
        for series in varied { table.append(row(series)) }
        return [
            .heading(level: 2, Prose(words: Self.title)), .table(table),
            .list([
                """
                \(em: "good over"): decades of learning rate over which the expected time to the target is at most twice the best \
                one.
                """,
                "\(em: "unstable from"): the lowest rate at which a run diverged, ended unstable or had its loss grow more than tenfold.",
                "\(em: "theoretical edge"): for plain descent on full batches (see Divergence and failures).",
            ]),
        ]
    }

    private func row(_ series: RateSeries) -> [Prose] {
        let rates = series.groups.map(RateSeries.rate)
        let number = { (value: Double?) in Prose(words: value.map { NumberText.rounded($0) } ?? "") }
        let exact = { (value: Double?, none: String) in Prose(words: value.map(NumberText.exact) ?? none) }
        let found: Prose =
            series.theoreticalEdge.map { edge -> Prose in
                switch (series.lastStable, series.firstUnstable) {
                case (let stable?, let unstable?):
                    (stable...unstable).contains(edge) ? "between them" : "\(strong: "elsewhere")"
                case (let stable?, nil): stable <= edge ? "not reached" : "\(strong: "beyond it, yet stable")"
                case (nil, let unstable?): unstable >= edge ? "above" : "\(strong: "below it, yet unstable")"
                case (nil, nil): ""
                }
            } ?? ""
        return [
            "\(series.name)",
            "\(rates.count) from \(NumberText.exact(rates[0])) to \(NumberText.exact(rates[rates.count - 1]))",
            exact(series.best.map(RateSeries.rate), ""),
            Prose(words: series.width.map { NumberText.fixed($0, decimals: 2) } ?? ""),
            exact(series.lastStable, "none"), exact(series.firstUnstable, "none"),
            number(series.theoreticalEdge), found,
        ]
    }
}
