import Testing

@testable import Statistics

struct ResamplingTests {
    @Test(arguments: try StatisticsGolden.load().bootstrap)
    func `an interval's ends are percentiles of all possible resamples`(sample: StatisticsGolden.Bootstrap) throws {
        let values = sample.values

        let interval = Resamples(of: values.count, seed: 7).interval { draws in
            OrderStatistics(draws.map { values[Int($0)] }).interquartileMean ?? .nan
        }

        // The sum's last bits depend on its order.
        let slack = 1 + 1e-14
        #expect((sample.low[0] / slack...sample.low[1] * slack).contains(interval.low))
        #expect((sample.high[0] / slack...sample.high[1] * slack).contains(interval.high))
    }

    @Test
    func `the same seed draws the same, another seed does not`() {
        let draws = { (seed: UInt64) in Resamples(of: 9, seed: seed, count: 50).values { Double($0.reduce(0, +)) } }

        #expect(draws(3) == draws(3))
        #expect(draws(3) != draws(4))
    }

    @Test
    func `every block is drawn equally often`() {
        let counts = Resamples(of: 5, seed: 11).values { draws in Double(draws.count { $0 == 4 }) }

        // 50 000 draws with a probability of 1/5: a standard deviation of 89.
        #expect(abs(counts.reduce(0, +) - 10_000) < 400)
    }

    @Test(arguments: try StatisticsGolden.load().expectedBest)
    func `the best of k is that of all choices`(trials: StatisticsGolden.Trials) {
        let best = ExpectedBest(trials.values)

        for k in 1...trials.values.count {
            #expect(abs(best.value(of: k) - trials.means[k - 1]) < 1e-13)
            #expect(abs(best.probabilityOfBest(of: k) - trials.chances[k - 1]) < 1e-13)
        }
    }

    @Test
    func `a choice that may hold failures only is worth nothing`() {
        let best = ExpectedBest([3, .infinity, 1, .infinity])

        #expect(best.value(of: 2) == .infinity)
        #expect(best.value(of: 3) == 1.5)
        #expect(best.value(of: 4) == 1)
    }
}
