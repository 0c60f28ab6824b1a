/// Two arms compared: which test fits them, what it says, and what that amounts to.
///
/// - Common seeds, no failure: the exact sign-flip test on differences (of logarithms for ratios); the effect is the mean
///   difference, or the ratio of geometric means.
/// - Common seeds, some failure: the exact sign test on the pairs that tell the arms apart; the effect is the median over
///   these pairs.
/// - No common seeds: the exact rank sum; the effect is the median over all pairs of runs.
///
/// Every interval is its test inverted. Pairs of runs that did exactly the same as another pair count once.
package struct PairComparison: Sendable {
    package enum Test: Sendable, Equatable {
        case signFlip, sign, rankSum
    }

    /// Under which rules p and interval become a verdict.
    package struct Rules: Sendable, Equatable {
        /// Divided among the times that somebody looked.
        package let alpha: Double
        /// `lower` and `higher` mean that only the first can be better: a direction fixed before the runs.
        package let isOneSided: Bool
        /// Both arms are the best of several on the same seeds, so nothing is called better.
        package let isOptimistic: Bool

        package init(alpha: Double = 0.05, isOneSided: Bool = false, isOptimistic: Bool = false) {
            precondition(alpha > 0 && alpha < 1, "a level of \(alpha)")
            (self.alpha, self.isOneSided, self.isOptimistic) = (alpha, isOneSided, isOptimistic)
        }
    }

    package let measure: Measure
    package let rules: Rules
    /// Nil where there is nothing to test: no pair, or arms whose seeds have no effect.
    package let test: Test?
    /// Seeds that both arms have results of, each trajectory once; 0 without common seeds.
    package let pairCount: Int
    /// Pairs that a test uses: without those in which both fail or both are equal where the sign test is used.
    package let usedCount: Int
    /// Results of each arm: of the pairs, or of all its seeds where there are none, each trajectory once.
    package let counts: (first: Int, second: Int)
    package let failures: (first: Int, second: Int)
    /// Results whose seed only one of the arms has.
    package let unpairedCount: Int
    /// Pairs that repeat another one exactly, or results where there are no pairs.
    package let repeatedCount: Int
    /// Of this pair alone; nil without a test.
    package let p: Double?
    /// Whether p and interval are by counting all cases, not by draws.
    package let isExact: Bool
    /// What p could at best be with so many seeds.
    package let smallestP: Double?
    /// first / second, or first - second; nil where nothing has two values, or where half of the pairs are failures of
    /// the one and half of the other.
    package let effect: Double?
    /// At 1 - alpha, for this pair alone.
    package let interval: Interval?
    /// P(the first is better), ties and double failures counted one half, with Wilson's interval.
    package let chance: (estimate: Double, interval: WilsonInterval)?
    /// How many times smaller the variance of a difference is for having the same seeds.
    package let varianceRatio: Double?
    /// How many times as large one arm's spread is as the other's, where the rank sum compares whole distributions.
    package let spreadRatio: Double?
    /// The differences of the pairs' costs, for planning; empty with failures or without pairs.
    package let differences: [Double]
    /// Among all pairs that are shown.
    package private(set) var adjustedP: Double?
    /// How many pairs p was adjusted among.
    package private(set) var familySize = 1

    package let isDeterministic: Bool
    private let magnitude: Double

    package init(_ first: Arm, _ second: Arm, _ measure: Measure, _ rules: Rules = Rules()) {
        (self.measure, self.rules) = (measure, rules)
        isDeterministic = first.isDeterministic && second.isDeterministic
        let side: Side = rules.isOneSided ? .lower : .both
        let all = Pairs(first, second)
        let ended = { (arm: Arm) in arm.distinctResults.map(measure.cost) }
        guard all.isPaired else {
            let (a, b) = (ended(first), ended(second))
            (pairCount, unpairedCount, usedCount) = (0, 0, a.count + b.count)
            repeatedCount = first.resultCount + second.resultCount - usedCount
            counts = (a.count, b.count)
            failures = (a.count { $0 == .infinity }, b.count { $0 == .infinity })
            (differences, magnitude, varianceRatio) = ([], 0, nil)
            guard !a.isEmpty, !b.isEmpty else {
                (test, p, isExact, smallestP, effect, interval, chance, spreadRatio) =
                    (nil, nil, true, nil, nil, nil, nil, nil)
                return
            }
            let ranks = RankSumTest(a, b, side: side)
            let shift = RankSumTest.shift(a, b, alpha: rules.alpha, side: side)
            let trials = min(a.count, b.count)
            let rate = ranks.wins / Double(a.count * b.count)
            chance = (rate, WilsonInterval(successes: rate * Double(trials), trials: trials))
            effect = shift.map { measure.effect($0.estimate) }
            spreadRatio = Self.spreadRatio(a, b)
            isExact = ranks.isExact
            guard !isDeterministic else {
                (test, p, smallestP, interval) = (nil, nil, nil, nil)
                return
            }
            (test, p) = (.rankSum, ranks.p)
            smallestP = RankSumTest.smallestP(a.count, b.count, side: side)
            interval = shift.map { measure.effect($0.interval) }
            return
        }
        let pairs = all.distinct.map { (measure.cost($0.0), measure.cost($0.1)) }
        pairCount = pairs.count
        repeatedCount = all.repeatedCount
        unpairedCount = all.unpairedCount
        counts = (pairs.count, pairs.count)
        failures = (pairs.count { $0.0 == .infinity }, pairs.count { $0.1 == .infinity })
        spreadRatio = nil
        let finite = pairs.allSatisfy { $0.0.isFinite && $0.1.isFinite }
        let gaps = pairs.map { $0.0 == $0.1 ? 0 : $0.0 - $0.1 }
        let magnitude = pairs.flatMap { [$0.0, $0.1] }.filter(\.isFinite).map { abs($0) }.max() ?? 0
        self.magnitude = magnitude
        let ties = Ties(differences: gaps, magnitude: magnitude)
        let (lower, higher) = (gaps.count { $0 < -ties.tolerance }, gaps.count { $0 > ties.tolerance })
        let wins = Double(lower) + Double(pairs.count - lower - higher) / 2
        chance = (wins / Double(pairs.count), WilsonInterval(successes: wins, trials: pairs.count))
        differences = finite ? gaps : []
        varianceRatio = finite ? Self.varianceRatio(pairs, gaps) : nil
        let told = gaps.filter { abs($0) > ties.tolerance }
        guard !isDeterministic else {
            (test, p, isExact, smallestP, interval, usedCount) = (nil, nil, true, nil, nil, pairs.count)
            effect = measure.effect(OrderStatistics(gaps).median ?? 0)
            return
        }
        if finite {
            let flips = SignFlipTest(gaps, magnitude: magnitude, side: side)
            (test, p, isExact, usedCount) = (.signFlip, flips.p, flips.isExact, pairs.count)
            smallestP = SignFlipTest.smallestP(count: pairs.count, side: side)
            effect = measure.effect(flips.estimate)
            interval = measure.effect(flips.interval(alpha: rules.alpha))
        } else {
            (test, isExact, usedCount) = (.sign, true, told.count)
            guard !told.isEmpty else {
                (p, smallestP, effect, interval) = (1, 1, nil, nil)
                return
            }
            p = SignTest(lower: lower, higher: higher, side: side).p
            smallestP = SignTest.smallestP(count: told.count, side: side)
            let sorted = told.sorted()
            let (low, high) = (sorted[(told.count - 1) / 2], sorted[told.count / 2])
            effect = low == -.infinity && high == .infinity ? nil : measure.effect(OrderStatistics(told).median ?? 0)
            interval = measure.effect(SignTest.interval(told, alpha: rules.alpha, side: side))
        }
    }

    /// With the p values of all `pairs` raised together.
    package static func corrected(_ pairs: [PairComparison]) -> [PairComparison] {
        var pairs = pairs
        let tested = pairs.indices.filter { pairs[$0].p != nil }
        for (index, p) in zip(tested, HolmCorrection.adjusted(tested.compactMap { pairs[$0].p })) {
            pairs[index].adjustedP = p
            pairs[index].familySize = tested.count
        }
        return pairs
    }

    // MARK: - Internals

    /// (var a + var b) / var(a - b).
    private static func varianceRatio(_ pairs: [(Double, Double)], _ differences: [Double]) -> Double? {
        let paired = Moments(differences).variance
        return paired > 0 ? (Moments(pairs.map(\.0)).variance + Moments(pairs.map(\.1)).variance) / paired : nil
    }

    /// Of the interquartile ranges, the larger by the smaller.
    private static func spreadRatio(_ a: [Double], _ b: [Double]) -> Double? {
        let spread = { (values: [Double]) -> Double? in
            let order = OrderStatistics(values)
            guard let low = order.quartile(1), let high = order.quartile(3), high.isFinite, low.isFinite else {
                return nil
            }
            return high - low
        }
        guard let first = spread(a), let second = spread(b), first > 0, second > 0 else { return nil }
        return max(first, second) / min(first, second)
    }
}

/// The results of two arms on the seeds that both have.
private struct Pairs {
    let distinct: [(Outcome, Outcome)]
    let repeatedCount: Int
    let unpairedCount: Int
    let isPaired: Bool

    init(_ first: Arm, _ second: Arm) {
        let others = Dictionary(uniqueKeysWithValues: second.replicates.map { ($0.seed, $0) })
        var known: Set<[String]> = []
        var distinct: [(Outcome, Outcome)] = []
        var common = 0
        for replicate in first.replicates where replicate.outcome.hasResult {
            guard let other = others[replicate.seed], other.outcome.hasResult else { continue }
            common += 1
            if let one = replicate.trajectory, let two = other.trajectory, !known.insert([one, two]).inserted {
                continue
            }
            distinct.append((replicate.outcome, other.outcome))
        }
        self.distinct = distinct
        repeatedCount = common - distinct.count
        unpairedCount = first.resultCount + second.resultCount - 2 * common
        isPaired = common > 0
    }
}
