import Foundation

/// Who may read and write a file.
package struct AccessRights: Sendable, Equatable {
    /// Nil for what the system gives.
    private let mode: mode_t?
    /// Whose group the rights of a group are for; nil for that of whoever makes the file.
    private let group: gid_t?

    /// Those that every new file of this process gets.
    package static let usual = AccessRights(mode: nil, group: nil)

    /// A copy of the file at `path` allows nobody but its owner what the file does not; as usual where there is no such file.
    package init(ofCopyOf path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            self = .usual
            return
        }
        // Whoever makes the copy may do with it what it is for.
        self.init(mode: status.st_mode & 0o066 & ~Self.mask | 0o600, group: status.st_gid)
    }

    private init(mode: mode_t?, group: gid_t?) {
        (self.mode, self.group) = (mode, group)
    }

    /// With which the file is made, before they are given to it.
    var initialMode: mode_t { mode == nil ? 0o666 : 0o600 }

    /// Gives them to a file that nobody else can open yet.
    func apply(to file: FileDescriptor) -> Bool {
        guard var mode else { return true }
        if let group, file.status?.st_gid != group, fchown(file.number, uid_t.max, group) != 0 {
            // Who was of the group before is one of the others now, or the other way round: both may what both might.
            let shared = (mode >> 3) & mode & 0o007
            mode = mode & 0o700 | shared << 3 | shared
        }
        return fchmod(file.number, mode) == 0
    }

    /// The rights that this process gives nobody, as `/proc/self/status` has them: `umask` itself cannot be read without
    /// being set, which other threads would notice.
    private static let mask: mode_t = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Umask:") }
        return line.flatMap { mode_t($0.dropFirst("Umask:".count).filter(\.isNumber), radix: 8) } ?? 0o077
    }()
}
