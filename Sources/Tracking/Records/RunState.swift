/// Where a run stands, as the column `state` spells it.
package enum RunState: String, Sendable, CaseIterable {
    /// Planned, and nobody's yet.
    case queued
    /// Claimed by a process. If that process is gone, the run was interrupted: see `Store.interruptedRuns(isAlive:)`.
    case running
    case done
    /// A result like any other: the numbers stopped being finite.
    case diverged
    case failed
    case pruned
    case cancelled

    /// Whether nobody will work on the run any more.
    package var isFinal: Bool {
        self != .queued && self != .running
    }
}
