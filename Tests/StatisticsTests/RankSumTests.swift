import TestSupport
import Testing

@testable import Statistics

struct RankSumTests {
    /// Without optimization, to count the splits of 40 + 40 values takes seconds; so does to draw them.
    private static func samples() throws -> [StatisticsGolden.TwoSamples] {
        try StatisticsGolden.load().rankSum.filter { TestTier.isLong || $0.a.count + $0.b.count <= 52 }
    }

    @Test(arguments: try samples())
    func `a rank sum gives SciPy's p and rliable's wins`(sample: StatisticsGolden.TwoSamples) {
        let isExact = max(sample.a.count, sample.b.count) <= RankSumTest.exactCount
        for side in Side.allCases {
            let test = RankSumTest(sample.a, sample.b, side: side)

            // Beyond 40 values draws stand beside SciPy's normal approximation.
            let error = (sample.p[side] / Double(RankSumTest.drawCount)).squareRoot()
            #expect(
                isExact ? agree(test.p, sample.p[side], 1e-12) : abs(test.p - sample.p[side]) < 6 * error + 1e-3,
                "\(side): \(test.p), not \(sample.p[side])")
            #expect(abs(test.wins - sample.wins) < 1e-9)
            #expect(test.isExact == isExact)
        }
    }

    @Test(arguments: try samples().filter { $0.intervals != nil })
    func `the shifts that are not rejected are those of another inversion`(sample: StatisticsGolden.TwoSamples) throws {
        for (side, alpha, ends) in try #require(sample.intervals).all {
            // The level only moves the rank, and the larger samples take long.
            guard alpha == 0.05 || sample.a.count + sample.b.count <= 20 || TestTier.isLong else { continue }
            guard let shift = RankSumTest.shift(sample.a, sample.b, alpha: alpha, side: side) else {
                #expect(ends.low == -.infinity && ends.high == .infinity)
                continue
            }

            #expect(agree(shift.interval.low, ends.low, 1e-9), "\(side) \(alpha): \(shift.interval), not \(ends)")
            #expect(agree(shift.interval.high, ends.high, 1e-9), "\(side) \(alpha): \(shift.interval), not \(ends)")
        }
    }

    @Test
    func `runs that never arrive are the last, all tied`() {
        let test = RankSumTest([1, 2, .infinity], [3, .infinity, .infinity])

        // (1, 2) win three times each, the failure ties twice: 6 + 0 + 2 / 2.
        #expect(test.wins == 7)
        #expect(RankSumTest([.infinity, .infinity], [.infinity, .infinity]).p == 1)
    }

    @Test
    func `failures shift the median of all differences`() throws {
        let shift = try #require(RankSumTest.shift([1, 2, .infinity], [3, .infinity], alpha: 0.05))

        // -2, -1 and infinity against 3, and -infinity twice against the failure: the one of the two failures says nothing.
        #expect(shift.estimate == -2)
        #expect(shift.interval == .everything)
        #expect(RankSumTest.shift([.infinity], [.infinity], alpha: 0.05) == nil)
        // A value of 0 has no logarithm, and is far below a failure.
        #expect(RankSumTest.shift([-.infinity], [.infinity], alpha: 0.05)?.estimate == -.infinity)
    }

    @Test(arguments: [(3, 3, 0.1), (4, 4, 2.0 / 70), (5, 5, 2.0 / 252), (1, 1, 1), (2, 3, 0.2)])
    func `too few values cannot give a small p`(first: Int, second: Int, p: Double) {
        #expect(abs(RankSumTest.smallestP(first, second) - p) < 1e-15)
        let apart = RankSumTest((0..<first).map(Double.init), (0..<second).map { 100 + Double($0) })
        #expect(abs(apart.p - p) < 1e-15)
    }

    @Test
    func `many values that are all tied say nothing`() {
        let test = RankSumTest(Array(repeating: 1, count: 41), [1, 1])

        #expect(!test.isExact)
        #expect(test.p == 1 && test.wins == 41)
    }

    @Test
    func `an empty sample has no test`() async {
        await #expect(processExitsWith: .failure) { _ = RankSumTest([], [1]) }
    }
}
