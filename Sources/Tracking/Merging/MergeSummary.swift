/// What merging another notebook changed in this one.
package struct MergeSummary: Sendable, Equatable {
    /// Runs that this notebook did not know.
    package var runsAdded = 0
    /// Runs that were planned or interrupted here and had ended there.
    package var runsCompleted = 0
    /// Runs that both have, with the same numbers.
    package var runsUnchanged = 0
    package var stepsAdded = 0

    package init(runsAdded: Int = 0, runsCompleted: Int = 0, runsUnchanged: Int = 0, stepsAdded: Int = 0) {
        self.runsAdded = runsAdded
        self.runsCompleted = runsCompleted
        self.runsUnchanged = runsUnchanged
        self.stepsAdded = stepsAdded
    }

    /// Whether the other notebook held anything new.
    package var changedSomething: Bool { runsAdded + runsCompleted + stepsAdded > 0 }
}
