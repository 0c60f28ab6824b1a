/// What became of one run, as a comparison sees it.
package enum Outcome: Sendable, Equatable {
    /// A number on the scale of the measure; never NaN.
    case value(Double)
    /// Worse than every value and tied with every other failure: diverged, failed, unstable, or a success that never came.
    case failure
    /// Nothing yet, or nothing comparable: queued, running, interrupted, cancelled. In no test and in no rate.
    case noResult

    package var hasResult: Bool { self != .noResult }
}

/// One side of a comparison: what became of each of its seeds.
package struct Arm: Sendable {
    package struct Replicate: Sendable {
        package let seed: Int64
        package let outcome: Outcome
        /// Equal for runs that did exactly the same; nil where that is not known.
        package let trajectory: String?

        package init(seed: Int64, outcome: Outcome, trajectory: String? = nil) {
            (self.seed, self.outcome, self.trajectory) = (seed, outcome, trajectory)
        }
    }

    /// In the order of their seeds; of a seed that was run more than once the first run with a result.
    package let replicates: [Replicate]
    /// How many runs repeat the seed of another one.
    package let repeatedCount: Int

    package init(_ replicates: [Replicate]) {
        var first: [Int64: Replicate] = [:]
        for replicate in replicates where first[replicate.seed]?.outcome.hasResult != true {
            if first[replicate.seed] == nil || replicate.outcome.hasResult { first[replicate.seed] = replicate }
        }
        self.replicates = first.values.sorted { $0.seed < $1.seed }
        repeatedCount = replicates.count - first.count
    }

    package var failureCount: Int { replicates.count { $0.outcome == .failure } }
    package var missingCount: Int { replicates.count { $0.outcome == .noResult } }
    package var resultCount: Int { replicates.count - missingCount }

    /// The results, of equal trajectories one.
    var distinctResults: [Outcome] {
        replicates.filter(\.outcome.hasResult).distinct(by: \.trajectory).map(\.outcome)
    }

    /// Whether the seed makes no difference at all: there is one fact then, and no sample.
    package var isDeterministic: Bool {
        let ended = replicates.filter(\.outcome.hasResult)
        guard ended.count > 1, ended.allSatisfy({ $0.trajectory != nil }) else { return false }
        return Set(ended.map(\.trajectory)).count == 1
    }
}

extension Sequence {
    /// Of several that did exactly the same the first; one whose `trajectory` is not known counts by itself.
    package func distinct(by trajectory: (Element) -> String?) -> [Element] {
        var known: Set<String> = []
        return filter { element in trajectory(element).map { known.insert($0).inserted } ?? true }
    }
}
