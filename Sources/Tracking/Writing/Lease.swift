import Foundation

/// How long a started run is its worker's without another heartbeat.
struct Lease: Sendable {
    /// When it is given or renewed, ISO 8601 text in UTC.
    let now: String
    let seconds: TimeInterval

    /// SQL for the time at which it ends; the arguments are ``now`` and ``extent``.
    static let end = "strftime('%Y-%m-%dT%H:%M:%fZ', ?, ?)"

    var extent: String { "+\(seconds) seconds" }
}

/// Who starts a run, and until when it is theirs.
struct LeaseHolder: Sendable {
    let provenance: Provenance
    let lease: Lease
}

/// One start of a run: what a worker shows to prove that the run is still its own.
struct RunAttempt: Sendable, Hashable {
    let run: Int64
    let number: Int
}
