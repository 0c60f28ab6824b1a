/// A sweep before its first run: what is searched and how.
package struct SweepPlan: Sendable, Equatable {
    /// Unique in the file.
    package var name: String
    package var description = ""
    /// The search space as canonical JSON.
    package var searchSpace: String
    /// `grid`, `random`, `sobol`, ...
    package var sampler: String
    /// Decides, with a run's position, every sampled value.
    package var seed: Int64
    /// What every run is to reach, for instance `loss=1e-3`.
    package var target: String?
    /// The steps of its longest run; of halving those of the last rung.
    package var budgetSteps: Int?

    package init(
        name: String, description: String = "", searchSpace: String, sampler: String, seed: Int64 = 0,
        target: String? = nil, budgetSteps: Int? = nil
    ) {
        self.name = name
        self.description = description
        self.searchSpace = searchSpace
        self.sampler = sampler
        self.seed = seed
        self.target = target
        self.budgetSteps = budgetSteps
    }
}

/// Whether a sweep's queue is still worked on, as the column `state` spells it.
package enum SweepState: String, Sendable, CaseIterable {
    case open
    case done
    case cancelled
    /// Ended early, by a failure policy.
    case stopped
}

/// A sweep as it stands in the file.
package struct StoredSweep: Sendable, Equatable, Identifiable {
    package let id: Int64
    package let plan: SweepPlan
    /// How many runs it has in all, also where a file holds only some of them.
    package let plannedRuns: Int
    /// The name of the experiment it belongs to.
    package let experiment: String?
    package let state: SweepState
    package let command: String
    /// Times are ISO 8601 text in UTC.
    package let createdAt: String
    package let finishedAt: String?
}
