import TextFormats

/// Which part of a sweep's queued runs one of several workers without a common file trains.
package struct SweepShare: Sendable, Equatable {
    /// From 0.
    package let index: Int
    package let count: Int

    /// Share `index` of `count`.
    package init(index: Int, of count: Int) throws(ExperimentError) {
        guard (1...100_000).contains(count) else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "of")",
                "'\(count)' is not a number of shards",
                advice: "give one from 1 to 100000")
        }
        guard (0..<count).contains(index) else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "index")",
                "'\(index)' is no shard of \(count)",
                advice: "they are numbered from 0 to \(count - 1)")
        }
        (self.index, self.count) = (index, count)
    }

    /// This share of `runs`: consecutive ones, so that every share holds whole seeds where it can and a merged file grows
    /// at its end; the sizes of two shares differ by one at most.
    package func part<Run>(of runs: [Run]) -> ArraySlice<Run> {
        let (size, rest) = runs.count.quotientAndRemainder(dividingBy: count)
        let start = index * size + min(index, rest)
        return runs[start..<start + size + (index < rest ? 1 : 0)]
    }
}
