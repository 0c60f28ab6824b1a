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
}
