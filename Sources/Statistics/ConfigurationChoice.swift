/// Which of several configurations is compared, and on which seeds.
package enum ConfigurationChoice {
    /// From so many seeds on some of them choose and the others compare.
    package static let smallestSplit = 9

    /// The seeds that choose: the first quarter of them, rounded down, at least 3; nil for fewer than nine.
    package static func choosingSeeds(of seeds: some Collection<Int64>) -> Set<Int64>? {
        let sorted = Set(seeds).sorted()
        return sorted.count < smallestSplit ? nil : Set(sorted.prefix(choosingCount(of: sorted.count)))
    }

    /// The fewest seeds of which so many are left to compare when the others choose.
    package static func seedsInAll(comparing count: Int) -> Int {
        (max(smallestSplit, count)...).first { $0 - choosingCount(of: $0) >= count } ?? count
    }

    private static func choosingCount(of seeds: Int) -> Int { max(3, seeds / 4) }

    /// The order in which configurations are preferred: fewest failures, then the lowest mean cost of the others.
    package struct Score: Sendable, Comparable {
        /// Failures by results; 1 without any.
        package let failureRate: Double
        /// Infinite where nothing but failures is seen.
        package let mean: Double

        package init(_ outcomes: [Outcome], _ measure: Measure) {
            let ended = outcomes.filter(\.hasResult)
            let costs = ended.map(measure.cost).filter { $0 != .infinity }
            failureRate = ended.isEmpty ? 1 : Double(ended.count - costs.count) / Double(ended.count)
            mean = costs.isEmpty ? .infinity : Moments(costs).mean
        }

        package static func < (a: Score, b: Score) -> Bool { (a.failureRate, a.mean) < (b.failureRate, b.mean) }
    }

    /// The index of the replicate that stands for its arm where a single run is wanted: the middle one of those with
    /// values, the lower of two, of equals the lowest seed; nil without any.
    ///
    /// A failure is never the one.
    package static func medianReplicate(of arm: Arm, _ measure: Measure) -> Int? {
        let costs = arm.replicates.map { measure.cost($0.outcome) }
        let sorted = costs.filter { $0 < .infinity }.sorted()
        return sorted.isEmpty ? nil : costs.firstIndex(of: sorted[(sorted.count - 1) / 2])
    }
}
