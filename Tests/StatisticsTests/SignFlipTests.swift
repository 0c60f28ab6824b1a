import Foundation
import TestSimulations
import TestSupport
import Testing

@testable import Statistics

struct SignFlipTests {
    /// Those that are quick without optimization, and in the long tier more.
    static func samples() throws -> [StatisticsGolden.Differences] {
        try StatisticsGolden.load().signFlip.filter { $0.values.count <= (TestTier.isLong ? 32 : 20) }
    }

    @Test(arguments: try StatisticsGolden.load().signFlip.filter { $0.values.count <= (TestTier.isLong ? 40 : 26) })
    func `all signs of paired differences give SciPy's p`(sample: StatisticsGolden.Differences) {
        for side in Side.allCases {
            let test = SignFlipTest(sample.values, side: side)

            #expect(test.isExact)
            #expect(agree(test.p, sample.p[side], 1e-12), "\(side)")
        }
    }

    @Test(arguments: try samples())
    func `the shifts that are not rejected are those between subset means`(sample: StatisticsGolden.Differences) {
        // Means that are as good as tied with an end may lie beyond it.
        let scale = (sample.values.map { abs($0) }.max() ?? 0) * max(1, Double(sample.values.count) / 8)
        for (side, alpha, ends) in sample.intervals.all {
            let interval = SignFlipTest(sample.values, side: side).interval(alpha: alpha)

            #expect(agree(interval.low, ends.low, 1.001e-9, of: scale), "\(side) \(alpha): \(interval) \(ends)")
            #expect(agree(interval.high, ends.high, 1.001e-9, of: scale), "\(side) \(alpha): \(interval) \(ends)")
        }
    }

    @Test(
        .enabled(if: TestTier.isLong), arguments: try StatisticsGolden.load().signFlip.filter { $0.values.count == 40 })
    func `at forty pairs, too`(sample: StatisticsGolden.Differences) throws {
        let ends = try #require(sample.intervals["both 0.05"])
        let interval = SignFlipTest(sample.values).interval(alpha: 0.05)
        let scale = 5 * (sample.values.map { abs($0) }.max() ?? 0)

        #expect(agree(interval.low, ends.low, 1.001e-9, of: scale))
        #expect(agree(interval.high, ends.high, 1.001e-9, of: scale))
    }

    @Test
    func `equal steps at different scales are tied`() {
        // log 4 - log 2 and log 2 differ in their last bits.
        let pairs = [(1.0, 2.0), (2, 4), (3, 6), (5, 10), (7, 14), (9, 18), (4, 2)]

        #expect(SignFlipTest(pairs.map { log($0.0) - log($0.1) }, magnitude: log(18)).p == 0.125)
    }

    @Test
    func `random signs come close to the exact p and interval`() {
        let differences = SignFlipTests.normal(24, shift: 0.5, seed: 7)

        // Zeros change nothing but the number of pairs.
        let exact = SignFlipTest(differences)
        let padded = differences + [Double](repeating: 0, count: 17)
        let random = SignFlipTest(padded)

        #expect(!random.isExact)
        #expect(abs(random.p - exact.p) < 5 * (exact.p / Double(SignFlipTest.drawCount)).squareRoot())
        #expect(SignFlipTest(padded.reversed()).p == random.p)
    }

    @Test(arguments: [(3, 0.25), (5, 0.0625), (6, 0.03125), (8, 0.0078125), (1, 1), (41, 2 / 100_001.0)])
    func `too few pairs cannot give a small p`(count: Int, p: Double) {
        #expect(SignFlipTest.smallestP(count: count) == p)
        guard count <= SignFlipTest.exactCount else { return }
        #expect(SignFlipTest((1...count).map(Double.init)).p == p)
        #expect(SignFlipTest((1...count).map(Double.init), side: .higher).p == (count == 1 ? 0.5 : p / 2))
    }

    @Test
    func `an empty or infinite sample has no test`() async {
        await #expect(processExitsWith: .failure) { _ = SignFlipTest([]) }
        await #expect(processExitsWith: .failure) { _ = SignFlipTest([.infinity]) }
    }

    /// Normal values that a seed always gives alike.
    static func normal(_ count: Int, shift: Double = 0, deviation: Double = 1, seed: UInt64) -> [Double] {
        var draws = Draws(seed: seed)
        return (0..<count).map { _ in shift + deviation * draws.normal() }
    }
}
