import Testing

@testable import Statistics

struct DistributionTests {
    @Test(arguments: try StatisticsGolden.load().quantiles)
    func `quantiles are SciPy's`(golden: StatisticsGolden.Quantile) throws {
        let value =
            switch golden.distribution {
            case "normal": Normal.quantile(golden.p)
            case "t": StudentT.quantile(golden.p, freedom: golden.freedom)
            default: ChiSquare.quantile(golden.p, freedom: golden.freedom)
            }

        #expect(agree(value, golden.value, 1e-11) || abs(value - golden.value) < 1e-15, "\(golden): \(value)")
    }

    @Test(arguments: try StatisticsGolden.load().cumulatives)
    func `probabilities are SciPy's`(golden: StatisticsGolden.Quantile) throws {
        let p =
            switch golden.distribution {
            case "normal": Normal.cumulative(golden.value)
            case "t": StudentT.twoSided(golden.value, freedom: golden.freedom)
            default: ChiSquare.cumulative(golden.value, freedom: golden.freedom)
            }

        #expect(agree(p, golden.p, 1e-12), "\(golden): \(p)")
    }

    @Test
    func `infinite t has no tail, and chi-square nothing below 0`() {
        #expect(StudentT.twoSided(-.infinity, freedom: 3) == 0)
        #expect(ChiSquare.cumulative(0, freedom: 3) == 0)
    }

    @Test(arguments: try StatisticsGolden.load().bounds)
    func `Student's t and z against a bound are SciPy's`(sample: StatisticsGolden.Bound) throws {
        for side in Side.allCases {
            for (assumption, results) in [
                (BoundTest.Assumption.normal, sample.normal), (.knownDeviation(sample.deviation), sample.known),
            ] {
                let expected = try #require(results["\(side)"])
                let test = BoundTest(sample.values, bound: sample.bound, assuming: assumption, side: side, alpha: 0.05)

                #expect(agree(test.p, expected.p, 1e-12), "\(side) \(assumption)")
                #expect(agree(test.interval.low, expected.low, 1e-9), "\(side) \(assumption)")
                #expect(agree(test.interval.high, expected.high, 1e-9), "\(side) \(assumption)")
            }
        }
    }

    @Test
    func `a symmetric sample against a bound is a sign-flip test around it`() {
        let values = [1.5, 2.25, 0.5, 3, 2, 1.75, 2.5]
        let test = BoundTest(values, bound: 1, assuming: .symmetric, side: .higher, alpha: 0.05)
        let flips = SignFlipTest(values.map { $0 - 1 }, side: .higher)

        // The sum of no value, of -0.5, and of -0.5 and 0.5 is not above 0.
        #expect(test.p == flips.p && test.p == 3 / 128.0)
        #expect(test.interval.low == flips.interval(alpha: 0.05).low + 1)
        #expect(test.interval.high == .infinity)
        #expect(test.smallestP == 1 / 128.0)
    }

    @Test(arguments: [(0.5, 1.0), (1, 0.5), (1.5, 0)])
    func `values that do not vary are below, at or above a bound`(bound: Double, pLower: Double) {
        let test = BoundTest([1, 1, 1], bound: bound, assuming: .normal, side: .lower, alpha: 0.05)

        #expect(test.p == pLower)
        #expect(test.interval.high == 1)
    }

    @Test(arguments: try StatisticsGolden.load().noise)
    func `the interval of a deviation and what it resolves are SciPy's`(sample: StatisticsGolden.Noise) {
        let noise = NoiseEstimate(sample.values)

        #expect(noise.count == sample.values.count)
        #expect(agree(noise.mean, sample.mean, 1e-14))
        #expect(agree(noise.deviation, sample.deviation, 1e-12))
        #expect(agree(noise.deviationInterval.low, sample.low, 1e-9))
        #expect(agree(noise.deviationInterval.high, sample.high, 1e-9))
        for (seeds, difference) in zip(sample.seeds, sample.resolved) {
            #expect(agree(noise.resolvedDifference(seeds: seeds), difference, 1e-9), "\(seeds)")
        }
    }

    @Test
    func `one value has no spread`() async {
        await #expect(processExitsWith: .failure) { _ = NoiseEstimate([1]) }
        await #expect(processExitsWith: .failure) {
            _ = BoundTest([1], bound: 0, assuming: .normal, side: .both, alpha: 0.05)
        }
    }
}
