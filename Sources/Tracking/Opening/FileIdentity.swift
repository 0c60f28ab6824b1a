import Foundation
import Synchronization

/// Which file a path leads to, as the file system knows it, symbolic links followed.
struct FileIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64

    /// Nil where nothing is, or where it cannot be looked at.
    init?(atPath path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Whether this process has the file open.
    var isOpenHere: Bool {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return descriptors.lazy.compactMap(CInt.init).contains { descriptor in
            var status = stat()
            return fstat(descriptor, &status) == 0 && FileIdentity(status) == self
        }
    }

    private init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
    }
}

/// How often this process has each file open.
///
/// Closing any descriptor of a file gives up all locks that the process has on it, so that nothing may look into a file of
/// SQLite's beside it while a connection is open: <https://www.sqlite.org/howtocorrupt.html>, section 2.2.
enum OpenFiles {
    private static let counts = Mutex<[FileIdentity: Int]>([:])

    static func add(_ file: FileIdentity) {
        counts.withLock { $0[file, default: 0] += 1 }
    }

    /// Whether it was the last one.
    static func remove(_ file: FileIdentity) -> Bool {
        counts.withLock { counts in
            counts[file, default: 0] -= 1
            guard counts[file, default: 0] <= 0 else { return false }
            counts[file] = nil
            return true
        }
    }
}

/// What stands at a path, before SQLite opens it.
enum FileKind: Equatable {
    case missing
    /// With so many names in the file system.
    case regular(names: Int)
    case directory
    /// A named pipe, a socket or a device.
    case other(String)
    /// It cannot be told, for the reason that `errno` has.
    case unknown(Int32)

    init(atPath path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            self = [ENOENT, ENOTDIR].contains(errno) ? .missing : .unknown(errno)
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .regular(names: Int(status.st_nlink))
        case S_IFDIR: self = .directory
        default: self = .other(status.kindName)
        }
    }

    /// Where a symbolic link leads; nil of anything else.
    static func target(ofLinkAtPath path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}
