import Experiments
import Foundation
import TextFormats
import Tracking

extension Provenance {
    /// This program, in this process, as it was called.
    static var current: Provenance {
        Provenance(
            version: Version.current,
            gitCommit: GitCommit.checkedOut(),
            command: (["gradbook"] + CommandLine.arguments.dropFirst()).map(\.quotedForShell).joined(separator: " "),
            process: ProcessIdentity.current)
    }
}

extension ProcessIdentity {
    /// This process.
    static let current = ProcessIdentity(
        host: ProcessInfo.processInfo.hostName,
        pid: Int(getpid()),
        started: status(of: Int(getpid())).flatMap(startTime) ?? 0,
        bootID: ((try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines),
        namespace: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "")

    /// Whether the marked process still exists; nil of one on another host, before another start of this one, or in another
    /// container, of which nothing is known here: then its lease decides.
    ///
    /// One that cannot be told from the marked one counts as alive.
    var isAlive: Bool? {
        guard host == Self.current.host else { return nil }
        // It may have been before this machine was started, or on another one of the same name.
        guard bootID == Self.current.bootID else { return nil }
        // Elsewhere its number means another process. Versions before 0.2.0 did not say where they counted.
        guard namespace == Self.current.namespace else { return nil }
        guard kill(pid_t(truncatingIfNeeded: pid), 0) == 0 || errno == EPERM else { return false }
        guard let fields = Self.status(of: pid) else { return true }
        // One that has ended stays in the table until its parent has heard of it, which may be never.
        if fields[0] == "Z" || fields[0] == "X" { return false }
        return Self.startTime(in: fields).map { $0 == started } ?? true
    }

    private static func startTime(in fields: [Substring]) -> Int? {
        fields.count > 19 ? Int(fields[19]) : nil
    }

    /// The fields of `/proc/PID/stat` (proc(5)) from the third, the state, on; the time it started is the 22nd.
    ///
    /// The name in the second may itself contain blanks and parentheses.
    private static func status(of pid: Int) -> [Substring]? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        return fields.isEmpty ? nil : fields
    }
}

extension ExperimentRunner {
    /// A notebook of this process, which from now on ends in an orderly way when it is asked to.
    convenience init(recordingInto store: Store) {
        StopSignal.watch()
        self.init(
            store, origin: .current, clock: Clock.nanoseconds, isAlive: { $0.isAlive },
            isStopping: { StopSignal.isReceived })
    }
}

/// The time, for the places that must not read it themselves.
enum Clock {
    /// ISO 8601 in UTC with milliseconds, such as 2026-05-01T12:00:00.000Z.
    @Sendable static func timestamp() -> String {
        Date().formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }

    /// Nanoseconds since the machine started; never goes back.
    @Sendable static func nanoseconds() -> Int {
        Int(DispatchTime.now().uptimeNanoseconds)
    }
}
