import Foundation
import Tracking

extension ProcessIdentity {
    /// This process.
    static let current = ProcessIdentity(
        host: ProcessInfo.processInfo.hostName,
        pid: Int(getpid()),
        started: startTime(of: Int(getpid())) ?? 0,
        bootID: ((try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines))

    /// Whether the marked process still exists; nil of one on another host, of which nothing is known here.
    ///
    /// One that cannot be told from the marked one counts as alive.
    var isAlive: Bool? {
        guard host == Self.current.host else { return nil }
        guard bootID == Self.current.bootID else { return false }
        guard kill(pid_t(truncatingIfNeeded: pid), 0) == 0 || errno == EPERM else { return false }
        guard let present = Self.startTime(of: pid) else { return true }
        return started == present
    }

    /// Field 22 of `/proc/PID/stat` (proc(5)); the name in field 2 may itself contain blanks and parentheses.
    private static func startTime(of pid: Int) -> Int? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        return fields.count > 19 ? Int(fields[19]) : nil
    }
}
