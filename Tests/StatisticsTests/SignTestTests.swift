import Testing

@testable import Statistics

struct SignTestTests {
    @Test(arguments: try StatisticsGolden.load().signTest)
    func `signs give the p of SciPy's binomial test`(sample: StatisticsGolden.Signs) {
        for side in Side.allCases {
            let p = SignTest(lower: sample.lower, higher: sample.higher, side: side).p

            #expect(agree(p, sample.p[side], 1e-12), "\(side)")
        }
    }

    @Test(arguments: try StatisticsGolden.load().orderIntervals)
    func `the interval of a median is SciPy's, failures included`(sample: StatisticsGolden.Medians) {
        for (side, alpha, ends) in sample.intervals.all {
            let interval = SignTest.interval(sample.values, alpha: alpha, side: side)

            #expect(interval == Interval(low: ends.low, high: ends.high), "\(side) \(alpha)")
        }
    }

    @Test
    func `too few pairs cannot give a small p`() {
        #expect(SignTest.smallestP(count: 5) == 0.0625)
        #expect(SignTest.smallestP(count: 5, side: .lower) == 0.03125)
    }

    @Test(arguments: try StatisticsGolden.load().holm)
    func `adjusted p values are those of statsmodels`(family: StatisticsGolden.Adjustment) {
        for (value, expected) in zip(HolmCorrection.adjusted(family.values), family.adjusted) {
            #expect(abs(value - expected) <= 1e-15)
        }
    }

    @Test(arguments: [(0.65, 81), (0.70, 46), (0.75, 29), (0.80, 21), (0.90, 12)])
    func `Noether's numbers of seeds are those of the literature`(probability: Double, seeds: Int) {
        #expect(Superiority.seedsNeeded(for: probability) == seeds)
    }

    @Test
    func `twenty seeds resolve a probability of about 0.8`() {
        #expect(Superiority.resolved(by: 20) == 0.81)
        #expect(Superiority.resolved(by: 3) == nil)
    }
}
