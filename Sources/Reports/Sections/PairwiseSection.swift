import Statistics
import TextFormats

/// Every comparison that was made, the uninteresting ones included.
struct PairwiseSection {
    let comparison: Comparison
    let spelling: OptionSpelling

    var blocks: [Document.Block] {
        guard !comparison.pairs.isEmpty else { return [.heading(level: 2, "Pairwise"), .paragraph(absence)] }
        var table = Document.Table([
            ("pair", .left), ("measure", .left), ("seeds", .right), ("ratio", .left), ("P(first < second)", .left),
            ("test", .left), ("p", .right), ("Holm p", .right), ("smallest p", .right), ("variance ratio", .right),
            ("verdict", .left),
        ])
        for pair in comparison.pairs { table.append(row(pair)) }
        let tested = comparison.pairs.count { $0.p != nil }
        let resolved = Superiority.resolved(by: comparison.pairs.map(\.pairCount).max() ?? 0)
        let resolution = resolved.map { "So many seeds can resolve a P of about \($0)." }
        return [
            .heading(level: 2, "Pairwise"),
            .paragraph(
                """
                \(comparison.pairs.count.counted("pair")), \(tested) tested; Holm's correction is over all of them. \
                \(resolution ?? "So few seeds resolve no P at all.")
                """),
            .table(table), .list(Self.legend),
        ]
    }

    private static let legend: [Prose] = [
        """
        \(em: "ratio"): the median over seeds of first / second; below 1 the first is better. A run that failed is charged \
        with its whole budget. The interval is exact (order statistics).
        """,
        """
        \(em: "P(first < second)"): on the same seed, ties counted one half; 95 % interval from resampled seeds, or Wilson's \
        where all seeds agree.
        """,
        "\(em: "smallest p"): what the test could at best give with so many seeds. Fewer than 6 have no test.",
        "\(em: "variance ratio"): how many times less a difference varies because both had the same seeds.",
        """
        \(em: "verdict"): better only with Holm p ≤ 0.05, P ≥ 0.75 and a ratio outside 0.95 to 1.05; a tie only if the whole \
        interval of the ratio lies in there; else undecided, which is not "equal".
        """,
    ]

    private var absence: Prose {
        comparison.arms.count > Comparison.largestArmCount
            ? """
            \(comparison.arms.count) configurations are too many to compare each with each; name one with \(code: spelling("baseline")).
            """
            : "There is nothing to compare with."
    }

    private func row(_ pair: PairComparison) -> [Prose] {
        let ratios = NumberText.together([pair.ratio] + (pair.ratioInterval.map { [$0.low, $0.high] } ?? []))
        let chances = ([pair.superiority] + (pair.superiorityInterval.map { [$0.low, $0.high] } ?? []))
            .map { NumberText.fixed($0, decimals: 2) }
        let dropped = pair.droppedCount == 0 ? "" : " (\(pair.droppedCount) dropped)"
        let number = { (value: Double?) in Prose(words: value.map { NumberText.rounded($0, digits: 2) } ?? "") }
        return [
            Prose(text: "\(pair.first) / \(pair.second)"), Prose(words: pair.metric.rawValue),
            "\(pair.pairCount)\(dropped)", Self.withInterval(ratios), Self.withInterval(chances),
            Prose(words: pair.test.description), number(pair.p), number(pair.adjustedP), number(pair.smallestP),
            number(pair.varianceRatio), verdict(pair),
        ]
    }

    private func verdict(_ pair: PairComparison) -> Prose {
        guard let winner = pair.winner else { return Prose(words: pair.verdict.rawValue) }
        return "\(strong: "\(winner) is better")"
    }

    private static func withInterval(_ texts: [String]) -> Prose {
        Prose(words: texts.count == 3 ? "\(texts[0]) [\(texts[1]), \(texts[2])]" : texts[0])
    }
}
