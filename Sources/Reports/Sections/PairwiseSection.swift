import Statistics
import TextFormats

/// Every comparison that was made, the uninteresting ones included.
struct PairwiseSection {
    static let title = "Pairwise"

    let comparison: Comparison
    let spelling: OptionSpelling

    let target: ReportTarget

    var blocks: [Document.Block] {
        guard !comparison.pairs.isEmpty else {
            return [.heading(level: 2, Prose(words: Self.title)), .paragraph(absence)]
        }
        var table = Document.Table([
            ("pair", .left), ("measure", .left), ("seeds", .right), ("effect", .left), ("P(first is better)", .left),
            ("test", .left), ("p", .right), ("Holm p", .right), ("smallest p", .right), ("variance ratio", .right),
            ("verdict", .left),
        ])
        for pair in comparison.pairs { table.append(row(pair)) }
        let tested = comparison.pairs.count { $0.result.p != nil }
        let level =
            comparison.pairs.contains(where: \.isLookedAtAgain)
            ? "at 95 %, or higher where its verdict was read before on fewer seeds," : "at 95 %"
        return [
            .heading(level: 2, Prose(words: Self.title)),
            .paragraph(
                """
                \(comparison.pairs.count.counted("pair")), \(tested) tested, two-sided; Holm's correction is over all of them. Each \
                interval is \(words: level) for its pair alone.
                """),
        ] + LongTable.blocks(table, rest: "data/pairwise.csv") + [.list(legend + plans)]
    }

    private var legend: [Prose] {
        let isRatio = comparison.measure.measure.scale == .ratio
        let effect: Prose =
            isRatio
            ? """
            \(em: "effect"): first / second, below 1 the first is better. Without failures the ratio of geometric means, with the \
            sign-flip test inverted as its interval; with failures the median ratio of the pairs that tell the arms apart; without \
            common seeds the median of all ratios.
            """
            : """
            \(em: "effect"): first - second, below 0 the first is better, since some values are not above 0. Without failures the \
            mean difference, with the sign-flip test inverted as its interval; with failures the median of the pairs that tell the \
            arms apart; without common seeds the median of all differences.
            """
        return [
            effect,
            """
            \(em: "P(first is better)"): on the same seed, or of any two runs where no seed is common; ties and double failures counted one half; Wilson's approximate 95 % interval (\(text: CalibrationText.rate)).
            """,
            """
            \(em: "test"): exact up to \(SignFlipTest.exactCount) seeds; beyond, by as many draws as it says. With common seeds one failure \
            makes it the sign test.
            """,
            "\(em: "smallest p"): what the test could at best give with so many seeds.",
            "\(em: "variance ratio"): how many times less a difference varies because both had the same seeds.",
            isRatio
                ? """
                \(em: "verdict"): better only with Holm p ≤ 0.05 and a ratio outside 1/1.05 to 1.05; tied only if the whole interval \
                lies in there; else undecided, which is not "equal".
                """
                : """
                \(em: "verdict"): better only with Holm p ≤ 0.05; differences are never called tied without a smallest one that matters.
                """,
        ] + errors
    }

    /// How often the rules are wrong, where a verdict can be.
    private var errors: [Prose] {
        guard comparison.pairs.contains(where: { $0.result.test != nil }) else { return [] }
        let isOptimistic = comparison.arms.contains(where: \.isOptimistic)
        let limit = isOptimistic ? " This says nothing of configurations that were chosen on the same seeds." : ""
        return [
            """
            \(em: "false findings"): \(text: CalibrationText.falseFindings(of: comparison)); all figures stand in the \
            documentation of the module Statistics.\(text: limit)
            """
        ]
    }

    /// What more seeds would do for pairs that are not decided.
    private var plans: [Prose] {
        comparison.pairs.compactMap { pair in
            guard case .undecided(.notBeyondChance) = pair.verdict, let plan = pair.plan else { return nil }
            return "\(text: "\(pair.first) / \(pair.second)"): \(text: pair.text(target: target).sentence(of: plan))"
        }
    }

    private var absence: Prose {
        comparison.arms.count > Comparison.largestArmCount
            ? """
            \(comparison.arms.count) configurations are too many to compare each with each; name one with \(code: spelling("baseline")).
            """
            : "There is nothing to compare with."
    }

    private func row(_ pair: ReportedPair) -> [Prose] {
        let result = pair.result
        let effects = result.effect.map { effect in
            // As in the sentence: what is no number, or no bound, takes no part in the rounding.
            let all = [effect] + (result.interval.map { [$0.low, $0.high] } ?? [])
            let lowest: Double = result.measure.scale == .ratio ? 0 : -.infinity
            var texts = NumberText.together(all.filter { $0 > lowest && $0 < .infinity })[...]
            return all.map { $0 > lowest && $0 < .infinity ? texts.removeFirst() : NumberText.rounded($0) }
        }
        let chances = result.chance.map { chance in
            [chance.estimate, chance.interval.low, chance.interval.high].map { NumberText.fixed($0, decimals: 2) }
        }
        let number = { (value: Double?) in Prose(words: value.map { NumberText.rounded($0, digits: 2) } ?? "") }
        return [
            Prose(text: "\(pair.first) / \(pair.second)"), Prose(text: pair.name(target: target)),
            Prose(words: seeds(result)),
            Self.withInterval(effects), Self.withInterval(chances), Prose(words: pair.testName), number(result.p),
            number(result.adjustedP), number(result.smallestP), number(result.varianceRatio), verdict(pair),
        ]
    }

    private func seeds(_ result: PairComparison) -> String {
        guard result.pairCount > 0 else { return "\(result.counts.first) and \(result.counts.second)" }
        var text = "\(result.pairCount)"
        if result.usedCount < result.pairCount { text = "\(result.usedCount) of \(text)" }
        let left = result.unpairedCount + result.repeatedCount
        return left > 0 ? "\(text) (\(left) left out)" : text
    }

    private func verdict(_ pair: ReportedPair) -> Prose {
        guard let winner = pair.winner else { return Prose(words: pair.verdictName) }
        return "\(strong: "\(winner) is better")"
    }

    private static func withInterval(_ texts: [String]?) -> Prose {
        guard let texts else { return "" }
        return Prose(words: texts.count == 3 ? "\(texts[0]) [\(texts[1]), \(texts[2])]" : texts[0])
    }
}

extension ReportedPair {
    /// The test in the words of tables and files.
    var testName: String {
        switch result.test {
        case .signFlip: result.isExact ? "paired sign-flip, exact" : "paired sign-flip, \(SignFlipTest.drawCount) draws"
        case .sign: "paired sign, exact"
        case .rankSum: result.isExact ? "rank sum, exact" : "rank sum, \(RankSumTest.drawCount) draws"
        case nil: "none"
        }
    }

    /// The verdict in the words of tables and files.
    var verdictName: String {
        if obstacle != nil { return "not comparable" }
        switch verdict {
        case .firstIsBetter: return "first is better"
        case .secondIsBetter: return "second is better"
        case .tied: return "tied"
        case .undecided(let cause): return "undecided: \(cause.name)"
        }
    }

    /// How many seeds would decide it at a ratio of 0.8; nil where the pilot says nothing of that.
    var plan: SeedPlan? {
        guard result.measure.scale == .ratio, result.differences.count >= 6 else { return nil }
        return SeedPlan(
            differences: result.differences, effect: 0.8, result.measure,
            alpha: result.rules.alpha / Double(result.familySize))
    }
}
