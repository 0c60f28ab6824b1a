/// A run as it stands in the file.
package struct StoredRun: Sendable, Equatable, Identifiable {
    package let id: Int64
    /// What was planned.
    package let plan: PlannedRun
    /// The name of the experiment it belongs to.
    package let experiment: String?
    package let sweepID: Int64?
    /// The place in its sweep, from 0.
    package let trialNumber: Int?
    package let state: RunState
    package let stepsDone: Int
    /// The first step whose numbers are not all finite, in a diverged run.
    package let divergedStep: Int?
    /// Why the run diverged or failed.
    package let stateReason: String?
    /// The stopping rule that ended the run before its last step.
    package let stopReason: String?
    /// How often a loss and its gradients were computed; nil until the run ends.
    package let evaluations: Int?
    /// The loss over all data before the first update; nil until the run ends, and where nobody computed it.
    package let initialLoss: Double?
    /// The loss over all data at the final parameters; nil until the run ends.
    package let finalLoss: Double?
    /// The lowest loss of any step; nil until the run ends.
    package let bestLoss: Double?
    package let bestStep: Int?
    /// How often the run was started: what a worker shows to prove that the run is still its own.
    package let attempt: Int
    /// Who works or worked on it; nil while it is queued for the first time.
    package let process: ProcessIdentity?
    /// Until when a worker whose heartbeat stops is taken for alive, ISO 8601 text in UTC.
    package let leaseUntil: String?
    package let version: String
    package let gitCommit: String?
    package let command: String
    /// Times are ISO 8601 text in UTC.
    package let createdAt: String
    package let startedAt: String?
    package let finishedAt: String?
    /// Since when it is hidden; nil for a run like any other.
    package let deletedAt: String?
}

/// A parameter before the first and after the last update.
package struct ParameterValues: Sendable, Equatable {
    package let name: String
    package let initial: Double
    package let final: Double
    /// The optimizer's running average of it; nil when it keeps none.
    package let average: Double?

    package init(name: String, initial: Double, final: Double, average: Double? = nil) {
        self.name = name
        self.initial = initial
        self.final = final
        self.average = average
    }
}
