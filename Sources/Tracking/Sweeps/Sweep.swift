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
    /// The seeds that choose among configurations, while all are compared on the others; nil where there are too few.
    package var choosingSeeds: Set<Int64>?

    package init(
        name: String, description: String = "", searchSpace: String, sampler: String, seed: Int64 = 0,
        target: String? = nil, budgetSteps: Int? = nil, choosingSeeds: Set<Int64>? = nil
    ) {
        self.name = name
        self.description = description
        self.searchSpace = searchSpace
        self.sampler = sampler
        self.seed = seed
        self.target = target
        self.budgetSteps = budgetSteps
        self.choosingSeeds = choosingSeeds
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
package struct Sweep: Sendable, Equatable, Identifiable {
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

    /// Whether halving gave a run of it fewer steps than the last rung: its configuration was not promoted, or runs longer
    /// elsewhere.
    package func isUnpromoted(_ run: Run) -> Bool {
        guard plan.sampler == "halving", let budget = plan.budgetSteps else { return false }
        return run.plan.steps < budget
    }
}

/// How far a sweep is, counted from its rows.
package struct SweepTally: Sendable, Equatable {
    /// The runs of one state.
    package struct Count: Sendable, Equatable {
        package let state: RunState
        package let runs: Int
        package let stepsPlanned: Int
        /// Steps that are stored, whether or not their run has ended.
        package let stepsRecorded: Int
    }

    /// One entry per state that some run is in, in the order of ``RunState``.
    package let counts: [Count]
    /// What all workers together have trained lately; nil when there is nothing to tell it by.
    package let stepsPerSecond: Double?

    package func runs(_ state: RunState) -> Int {
        counts.first { $0.state == state }?.runs ?? 0
    }

    package var runsEnded: Int { ended.reduce(0) { $0 + $1.runs } }
    package var stepsRecorded: Int { counts.reduce(0) { $0 + $1.stepsRecorded } }
    /// Steps that may still come; what has ended is complete, however early it ended.
    package var stepsLeft: Int {
        counts.filter { !$0.state.isFinal }.reduce(0) { $0 + $1.stepsPlanned - $1.stepsRecorded }
    }

    /// How long the rest takes at the speed of the last minute.
    package var secondsLeft: Double? {
        stepsPerSecond.flatMap { $0 > 0 ? Double(stepsLeft) / $0 : nil }
    }

    private var ended: [Count] { counts.filter(\.state.isFinal) }
}
