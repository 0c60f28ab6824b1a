import Foundation
import TestSimulations
import Testing

@testable import Statistics

struct PairComparisonTests {
    private static let ratio = Measure(scale: .ratio)

    @Test(arguments: [
        ([1.0, 1, 1, 1, 1, 1, 4], [2.0, 2, 2, 2, 2, 2, 2], 0.125),
        ([1.0, 3, 5, 10, 50, 7, 40], [2.0, 6, 10, 20, 100, 14, 20], 0.125),
        // Steps to a target, of which log 4 - log 8 twice and log 4 - log 2 are ties.
        ([4.0, 4, 4, 5, 4, 4, 4, 4], [10.0, 5, 2, 9, 8, 5, 8, 9], 0.0625),
    ])
    func `equal ratios at different scales are tied`(first: [Double], second: [Double], p: Double) {
        let comparison = PairComparison(Arm(first), Arm(second), Self.ratio)

        #expect(comparison.test == .signFlip)
        #expect(comparison.p == p)
        #expect(comparison.verdict == .undecided(.notBeyondChance))
    }

    @Test
    func `without failures the effect is the ratio of geometric means, with the shifts not rejected`() throws {
        let comparison = PairComparison(Arm([1, 2, 3, 4, 5, 6, 7]), Arm([2, 4, 6, 8, 10, 12, 14]), Self.ratio)

        #expect(comparison.p == 2 / 128.0 && comparison.smallestP == 2 / 128.0)
        #expect(agree(try #require(comparison.effect), 0.5, 1e-14))
        let interval = try #require(comparison.interval)
        #expect(agree(interval.low, 0.5, 1e-12) && agree(interval.high, 0.5, 1e-12))
        #expect(comparison.pairCount == 7 && comparison.usedCount == 7)
        #expect(comparison.chance?.estimate == 1)
        #expect(comparison.chance?.interval == WilsonInterval(successes: 7, trials: 7))
        #expect(comparison.verdict == .firstIsBetter)
    }

    @Test
    func `one failure makes it the sign test on the pairs that differ`() throws {
        let first = Arm([1, 2, nil, nil, 5, 6, 7, 9])
        let second = Arm([2, 4, 6, nil, 10, 12, 7, nil])
        let comparison = PairComparison(first, second, Self.ratio)

        #expect(comparison.test == .sign)
        // Halved four times, the second fails alone once, the first once; once both fail, once they are equal.
        #expect(comparison.pairCount == 8 && comparison.usedCount == 6)
        #expect(comparison.p == SignTest(lower: 5, higher: 1).p)
        #expect(comparison.failures == (2, 2))
        #expect(comparison.chance?.estimate == 6 / 8.0)
        #expect(comparison.differences.isEmpty && comparison.varianceRatio == nil)
        #expect(agree(try #require(comparison.effect), 0.5, 1e-14))
        #expect(comparison.interval == Interval(low: 0, high: .infinity))
    }

    @Test
    func `failures of the one and of the other in halves have no median ratio`() {
        let comparison = PairComparison(Arm([nil, nil, 1, 1]), Arm([1, 1, nil, nil]), Self.ratio)

        #expect(comparison.effect == nil)
        #expect(comparison.p == 1)
        #expect(comparison.verdict == .undecided(.tooFewSeeds))
    }

    @Test
    func `without common seeds it is the rank sum, failures tied worst`() throws {
        let comparison = PairComparison(Arm([1, 2, 3, 4, 5]), Arm([10, 20, nil, nil, 50], from: 100), Self.ratio)

        #expect(comparison.test == .rankSum)
        #expect(comparison.p == 2 / 252.0)
        #expect(comparison.counts == (5, 5) && comparison.failures == (0, 2))
        #expect(comparison.verdict == .firstIsBetter)
        #expect(comparison.chance?.interval == WilsonInterval(successes: 5, trials: 5))
        // Of 25 ratios ten are 0, and of the others that to 10 and 20 are above that to 50.
        let effect = try #require(comparison.effect)
        #expect(effect > 0 && effect < 0.1)
    }

    @Test
    func `runs without a result are in no pair, and lone seeds are counted`() {
        let first = Arm([
            .init(seed: 1, outcome: .value(1)), .init(seed: 2, outcome: .noResult), .init(seed: 3, outcome: .failure),
            .init(seed: 4, outcome: .value(2)), .init(seed: 5, outcome: .value(2)),
        ])
        let comparison = PairComparison(first, Arm([2, 3, 4], from: 1), Self.ratio)

        #expect(comparison.pairCount == 2)
        // Seeds 4 and 5 of the first, and seed 2 of the second.
        #expect(comparison.unpairedCount == 3)
        #expect(first.resultCount == 4 && first.missingCount == 1 && first.failureCount == 1)
    }

    @Test
    func `of a seed that was run again the first result counts`() {
        let arm = Arm([
            .init(seed: 2, outcome: .noResult), .init(seed: 1, outcome: .value(5)), .init(seed: 2, outcome: .value(7)),
            .init(seed: 2, outcome: .value(8)), .init(seed: 1, outcome: .noResult),
        ])

        #expect(arm.replicates.map(\.seed) == [1, 2])
        #expect(arm.replicates.map(\.outcome) == [.value(5), .value(7)])
        #expect(arm.repeatedCount == 3)
    }

    @Test
    func `pairs that did exactly the same count once`() {
        let arm = { (values: [Double], names: [String], first: Int64) in
            Arm(
                zip(values, names).enumerated().map { index, run in
                    .init(seed: first + Int64(index), outcome: .value(run.0), trajectory: run.1)
                })
        }
        let first = arm([1, 1, 1, 2], ["a", "a", "a", "b"], 1)
        let paired = PairComparison(first, arm([3, 3, 4, 5], ["x", "x", "y", "z"], 1), Self.ratio)
        let unpaired = PairComparison(first, arm([3, 3, 4, 5], ["x", "x", "y", "z"], 50), Self.ratio)

        #expect(paired.pairCount == 3 && paired.repeatedCount == 1)
        #expect(unpaired.counts == (2, 3) && unpaired.repeatedCount == 3)
        #expect(agree(unpaired.p ?? 0, 2 / 10.0, 1e-14))
    }

    @Test
    func `a larger value is better where the goal is the highest`() throws {
        let measure = Measure(goal: .max, scale: .difference, minimumEffect: 0.01)
        let (high, low) = (Arm([0.9, 0.92, 0.91, 0.95, 0.93, 0.9]), Arm([0.5, 0.6, 0.55, 0.52, 0.57, 0.6]))
        let comparison = PairComparison(high, low, measure)

        #expect(comparison.verdict == .firstIsBetter)
        #expect(try #require(comparison.effect) > 0.3)
        #expect(try #require(comparison.interval).low > 0.29)
        #expect(PairComparison(low, high, measure).verdict == .secondIsBetter)
        let oneSided = PairComparison(high, low, measure, .init(isOneSided: true))
        #expect(oneSided.p == 1 / 64.0)
        #expect(try #require(oneSided.interval).high == .infinity)
        #expect(PairComparison(low, high, measure, .init(isOneSided: true)).p == 1)
    }

    @Test
    func `the same seeds make differences vary less`() throws {
        var simulation = Simulation(seed: 3)
        (simulation.shared, simulation.own) = (1, 0.1)
        let arms = simulation.arms(seeds: 12)
        let comparison = PairComparison(arms[0], arms[1], Self.ratio)

        #expect(try #require(comparison.varianceRatio) > 10)
        #expect(comparison.differences.count == 12)
    }

    @Test
    func `spreads that differ are told where distributions are compared`() throws {
        let narrow = Arm([1, 2, 3, 4, 5, 6])
        let wide = Arm([1, 20, 30, 40, 50, 60], from: 100)
        let comparison = PairComparison(narrow, wide, Measure(scale: .difference))

        // Quartiles 2.25 and 4.75, 22.5 and 47.5.
        #expect(comparison.spreadRatio == 10)
        #expect(PairComparison(wide, narrow, Measure(scale: .difference)).spreadRatio == 10)
    }

    @Test
    func `p is raised among all pairs that have one`() throws {
        var simulation = Simulation(seed: 8)
        let arms = simulation.arms(seeds: 10, ratios: [1, 2, 1.2])
        let empty = PairComparison(Arm([]), arms[0], Self.ratio)
        let pairs = [
            PairComparison(arms[0], arms[1], Self.ratio), empty, PairComparison(arms[0], arms[2], Self.ratio),
            PairComparison(arms[1], arms[2], Self.ratio),
        ]

        let corrected = PairComparison.corrected(pairs)

        let p = [0, 2, 3].compactMap { pairs[$0].p }
        #expect([0, 2, 3].compactMap { corrected[$0].adjustedP } == HolmCorrection.adjusted(p))
        #expect(corrected[0].familySize == 3)
        #expect(corrected[1].adjustedP == nil && corrected[1].verdict == .undecided(.noResults))
        #expect(corrected.map(\.p) == pairs.map(\.p))
    }

    @Test
    func `a scale of ratios needs values above 0`() {
        #expect(Measure.scale(for: [1, 2]) == .ratio)
        #expect(Measure.scale(for: [1, 0]) == .difference)
        #expect(Measure.scale(for: [1, .infinity]) == .difference)
        #expect(Measure(goal: .max, scale: .ratio).cost(.value(2)) == -log(2))
        #expect(Measure(scale: .difference).cost(.failure) == .infinity)
    }
}
