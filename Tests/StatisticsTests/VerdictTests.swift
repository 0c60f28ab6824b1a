import Foundation
import TestSimulations
import Testing

@testable import Statistics

struct VerdictTests {
    private static let ratio = Measure(scale: .ratio)
    private static let difference = Measure(scale: .difference)

    /// Values that are `ratio` times others, apart from a scatter of so much.
    private static func pair(_ count: Int, ratio: Double, scatter: Double = 0.01) -> (Arm, Arm) {
        let logarithms = SignFlipTests.normal(count, seed: 11)
        let noise = SignFlipTests.normal(count, deviation: scatter, seed: 12)
        return (
            Arm(zip(logarithms, noise).map { ratio * exp($0 + $1) }), Arm(logarithms.map { exp($0) })
        )
    }

    private static func verdict(
        _ arms: (Arm, Arm), _ measure: Measure = ratio, _ rules: PairComparison.Rules = .init()
    ) -> Verdict {
        PairComparison(arms.0, arms.1, measure, rules).verdict
    }

    @Test
    func `a ratio beyond chance and large enough names the better arm`() {
        #expect(Self.verdict(Self.pair(8, ratio: 0.8)) == .firstIsBetter)
        #expect(Self.verdict(Self.pair(8, ratio: 1.25)) == .secondIsBetter)
    }

    @Test
    func `one side was fixed before, so the second is never better`() {
        let rules = PairComparison.Rules(isOneSided: true)

        #expect(Self.verdict(Self.pair(5, ratio: 0.8), Self.ratio, rules) == .firstIsBetter)
        #expect(Self.verdict(Self.pair(5, ratio: 0.8)) == .undecided(.tooFewSeeds))
        #expect(Self.verdict(Self.pair(8, ratio: 1.25), Self.ratio, rules) == .undecided(.notBeyondChance))
    }

    @Test
    func `a whole interval where differences do not matter is a tie`() {
        #expect(Self.verdict(Self.pair(8, ratio: 1)) == .tied)
        // Beyond chance, and still nothing that matters.
        #expect(Self.verdict(Self.pair(10, ratio: 1.02, scatter: 0.001)) == .tied)
    }

    @Test
    func `differences are tied only if it was said which do not matter`() {
        let arms = Self.pair(8, ratio: 1)
        let wide = Measure(scale: .difference, minimumEffect: 0.5)

        #expect(Self.verdict(arms, Self.difference) == .undecided(.notBeyondChance))
        #expect(Self.verdict(arms, wide) == .tied)
        #expect(Self.verdict(arms, wide, .init(isOneSided: true)) == .undecided(.notBeyondChance))
    }

    @Test
    func `without a result nothing is decided`() {
        #expect(Self.verdict((Arm([]), Arm([1, 2]))) == .undecided(.noResults))
        let waiting = Arm([.init(seed: 1, outcome: .noResult)])
        #expect(Self.verdict((waiting, waiting)) == .undecided(.noResults))
    }

    @Test
    func `arms whose seeds have no effect are facts and no sample`() throws {
        let arm = { (value: Double, first: Int64) in
            Arm((0..<8).map { .init(seed: first + $0, outcome: .value(value), trajectory: "\(value)") })
        }
        let paired = PairComparison(arm(1, 1), arm(2, 1), Self.ratio)
        let unpaired = PairComparison(arm(1, 1), arm(2, 100), Self.ratio)

        for comparison in [paired, unpaired] {
            #expect(comparison.verdict == .undecided(.deterministic))
            #expect(comparison.p == nil && comparison.interval == nil && comparison.test == nil)
            #expect(agree(try #require(comparison.effect), 0.5, 1e-15))
        }
        // One of them alone is compared with the other's scatter.
        #expect(PairComparison(arm(1, 1), Self.pair(8, ratio: 1).0, Self.ratio).p != nil)
    }

    @Test
    func `pairs that fail twice or are equal tell nothing apart`() {
        let failing = Arm([nil, nil, nil, 1, 1, 1, 1])

        #expect(Self.verdict((failing, failing)) == .undecided(.nothingTellsThemApart))
        #expect(Self.verdict((Arm([1, 2, 3]), Arm([1, 2, 3]))) == .undecided(.nothingTellsThemApart))
        let many = Arm((1...9).map { Double($0) })
        #expect(Self.verdict((many, many), Self.difference) == .undecided(.nothingTellsThemApart))
        #expect(Self.verdict((many, many)) == .tied)
    }

    @Test
    func `so few seeds decide nothing whatever they show`() {
        #expect(Self.verdict(Self.pair(5, ratio: 0.1)) == .undecided(.tooFewSeeds))
        #expect(Self.verdict((Arm([1, 2, 3]), Arm([10, 20, 30], from: 50))) == .undecided(.tooFewSeeds))
        // Eight pairs, of which five tell the arms apart.
        let first = Arm([1, 1, 1, 1, 1, nil, nil, nil])
        let second = Arm([2, 2, 2, 2, nil, nil, nil, nil])
        #expect(Self.verdict((first, second)) == .undecided(.tooFewSeeds))
    }

    @Test
    func `the best of several on the same seeds is not called better`() {
        let rules = PairComparison.Rules(isOptimistic: true)

        #expect(Self.verdict(Self.pair(8, ratio: 0.5), Self.ratio, rules) == .undecided(.chosenOnTheSameSeeds))
        #expect(Self.verdict(Self.pair(8, ratio: 2), Self.ratio, rules) == .undecided(.chosenOnTheSameSeeds))
        #expect(Self.verdict(Self.pair(8, ratio: 1), Self.ratio, rules) == .tied)
    }

    @Test
    func `a difference may be beyond chance and too small to matter`() {
        // The interval reaches out of where differences do not matter.
        #expect(
            Self.verdict(Self.pair(10, ratio: 1.03, scatter: 0.03)) == .undecided(.tooSmallToMatter))
        let small = Measure(scale: .difference, minimumEffect: 10)
        #expect(
            Self.verdict((Arm([1, 2, 3, 4, 5, 6]), Arm([2, 4, 6, 20, 10, 12])), small) == .undecided(.tooSmallToMatter))
    }

    @Test
    func `a difference may be chance, alone or only among all`() {
        let arms = Self.pair(8, ratio: 0.97, scatter: 0.2)
        #expect(Self.verdict(arms) == .undecided(.notBeyondChance))

        // p = 4 / 256 alone; the other pairs have nothing to show.
        let first = Arm([1, 1, 1, 1, 1, 1, 1, 1.01])
        let better = PairComparison(first, Arm([2, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 1]), Self.ratio)
        #expect(better.p == 4 / 256.0 && better.verdict == .firstIsBetter)
        let chance = PairComparison(arms.0, arms.1, Self.ratio)
        let corrected = PairComparison.corrected([better] + [PairComparison](repeating: chance, count: 5))
        #expect(corrected[0].verdict == .undecided(.notBeyondChanceAmongAll))
    }

    @Test(arguments: [
        (arms: 2, paired: 6, unpaired: 4), (3, 7, 5), (4, 8, 5), (5, 9, 6), (6, 10, 6), (8, 11, 7), (10, 11, 7),
    ])
    func `the fewest seeds for any finding among all pairs`(arms: Int, paired: Int, unpaired: Int) {
        let pairCount = arms * (arms - 1) / 2
        let (first, second) = (Arm([1, 2]), Arm([2, 3]))
        let family = { (second: Arm) in
            PairComparison.corrected(
                (0..<pairCount).map { _ in PairComparison(first, second, Self.ratio) })[0].fewestSeeds
        }

        #expect(family(second) == paired)
        #expect(family(Arm([2, 3], from: 10)) == unpaired)
        // In the split a quarter of the seeds, at least three, choose.
        let seeds = (9...40).first {
            $0 - (ConfigurationChoice.choosingSeeds(of: (1...Int64($0))) ?? []).count >= paired
        }
        #expect(seeds == [2: 9, 3: 10, 4: 11, 5: 12, 6: 13, 8: 14, 10: 14][arms])
    }
}
