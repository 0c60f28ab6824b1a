import Foundation
import Tracking

extension ProcessIdentity {
    /// This process.
    static let current = ProcessIdentity(
        host: ProcessInfo.processInfo.hostName,
        pid: Int(getpid()),
        started: status(of: Int(getpid())).flatMap(startTime) ?? 0,
        bootID: ((try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines),
        namespace: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? "")

    /// Whether the marked process still exists; nil of one on another host or in another container, of which nothing is
    /// known here.
    ///
    /// One that cannot be told from the marked one counts as alive.
    var isAlive: Bool? {
        guard host == Self.current.host else { return nil }
        guard bootID == Self.current.bootID else { return false }
        // Its number means another process here. Versions before 0.2.0 did not say where they counted.
        guard namespace.isEmpty || namespace == Self.current.namespace else { return nil }
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
