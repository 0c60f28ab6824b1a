import Tracking

/// Whether a sweep continues when a run fails.
package enum FailurePolicy: String, Sendable, CaseIterable {
    /// Keeps the failure and trains the other runs, unless runs keep failing in the same way.
    case `continue`
    /// Stops at the first failure.
    case stop
}

/// Notices when failures are not those of single runs.
struct FailureMonitor {
    /// So many equal failures in a row stop a sweep whatever the policy.
    private static let limit = 3

    private let policy: FailurePolicy
    private var reason: String?
    private var count = 0
    /// Why the sweep is to stop; nil while it may continue.
    private(set) var reasonToStop: String?

    init(_ policy: FailurePolicy) {
        self.policy = policy
    }

    /// Takes what came out of a run, in the order in which runs end; true when the sweep is to stop.
    mutating func shouldStop(after outcome: RunOutcome) -> Bool {
        guard outcome.state == .failed, let failure = outcome.stateReason else {
            (reason, count) = (nil, 0)
            return reasonToStop != nil
        }
        count = failure == reason ? count + 1 : 1
        reason = failure
        if policy == .stop {
            reasonToStop = reasonToStop ?? "a run failed: \(failure)"
        } else if count == Self.limit {
            reasonToStop = reasonToStop ?? "\(Self.limit) runs in a row failed in the same way: \(failure)"
        }
        return reasonToStop != nil
    }
}
