import Foundation
import TestSimulations
import TestSupport
import Testing

@testable import Statistics

/// What must be true of any two arms; prints the seed of those for which it is not.
struct SymmetryTests {
    /// Two arms with or without common seeds, failures, ties and a difference.
    struct Case: CustomStringConvertible {
        let seed: UInt64
        let first: Arm
        let second: Arm
        let measure: Measure
        let description: String

        init(seed: UInt64, count: ClosedRange<Int>, isPaired: Bool? = nil, isFailing: Bool? = nil) {
            var draws = Draws(seed: seed)
            let isPaired = isPaired ?? draws.isTrue(0.6)
            let failureRate = isFailing ?? draws.isTrue(0.5) ? 0.25 : 0
            let isTied = draws.isTrue(0.5)
            let scale = draws.isTrue(0.5) ? Measure.Scale.ratio : .difference
            let shift = draws.uniform() * 1.5
            let counts = (Int.random(in: count, using: &draws), Int.random(in: count, using: &draws))
            let values = { (count: Int, shift: Double) in
                (0..<count).map { _ -> Double? in
                    let value = exp(draws.normal() + shift)
                    return draws.isTrue(failureRate) ? nil : isTied ? (8 * value).rounded(.up) : value
                }
            }
            self.seed = seed
            first = Arm(values(counts.0, 0))
            second = Arm(values(isPaired ? counts.0 : counts.1, shift), from: isPaired ? 1 : 1000)
            measure = Measure(goal: draws.isTrue(0.5) ? .min : .max, scale: scale)
            description =
                "seed \(seed): \(counts), paired \(isPaired), failures \(failureRate), \(scale), tied \(isTied)"
        }
    }

    private static func cases(
        _ number: Int, count: ClosedRange<Int>, isPaired: Bool? = nil, isFailing: Bool? = nil
    ) -> [Case] {
        (0..<UInt64(number)).map {
            Case(seed: TestTier.seed &* 1000 &+ $0, count: count, isPaired: isPaired, isFailing: isFailing)
        }
    }

    private func mirrored(_ value: Double?, _ measure: Measure) -> Double? {
        value.map { measure.scale == .ratio ? 1 / $0 : -$0 }
    }

    private func expectMirrored(_ one: Case) {
        let forward = PairComparison(one.first, one.second, one.measure)
        let backward = PairComparison(one.second, one.first, one.measure)

        // Counts of splits beyond 2^53, as of 39 against 40 values, are rounded, in another order where the arms are swapped.
        let isRounded = forward.test == .rankSum && forward.isExact && forward.usedCount > 54
        #expect(
            isRounded ? agree(forward.p ?? 0, backward.p ?? 1, 1e-13) : forward.p == backward.p,
            "\(one): \(forward.p ?? .nan) and \(backward.p ?? .nan)")
        #expect((forward.effect == nil) == (backward.effect == nil), "\(one)")
        for (a, b) in [
            (forward.effect, backward.effect), (forward.interval?.low, backward.interval?.high),
            (forward.interval?.high, backward.interval?.low),
        ] {
            guard let a, let b = mirrored(b, one.measure) else { continue }
            #expect(agree(a, b, 1e-12, of: max(1, abs(a))) || a.isInfinite && a == b, "\(one): \(a) and \(b)")
        }
        let opposite: Verdict =
            switch backward.verdict {
            case .firstIsBetter: .secondIsBetter
            case .secondIsBetter: .firstIsBetter
            default: backward.verdict
            }
        #expect(forward.verdict == opposite, "\(one)")
        if let a = forward.chance?.estimate, let b = backward.chance?.estimate {
            #expect(agree(a + b, 1, 1e-12), "\(one)")
        }
    }

    private func expectConsistent(_ one: Case) {
        for isOneSided in [false, true] {
            let rules = PairComparison.Rules(isOneSided: isOneSided)
            let comparison = PairComparison(one.first, one.second, one.measure, rules)
            guard let p = comparison.p, let interval = comparison.interval else { continue }
            let null = one.measure.scale == .ratio ? 1.0 : 0
            // A shift on which the ends fall is tied with it.
            let margin = 1e-7
            let isOutside = interval.low > null + margin || interval.high < null - margin
            let isInside = interval.low < null - margin && interval.high > null + margin
            if isOutside { #expect(p <= rules.alpha, "\(one): p = \(p), \(interval)") }
            if isInside { #expect(p > rules.alpha, "\(one): p = \(p), \(interval)") }
        }
    }

    @Test
    func `swapping the arms mirrors p, effect, interval and verdict`() {
        for one in Self.cases(TestTier.isLong ? 2000 : 150, count: 1...14) { expectMirrored(one) }
    }

    @Test
    func `p is at most alpha just where the interval leaves out that nothing differs`() {
        for one in Self.cases(TestTier.isLong ? 2000 : 150, count: 4...14) { expectConsistent(one) }
    }

    @Test
    func `beyond forty seeds draws are mirrored, too, and p and interval are of the same ones`() {
        let paired = Self.cases(TestTier.isLong ? 60 : 2, count: 41...60, isPaired: true, isFailing: false)
        for one in paired {
            expectMirrored(one)
            expectConsistent(one)
        }
        for one in Self.cases(TestTier.isLong ? 12 : 0, count: 39...44, isPaired: false) {
            expectMirrored(one)
            expectConsistent(one)
        }
    }

    @Test
    func `the order of the seeds changes nothing`() {
        for one in Self.cases(TestTier.isLong ? 500 : 60, count: 2...14) {
            var draws = Draws(seed: one.seed)
            let numbers = Array(1...Int64(100)).shuffled(using: &draws)
            let renumbered = { (arm: Arm) in
                Arm(
                    arm.replicates.map {
                        // Common seeds stay common.
                        .init(seed: $0.seed > 999 ? $0.seed : numbers[Int($0.seed)], outcome: $0.outcome)
                    }.shuffled(using: &draws))
            }
            let seen = PairComparison(one.first, one.second, one.measure)
            let other = PairComparison(renumbered(one.first), renumbered(one.second), one.measure)

            #expect(seen.p == other.p && seen.effect == other.effect, "\(one)")
            #expect(seen.interval == other.interval && seen.verdict == other.verdict, "\(one)")
        }
    }

    @Test
    func `another unit changes no p and no ratio`() {
        for one in Self.cases(TestTier.isLong ? 500 : 60, count: 2...14) where one.measure.scale == .ratio {
            let scaled = { (arm: Arm) in
                Arm(
                    arm.replicates.map { replicate in
                        guard case .value(let value) = replicate.outcome else { return replicate }
                        return .init(seed: replicate.seed, outcome: .value(1e-3 * value))
                    })
            }
            let seen = PairComparison(one.first, one.second, one.measure)
            let other = PairComparison(scaled(one.first), scaled(one.second), one.measure)

            #expect(seen.p == other.p, "\(one)")
            #expect(seen.verdict == other.verdict, "\(one)")
        }
    }
}
