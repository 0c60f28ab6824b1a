import Statistics
import Tracking

/// Two arms on the same seeds: how much they differ, and whether that is more than chance.
struct PairComparison: Sendable {
    enum Metric: String, Sendable {
        /// Steps until the target is reached.
        case time = "steps to target"
        /// Of the parameters after the last update.
        case excess = "final excess"
        /// Over all data, where the minimum is not unique.
        case loss = "final loss"
    }

    enum Test: Sendable, Equatable {
        case signFlip, rankSum
        /// Why there is none.
        case none(String)
    }

    enum Verdict: String, Sendable {
        case firstIsBetter = "first is better"
        case secondIsBetter = "second is better"
        /// The whole interval of the ratio lies within 5 % of 1.
        case tie
        /// The seed has no effect on either: a fact of this start, not a sample.
        case deterministic
        case undecided
    }

    /// Fewer pairs than this have no test that could reach 5 %.
    static let smallestCount = 6
    /// A ratio within these bounds makes no difference that matters.
    static let negligible = 0.95...1.05

    let first: String
    let second: String
    let metric: Metric
    /// Seeds that both arms have.
    let pairCount: Int
    /// Runs whose seed only one of the arms has, and repeated ones.
    let droppedCount: Int
    /// The median over seeds of first / second: below 1 the first is better.
    let ratio: Double
    let ratioInterval: MedianInterval?
    /// P(first < second).
    let superiority: Double
    let superiorityInterval: BootstrapInterval?
    let test: Test
    /// Of this pair alone; nil without a test.
    let p: Double?
    /// Among all pairs of the report; nil without a test.
    private(set) var adjustedP: Double?
    /// What p could at best be with so many seeds; nil without a test.
    let smallestP: Double?
    /// How many times smaller the variance of a difference is for having the same seeds; nil where not all values are
    /// finite or do not vary.
    let varianceRatio: Double?
    private let isDeterministic: Bool

    init(_ first: Arm, _ second: Arm, _ resamples: ResampleSets) {
        (self.first, self.second) = (first.name, second.name)
        let (a, b) = (Dictionary(first.runs.map { ($0.seed, $0) }) { one, _ in one }, second.runs)
        var seen: Set<Int64> = []
        let pairs = b.compactMap { run -> (ReportedRun, ReportedRun)? in
            guard let other = a[run.seed], seen.insert(run.seed).inserted else { return nil }
            return (other, run)
        }
        pairCount = pairs.count
        droppedCount = first.runs.count + second.runs.count - 2 * pairs.count
        let (ofFirst, ofSecond) = (first.statistics, second.statistics)
        isDeterministic = ofFirst.isDeterministic && ofSecond.isDeterministic
        metric =
            ofFirst.successCount + ofSecond.successCount > 0
            ? .time : ofFirst.logExcesses.values.isEmpty || ofSecond.logExcesses.values.isEmpty ? .loss : .excess
        let values = pairs.map { [metric] in (Self.value($0.0, metric), Self.value($0.1, metric)) }

        let ratios = OrderStatistics(values.map { Self.ratio($0.magnitude, $1.magnitude) })
        ratio = ratios.median ?? .nan
        superiority = values.isEmpty ? .nan : Superiority.of(values.map { ($0.ranked, $1.ranked) })
        let censored = values.reduce(0) { $0 + ($1.0.isCensored ? 1 : 0) + ($1.1.isCensored ? 1 : 0) }
        let finite = values.allSatisfy { $0.charged.isFinite && $1.charged.isFinite }
        let differences = values.map { $0.charged - $1.charged }
        varianceRatio = finite ? Self.varianceRatio(values.map(\.0.charged), values.map(\.1.charged), differences) : nil

        guard pairs.count >= Self.smallestCount, !isDeterministic else {
            test = .none(isDeterministic ? "deterministic" : "fewer than \(Self.smallestCount) pairs")
            (p, smallestP, ratioInterval, superiorityInterval) = (nil, nil, nil, nil)
            return
        }
        ratioInterval = ratios.medianInterval()
        superiorityInterval = Superiority.interval(
            values.map { ($0.ranked, $1.ranked) }, resamples[pairs.count])
        if finite, Double(censored) <= 0.2 * Double(2 * values.count) {
            test = .signFlip
            p = SignFlipTest(differences, seed: resamples.seed).p
            smallestP = SignFlipTest.smallestP(count: pairs.count)
        } else {
            test = .rankSum
            p = RankSumTest(values.map(\.0.ranked), values.map(\.1.ranked)).p
            smallestP = RankSumTest.smallestP(pairs.count, pairs.count)
        }
    }

    /// With the p values of all `pairs` raised together.
    static func corrected(_ pairs: [PairComparison]) -> [PairComparison] {
        var pairs = pairs
        let tested = pairs.indices.filter { pairs[$0].p != nil }
        for (index, p) in zip(tested, HolmCorrection.adjusted(tested.compactMap { pairs[$0].p })) {
            pairs[index].adjustedP = p
        }
        return pairs
    }

    /// A difference is called one only if it is significant among all pairs, frequent and large enough to matter.
    var verdict: Verdict {
        if isDeterministic { return .deterministic }
        if let adjustedP, adjustedP <= 0.05, !Self.negligible.contains(ratio) {
            if superiority >= Superiority.meaningful, ratio < 1 { return .firstIsBetter }
            if superiority <= 1 - Superiority.meaningful, ratio > 1 { return .secondIsBetter }
        }
        // Two arms that both fail have a ratio of 1 too.
        if test == .signFlip, let interval = ratioInterval, Self.negligible.contains(interval.low),
            Self.negligible.contains(interval.high)
        {
            return .tie
        }
        return .undecided
    }

    var winner: String? {
        switch verdict {
        case .firstIsBetter: first
        case .secondIsBetter: second
        case .tie, .deterministic, .undecided: nil
        }
    }

    var loser: String? {
        winner.map { $0 == first ? second : first }
    }
}

extension PairComparison.Test: CustomStringConvertible {
    var description: String {
        switch self {
        case .signFlip: "paired sign-flip"
        case .rankSum: "Mann-Whitney"
        case .none(let reason): "none: \(reason)"
        }
    }
}

extension PairComparison {
    /// A run's value on the scale that differences are taken on, decades.
    fileprivate struct Value {
        /// Steps or excess.
        ///
        /// A failure counts as the whole budget, or as infinite where there is no budget to charge.
        let magnitude: Double
        /// Its decades.
        let charged: Double
        /// A failure is infinite.
        let ranked: Double
        let isCensored: Bool
    }

    fileprivate static func value(_ run: ReportedRun, _ metric: Metric) -> Value {
        switch metric {
        case .time:
            let time = run.time ?? RunningTime(reached: nil, budget: run.run.plan.steps)
            // A start that is at the target already counts as one step, so that there is a ratio.
            let steps = Double(max(1, time.charged))
            let decades = Log10.of(steps)
            return Value(
                magnitude: steps, charged: decades, ranked: time.isCensored ? .infinity : decades,
                isCensored: time.isCensored)
        case .excess:
            let decades = run.rankedLogExcess ?? .infinity
            return Value(
                magnitude: decades == .infinity ? .infinity : run.finalExcess ?? .infinity, charged: decades,
                ranked: decades, isCensored: decades == .infinity)
        case .loss:
            let decades = Log10.of(run.rankedLoss)
            return Value(
                magnitude: run.rankedLoss, charged: decades, ranked: decades, isCensored: decades == .infinity)
        }
    }

    /// 1 for equal values, also where both are 0 or infinite.
    fileprivate static func ratio(_ a: Double, _ b: Double) -> Double {
        a == b ? 1 : a / b
    }

    /// (var a + var b) / var(a - b).
    fileprivate static func varianceRatio(_ a: [Double], _ b: [Double], _ differences: [Double]) -> Double? {
        let paired = variance(differences)
        return paired > 0 ? (variance(a) + variance(b)) / paired : nil
    }

    private static func variance(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }
}
