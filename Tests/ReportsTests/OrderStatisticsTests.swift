import Testing

@testable import Reports

/// Medians and their intervals.
struct OrderStatisticsTests {
    @Test(
        arguments: [
            ([3], 3), ([3, 1], 2), ([3, 1, 2], 2), ([1, 2, 3, 10], 2.5), ([1, .infinity, .infinity], .infinity),
            ([1, 2, .infinity], 2),
        ] as [([Double], Double)])
    func `the median charges what failed`(values: [Double], median: Double) {
        #expect(OrderStatistics(values).median == median)
    }

    @Test
    func `no values have no median`() {
        #expect(OrderStatistics([]).median == nil)
    }

    @Test(arguments: 1...5)
    func `fewer than six values have no interval`(count: Int) {
        #expect(OrderStatistics((1...count).map(Double.init)).medianInterval() == nil)
    }

    // Exact coverages of [x_k, x_(n+1-k)] from the binomial distribution with p = 1/2.
    @Test(
        arguments: [
            (6, 1, 96.9), (8, 1, 99.2), (9, 2, 96.1), (10, 2, 97.9), (15, 4, 96.5), (20, 6, 95.9), (30, 10, 95.7),
        ] as [(Int, Int, Double)])
    func `the interval is the narrowest that covers 95 percent`(count: Int, k: Int, coverage: Double) throws {
        let interval = try #require(OrderStatistics((1...count).map(Double.init)).medianInterval())

        #expect(interval.low == Double(k))
        #expect(interval.high == Double(count + 1 - k))
        #expect(abs(100 * interval.coverage - coverage) < 0.051)
    }
}
