import TextFormats

/// How much a wrong learning rate costs, and from where on it is fatal.
struct SensitivitySection {
    let series: [RateSeries]

    var text: String {
        let varied = series.filter { $0.groups.count > 1 }
        guard !varied.isEmpty else {
            return "## Learning-rate sensitivity\n\nOnly one learning rate was tried with each setting.\n\n"
        }
        var table = MarkdownTable([
            ("settings", .left), ("learning rates", .left), ("best lr", .right), ("good over", .right),
            ("stable up to", .right), ("unstable from", .right), ("theoretical edge", .right), ("edge found", .left),
        ])
        for series in varied { table.append(row(series)) }
        return """
            ## Learning-rate sensitivity

            \(table.text)
            - *good over*: decades of learning rate over which the expected time to the target is at most twice the best one.
            - *unstable from*: the lowest rate at which a run diverged or its loss grew more than tenfold.
            - *theoretical edge*: for plain descent on full batches (see Divergence and failures).


            """
    }

    private func row(_ series: RateSeries) -> [String] {
        let rates = series.groups.map(RateSeries.rate)
        let number = { (value: Double?) in value.map { NumberText.rounded($0) } ?? "" }
        let found =
            series.theoreticalEdge.map { edge in
                switch (series.lastStable, series.firstUnstable) {
                case (let stable?, let unstable?): (stable...unstable).contains(edge) ? "between them" : "**elsewhere**"
                case (let stable?, nil): stable <= edge ? "not reached" : "**beyond it, yet stable**"
                case (nil, let unstable?): unstable >= edge ? "above" : "**below it, yet unstable**"
                case (nil, nil): ""
                }
            } ?? ""
        return [
            MarkdownText.escaped(series.name),
            "\(rates.count) from \(NumberText.exact(rates[0])) to \(NumberText.exact(rates[rates.count - 1]))",
            series.best.map { NumberText.exact(RateSeries.rate($0)) } ?? "",
            series.width.map { NumberText.fixed($0, decimals: 2) } ?? "",
            series.lastStable.map(NumberText.exact) ?? "none", series.firstUnstable.map(NumberText.exact) ?? "none",
            number(series.theoreticalEdge), found,
        ]
    }
}
