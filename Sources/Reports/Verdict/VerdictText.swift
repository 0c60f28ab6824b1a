import Statistics
import TextFormats

/// What a comparison of two arms says, in words: the same wherever it is printed.
///
/// Nothing is claimed here that ``Statistics/PairComparison`` does not say.
struct VerdictText: Sendable {
    let first: String
    let second: String
    let pair: PairComparison
    /// What is compared, such as "final excess" or "steps until excess=1e-3 holds".
    let measure: String
    /// What stays out and why, such as "2 runs of adam (queued)"; what the comparison itself leaves out is added.
    let exclusions: [String]
    /// What else belongs into the first sentence, such as how a configuration was chosen.
    let notes: [String]
    /// Whether some of the seeds choose configurations, besides those that compare.
    let choosesSeeds: Bool

    init(
        _ first: String, _ second: String, _ pair: PairComparison, measure: String, exclusions: [String] = [],
        notes: [String] = [], choosesSeeds: Bool = false
    ) {
        self.choosesSeeds = choosesSeeds
        (self.first, self.second, self.pair) = (first, second, pair)
        (self.measure, self.exclusions, self.notes) = (measure, exclusions, notes)
    }

    /// The verdict with the effect, its interval, the seeds, the test and p; then failures and what stays out.
    var sentence: String {
        ([finding] + notes + failures + leftOut).joined(separator: "; ") + "."
    }

    /// Sentences that a reader needs besides the first one: how sure the interval is, how often the first is better, and
    /// what more seeds would do.
    func explanations(plan: SeedPlan? = nil) -> [String] {
        [interval, chance, spread, pairing, fewest, plan.map(sentence)].compactMap(\.self)
    }

    /// How many seeds decide a comparison of which the true effect is a given one.
    func sentence(of plan: SeedPlan) -> String {
        let effect = NumberText.exact(plan.effect)
        let kind = pair.measure.scale == .ratio ? "ratio" : "difference"
        guard let seeds = plan.seeds else {
            return
                "If the true \(kind) is \(effect), \(SeedPlan.largestCount) seeds are too few to decide it in 8 of 10 cases."
        }
        return
            "If the true \(kind) is \(effect), about \(inAll(seeds.counted("seed"), seeds)) decide it in at least 8 of 10 cases."
    }
}

// MARK: - The first sentence

extension VerdictText {
    private var finding: String {
        let against = "\(first) against \(second) in \(measure)"
        switch pair.verdict {
        case .firstIsBetter: return "\(first) is better than \(second) in \(measure): \(evidence())"
        case .secondIsBetter:
            return "\(second) is better than \(first) in \(measure): \(evidence(reversed: true))"
        case .tied: return "\(first) and \(second) are tied in \(measure): \(evidence())"
        case .undecided(.noResults): return "\(against): nothing to compare, \(absence)"
        case .undecided(let cause): return "\(against): undecided, \(reason(cause)): \(evidence())"
        }
    }

    /// Who has no result.
    private var absence: String {
        switch (pair.counts.first, pair.counts.second) {
        case (0, 0): "no run has a result"
        case (0, _): "no run of \(first) has a result"
        default: "no run of \(second) has a result"
        }
    }

    private func reason(_ cause: Verdict.Cause) -> String {
        switch cause {
        case .noResults: "there are no results"
        case .deterministic: "the seed has no effect on either, so there is one comparison and no sample"
        case .nothingTellsThemApart: "in every pair both fail or both are equal"
        case .tooFewSeeds: "p can at best be \(Self.probability(attainable)) with so few"
        case .chosenOnTheSameSeeds:
            "the difference is beyond chance, but a configuration was chosen on the same seeds (optimistic)"
        case .tooSmallToMatter: "the difference is beyond chance, but too small to matter"
        case .notBeyondChance: "the difference may be chance"
        case .notBeyondChanceAmongAll: "alone the difference would be beyond chance, among all pairs it may be chance"
        }
    }

    /// The smallest p that is possible, among all pairs.
    private var attainable: Double { min(1, (pair.smallestP ?? 1) * Double(pair.familySize)) }

    private func evidence(reversed: Bool = false) -> String {
        guard pair.usedCount > 0 else { return sample }
        return (["\(sample), \(effect(reversed: reversed))"] + [test].compactMap(\.self)).joined(separator: "; ")
    }

    private var sample: String {
        switch pair.test {
        case .sign where (1..<pair.pairCount).contains(pair.usedCount):
            "on the \(pair.usedCount) of \(pair.pairCount.counted("common seed")) that tell the arms apart"
        case .rankSum: unpaired
        case nil where pair.pairCount == 0: unpaired
        case .signFlip, .sign, nil: "on \(pair.pairCount.counted("common seed"))"
        }
    }

    private var unpaired: String { "over \(pair.counts.first) and \(pair.counts.second) runs without a common seed" }

    private var test: String? {
        guard let test = pair.test, let p = pair.p else { return nil }
        let side = pair.rules.isOneSided ? "one-sided, its direction fixed before the runs, " : ""
        let name: String
        switch test {
        case .signFlip:
            name = pair.isExact ? "exact sign-flip test" : "sign-flip test by \(SignFlipTest.drawCount) draws"
        case .sign: name = "exact sign test"
        case .rankSum: name = pair.isExact ? "exact rank-sum test" : "rank-sum test by \(RankSumTest.drawCount) draws"
        }
        let alone = "p = \(Self.probability(p))"
        guard pair.familySize > 1, let adjusted = pair.adjustedP else { return "\(name), \(side)\(alone)" }
        return "\(name), \(side)alone \(alone), among \(pair.familySize) pairs \(Self.probability(adjusted))"
    }

    private static func probability(_ p: Double) -> String { NumberText.rounded(p, digits: 2) }
}

// MARK: - The effect

extension VerdictText {
    /// Of what is named first to what is named second: with `reversed` these have changed places.
    private func effect(reversed: Bool) -> String {
        guard let effect = pair.effect else {
            return pair.test == .sign ? "each alone fails in half of them" : "no two values to compare"
        }
        guard effect != lowest, effect != .infinity else {
            let worse = (effect == .infinity) == (pair.measure.goal == .min) ? first : second
            let value = reversed ? turned(effect) : effect
            return pair.hasFailures
                ? "\(worse) alone fails in most" : "\(kind) \(value == 0 ? "0" : NumberText.status(value))"
        }
        let value = reversed ? turned(effect) : effect
        let interval = pair.interval ?? .everything
        let (low, high) = reversed ? (turned(interval.high), turned(interval.low)) : (interval.low, interval.high)
        let texts = NumberText.together([value, low, high].filter { $0 > lowest && $0 < .infinity })
        let bounds =
            switch (low > lowest, high < .infinity) {
            case (true, true): " [\(texts[1]), \(texts[2])]"
            case (true, false): " (at least \(texts[1]))"
            case (false, true): " (at most \(texts[1]))"
            case (false, false): ""
            }
        return "\(kind) \(texts[0])\(bounds)"
    }

    /// Of all effects there can be.
    private var lowest: Double { pair.measure.scale == .ratio ? 0 : -.infinity }

    private var hasInterval: Bool {
        pair.interval.map { $0.low > lowest || $0.high < .infinity } ?? false
    }

    private func turned(_ effect: Double) -> Double { pair.measure.scale == .ratio ? 1 / effect : -effect }

    private var kind: String {
        let isRatio = pair.measure.scale == .ratio
        switch pair.test {
        case .signFlip: return isRatio ? "ratio of geometric means" : "mean difference"
        case .sign: return isRatio ? "median ratio of a pair" : "median difference of a pair"
        case .rankSum: return isRatio ? "median of all ratios" : "median of all differences"
        case nil: return isRatio ? "ratio" : "difference"
        }
    }
}

// MARK: - Failures and exclusions

extension VerdictText {
    private var failures: [String] {
        guard pair.hasFailures else { return [] }
        let (a, b) = (pair.failures, pair.counts)
        return ["failed: \(a.first) of \(b.first) runs of \(first), \(a.second) of \(b.second) of \(second)"]
    }

    private var leftOut: [String] {
        var all = exclusions
        if pair.unpairedCount > 0 {
            all.append("\(pair.unpairedCount.counted("run")) whose seed only one arm has a result of")
        }
        if pair.repeatedCount > 0 {
            let noun = pair.pairCount > 0 ? "pair" : "run"
            all.append("\(pair.repeatedCount.counted(noun)) that did exactly what another one did")
        }
        return all.isEmpty ? [] : ["left out: \(all.joined(separator: ", "))"]
    }
}

// MARK: - What else a reader needs

extension VerdictText {
    private var interval: String? {
        guard let test = pair.test, hasInterval else { return nil }
        let level = NumberText.exact(((1 - pair.rules.alpha) * 1e6).rounded() / 1e4)
        let exactness =
            switch (test, pair.isExact) {
            case (.signFlip, true): "exact for symmetric differences"
            case (.sign, _): "exact for the median of the pairs that tell the arms apart"
            case (.rankSum, true): "exact if the two differ by a shift"
            case (_, false): "approximate, by the same draws as p; \(CalibrationText.drawn(test))"
            }
        let side = pair.rules.isOneSided ? "one-sided " : ""
        return "The \(side)interval is at \(level) % for this pair alone, the test inverted: \(exactness)."
    }

    private var chance: String? {
        guard let chance = pair.chance else { return nil }
        let texts = [chance.estimate, chance.interval.low, chance.interval.high].map {
            NumberText.fixed($0, decimals: 2)
        }
        let condition = pair.pairCount > 0 ? " on the same seed" : ""
        return
            "P(\(first) is better\(condition)) = \(texts[0]) [\(texts[1]), \(texts[2])], ties one half, "
            + "Wilson's approximate 95 % interval (\(CalibrationText.rate))."
    }

    private var spread: String? {
        guard let spread = pair.spreadRatio, spread > 3 else { return nil }
        return
            "The spreads differ \(NumberText.rounded(spread, digits: 2)) times: the rank sum compares whole distributions, not their middles."
    }

    private var pairing: String? {
        guard let ratio = pair.varianceRatio else { return nil }
        let times = ratio < 1000 ? NumberText.rounded(ratio, digits: 2) : "more than 1000"
        return "Without common seeds the variance of a difference would be \(times) times what it is."
    }

    /// `text`, which is `count` seeds that compare, as all seeds that it takes where some of them choose.
    private func inAll(_ text: String, _ count: Int) -> String {
        guard choosesSeeds else { return text }
        return "\(text), which takes \(ConfigurationChoice.seedsInAll(comparing: count)) with those that choose,"
    }

    private var fewest: String? {
        guard case .undecided(.tooFewSeeds) = pair.verdict else { return nil }
        let level = NumberText.exact(pair.rules.alpha)
        let among = pair.familySize > 1 ? " among \(pair.familySize) pairs" : ""
        let runs = pair.test == .rankSum ? "runs of each arm" : "seeds of both arms"
        let fewest = pair.fewestSeeds
        return "The fewest \(runs) that can give p <= \(level)\(among) are \(inAll("\(fewest)", fewest))."
    }
}

extension PairComparison {
    fileprivate var hasFailures: Bool { failures.first + failures.second > 0 }
}
