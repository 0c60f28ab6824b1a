import Randomness

/// Samples drawn from a sample with replacement: the seeds of runs are its blocks (Efron 1979, percentile method).
///
/// Every statistic on the same number of seeds uses the same draws, so two that are compared differ by what they
/// measure and not by luck.
package struct Resamples: Sendable {
    package static let defaultCount = 10_000

    package let blockCount: Int
    /// How many resamples there are.
    package let count: Int
    /// `blockCount` draws per resample.
    private let draws: [UInt32]

    /// A pure function of its arguments; costs `count * blockCount` draws and four bytes for each.
    ///
    /// - Precondition: there is at least one block.
    package init(of blockCount: Int, seed: UInt64, count: Int = defaultCount) {
        precondition(blockCount > 0 && count > 0, "\(count) resamples of \(blockCount) blocks")
        self.blockCount = blockCount
        self.count = count
        var stream = CounterStream(seed: seed, index: UInt64(blockCount))
        draws = (0..<blockCount * count).map { _ in
            UInt32(stream.next().multipliedFullWidth(by: UInt64(blockCount)).high)
        }
    }

    /// `statistic` of each resample, whose blocks it gets by their indices.
    package func values(_ statistic: (ArraySlice<UInt32>) -> Double) -> [Double] {
        (0..<count).map { statistic(draws[$0 * blockCount..<($0 + 1) * blockCount]) }
    }

    /// The percentiles of `statistic` over the resamples between which all but `alpha` of them lie, each side half.
    ///
    /// Each is a value that occurred, so an end that falls on failures is infinite.
    ///
    /// - Precondition: `statistic` is never NaN.
    package func interval(alpha: Double = 0.05, _ statistic: (ArraySlice<UInt32>) -> Double) -> Interval {
        let sorted = OrderStatistics(values(statistic)).values
        let tail = Int((Double(count) * alpha / 2).rounded(.down))
        return Interval(low: sorted[tail], high: sorted[count - 1 - tail])
    }
}
