import Foundation
import Testing

@testable import Statistics

struct OrderStatisticsTests {
    @Test(arguments: try StatisticsGolden.load().samples)
    func `statistics of a sample are NumPy's and SciPy's`(sample: StatisticsGolden.Sample) throws {
        let statistics = OrderStatistics(sample.values)

        #expect(statistics.median == sample.median)
        for number in 1...3 {
            let quartile = try #require(statistics.quartile(number))
            #expect(quartile.isApproximatelyEqual(to: sample.quartiles[number - 1]))
        }
        let mean = try #require(statistics.interquartileMean)
        #expect(mean.isApproximatelyEqual(to: sample.interquartileMean))
    }

    @Test(arguments: try StatisticsGolden.load().samples)
    func `the interval of a median covers what the binomial distribution says`(sample: StatisticsGolden.Sample) throws {
        let interval = OrderStatistics(sample.values).medianInterval()

        #expect(interval?.rank == sample.medianInterval?.rank)
        guard let interval, let expected = sample.medianInterval else { return }
        let sorted = sample.values.sorted()
        #expect(abs(interval.coverage - expected.coverage) < 1e-14)
        #expect(interval.low == sorted[expected.rank - 1])
        #expect(interval.high == sorted[sorted.count - expected.rank])
    }

    @Test(arguments: 0...5)
    func `fewer than six values have no interval`(count: Int) {
        #expect(OrderStatistics((0..<count).map(Double.init)).medianInterval() == nil)
    }

    @Test
    func `without values there is no statistic`() {
        let statistics = OrderStatistics([])

        #expect(statistics.median == nil)
        #expect(statistics.quartile(1) == nil)
        #expect(statistics.interquartileMean == nil)
    }

    @Test
    func `a failure is charged by every statistic that falls on it`() throws {
        let statistics = OrderStatistics([1, .infinity, 2, .infinity, 3, .infinity])

        #expect(statistics.median == .infinity)
        #expect(statistics.quartile(1) == 2.25)
        #expect(statistics.quartile(3) == .infinity)
        #expect(statistics.interquartileMean == .infinity)
        let interval = try #require(statistics.medianInterval())
        #expect(interval.low == 1)
        #expect(interval.high == .infinity)
    }

    @Test
    func `an excess of exactly 0 is no failure`() {
        let statistics = OrderStatistics([-.infinity, -.infinity, -3, .infinity])

        #expect(statistics.median == -.infinity)
        #expect(statistics.quartile(1) == -.infinity)
        #expect(statistics.values.first == -.infinity)
    }

    @Test(arguments: [0.5, 0.8, 0.99])
    func `an interval at another level is the narrowest that covers it`(level: Double) throws {
        let interval = try #require(OrderStatistics((1...20).map(Double.init)).medianInterval(level: level))

        #expect(interval.coverage >= level)
        #expect(1 - 2 * Binomial.lowerTail(interval.rank, of: 20) < level)
        #expect(OrderStatistics((1...6).map(Double.init)).medianInterval(level: 0.99) == nil)
    }

    @Test
    func `NaN has no rank`() async {
        await #expect(processExitsWith: .failure) { _ = OrderStatistics([1, .nan]) }
    }

    @Test(arguments: try StatisticsGolden.load().wilson)
    func `the interval of a rate is SciPy's`(rate: StatisticsGolden.Rate) {
        let interval = WilsonInterval(successes: rate.successes, trials: rate.trials)

        #expect(abs(interval.low - rate.low) < 1e-14)
        #expect(abs(interval.high - rate.high) < 1e-14)
    }

    @Test(arguments: [(1, 0), (1000, 3), (0.01, -2), (0, -Double.infinity), (2, 0.3010299957)] as [(Double, Double)])
    func `decades are log10 with ten decimals`(value: Double, expected: Double) {
        #expect(Log10.of(value) == expected)
    }

    @Test(arguments: [Double.nan, -.infinity, -1e-300, .infinity])
    func `what has no logarithm ranks behind all numbers`(value: Double) {
        #expect(Log10.of(value) == .infinity)
        #expect(OrderStatistics([Log10.of(value), 1, 2]).median == 2)
    }
}

extension Double {
    /// Within the rounding of a few operations in another order.
    fileprivate func isApproximatelyEqual(to other: Double) -> Bool {
        abs(self - other) <= 8 * Swift.max(ulp, other.ulp)
    }

    @Test(arguments: [[], [-Double.infinity], [.infinity, .infinity, .infinity, .infinity]])
    func `the interval of an interquartile mean is that of the means of resamples`(others: [Double]) throws {
        let sample = OrderStatistics((0..<11).map { sin(Double($0)) } + others)

        let plain = Resamples(of: sample.values.count, seed: 7).interval { draws in
            OrderStatistics(draws.map { sample.values[Int($0)] }).interquartileMean ?? .nan
        }

        #expect(try #require(sample.interquartileMeanInterval(seed: 7)) == plain)
        #expect(OrderStatistics(Array(sample.values.prefix(9))).interquartileMeanInterval(seed: 7) == nil)
    }
}
