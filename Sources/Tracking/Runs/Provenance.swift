import Foundation

/// Which program on which machine made a run, and which process it was.
package struct Provenance: Sendable, Equatable {
    /// The program's version.
    package let version: String
    package let gitCommit: String?
    /// The command line as typed.
    package var command: String
    package let process: ProcessIdentity

    package init(version: String, gitCommit: String?, command: String, process: ProcessIdentity) {
        self.version = version
        self.gitCommit = gitCommit
        self.command = command
        self.process = process
    }
}

/// What tells one process from every other, so that a run whose process is gone is recognized.
///
/// A process id alone is reused; with its start time and the machine's boot id it is not.
package struct ProcessIdentity: Sendable, Hashable {
    package let host: String
    package let pid: Int
    /// In the operating system's own unit, ticks since boot on Linux.
    package let started: Int
    package let bootID: String
    /// Which numbering of processes `pid` is of: containers on one host each have their own.
    package let namespace: String

    package init(host: String, pid: Int, started: Int, bootID: String, namespace: String = "") {
        self.host = host
        self.pid = pid
        self.started = started
        self.bootID = bootID
        self.namespace = namespace
    }
}

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
package struct RunAttempt: Sendable, Hashable {
    package let run: Int64
    package let number: Int
}
