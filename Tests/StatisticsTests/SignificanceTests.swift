import Testing

@testable import Statistics

struct SignificanceTests {
    @Test(arguments: try StatisticsGolden.load().signFlip)
    func `all signs of paired differences give SciPy's p`(sample: StatisticsGolden.Differences) {
        let test = SignFlipTest(sample.values, seed: 1)

        #expect(test.isExact)
        #expect(test.p == sample.p)
    }

    @Test
    func `random signs come close to the exact p`() {
        let differences = [0.9, -0.2, 0.4, 1.1, -0.7, 0.3, 0.8, 0.1, -0.5, 0.6, 0.2, -0.1, 0.7, -0.9, 0.5, 0.4]

        let exact = SignFlipTest(differences, seed: 1)
        let random = SignFlipTest(differences + [0], seed: 1)

        #expect(!random.isExact)
        #expect(abs(random.p - exact.p) < 4 * (exact.p * (1 - exact.p) / 100_000).squareRoot())
        #expect(SignFlipTest(differences + [0], seed: 1) == random)
    }

    @Test(arguments: [(3, 0.25), (5, 0.0625), (6, 0.03125), (8, 0.0078125), (1, 1), (20, 1 / 100_001.0)])
    func `too few pairs cannot give a small p`(count: Int, p: Double) {
        #expect(SignFlipTest.smallestP(count: count) == p)
        guard count <= SignFlipTest.exactCount else { return }
        #expect(SignFlipTest((1...count).map(Double.init), seed: 1).p == p)
    }

    @Test(arguments: try StatisticsGolden.load().rankSum)
    func `a rank sum gives SciPy's p and rliable's wins`(sample: StatisticsGolden.TwoSamples) {
        let test = RankSumTest(sample.a, sample.b)

        #expect(abs(test.p - sample.p) <= 1e-12 * sample.p)
        #expect(abs(test.wins - sample.wins) < 1e-9)
        #expect(test.isExact == (sample.a.count + sample.b.count <= 100))
    }

    @Test
    func `runs that never arrive are the last, all tied`() {
        let test = RankSumTest([1, 2, .infinity], [3, .infinity, .infinity])

        // (1, 2) win three times each, the failure ties twice: 6 + 0 + 2 / 2.
        #expect(test.wins == 7)
        #expect(RankSumTest([.infinity, .infinity], [.infinity, .infinity]).p == 1)
    }

    @Test(arguments: [(3, 3, 0.1), (4, 4, 2.0 / 70), (5, 5, 2.0 / 252), (1, 1, 1), (2, 3, 0.2)])
    func `too few values cannot give a small p`(first: Int, second: Int, p: Double) {
        #expect(abs(RankSumTest.smallestP(first, second) - p) < 1e-15)
        let apart = RankSumTest((0..<first).map(Double.init), (0..<second).map { 100 + Double($0) })
        #expect(abs(apart.p - p) < 1e-15)
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

    @Test
    func `ties count one half`() {
        #expect(Superiority.of([(1, 2), (2, 2), (3, 2), (.infinity, .infinity)]) == 0.5)
        #expect(Superiority.of([(1, .infinity)]) == 1)
    }

    @Test
    func `many values that are all tied say nothing`() {
        let test = RankSumTest(Array(repeating: 1, count: 60), Array(repeating: 1, count: 60))

        #expect(!test.isExact)
        #expect(test.p == 1 && test.wins == 1800)
    }

    @Test
    func `the interval of a superiority is Wilson's where all seeds agree, and else resampled`() {
        let resamples = Resamples(of: 8, seed: 3)
        let better = (0..<8).map { (Double($0), 10.0) }
        let mixed = (0..<8).map { (Double($0), 3.5) }

        let certain = Superiority.interval(better, resamples)
        let reversed = Superiority.interval(better.map { ($1, $0) }, resamples)
        let open = Superiority.interval(mixed, resamples)

        let wilson = WilsonInterval(successes: 8, trials: 8)
        #expect(certain.low == wilson.low && certain.high == 1)
        #expect(reversed.low == 0 && abs(reversed.high - (1 - wilson.low)) < 1e-15)
        // Of eight draws with a chance of 1/2 each, 2.5 % have at most one success.
        #expect(open.low == 0.125 && open.high == 0.875)
    }

    @Test
    func `an empty sample has no test`() async {
        await #expect(processExitsWith: .failure) { _ = RankSumTest([], [1]) }
        await #expect(processExitsWith: .failure) { _ = SignFlipTest([.infinity], seed: 1) }
        await #expect(processExitsWith: .failure) { _ = WilsonInterval(successes: 2, trials: 1) }
    }
}
