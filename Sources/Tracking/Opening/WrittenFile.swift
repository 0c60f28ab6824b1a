import Foundation
import GRDB
import GRDBSQLite
import SQLiteOptions
import Synchronization
import TextFormats

/// The file that a connection writes: notices when another one, or none, stands at its path.
///
/// SQLite goes on writing into a file that was moved or removed, and its write-ahead log keeps the name of the path: whoever
/// opens another file there has the log written into it, which destroys it. So the file is compared at every commit.
final class WrittenFile: Sendable {
    private let path: String
    /// Where the path led when the file was opened: SQLite names the log after it.
    private let target: String
    private let file: FileIdentity
    private let log: FileIdentity?
    private let sharedMemory: FileIdentity?
    private let isAbandoned = Mutex(false)

    /// The file that `database` has just opened, which is in write-ahead mode.
    init(_ database: Database, path: String) throws(TrackingError) {
        self.path = path
        guard let target = Self.target(of: path) else { throw .replaced(path) }
        self.target = target
        guard let file = FileIdentity(atPath: path), !Self.hasMoved(database) else { throw .replaced(path) }
        self.file = file
        log = FileIdentity(atPath: target + "-wal")
        sharedMemory = FileIdentity(atPath: target + "-shm")
    }

    /// Throws, and takes the log away if it is the file's own, unless the file and its log are where they were.
    ///
    /// The connection must not be used afterwards but to close it, see ``prepareClosing(_:)``.
    func mustBeInPlace() throws(TrackingError) {
        // A symbolic link to the file at another place gives the same file another log.
        let isMoved = Self.target(of: path).map { $0 != target } ?? false
        let found = FileIdentity(atPath: path)
        let hasLog = log == nil || FileIdentity(atPath: target + "-wal") == log
        if found == file && !isMoved && hasLog { return }
        isAbandoned.withLock { $0 = true }
        if found == file && !isMoved { throw .logRemoved(path) }
        for (suffix, identity) in [("-wal", log), ("-shm", sharedMemory)] {
            guard let identity, FileIdentity(atPath: target + suffix) == identity else { continue }
            unlink(target + suffix)
        }
        throw found == nil || found == file ? .removed(path) : .replaced(path)
    }

    /// Nil where nothing is.
    private static func target(of path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Has closing the connection leave a file alone that is not in its place any more.
    func prepareClosing(_ database: Database) {
        try? mustBeInPlace()
        guard isAbandoned.withLock({ $0 }) else { return }
        _ = sqlite_options_set(database.sqliteConnection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    }

    /// Whether SQLite opened another file than the one that stands at its path now.
    private static func hasMoved(_ database: Database) -> Bool {
        var hasMoved: CInt = 0
        let code = sqlite3_file_control(database.sqliteConnection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
        return code == SQLITE_OK && hasMoved != 0
    }
}

extension TrackingError {
    private static let advice: MessageText =
        "what its write-ahead log alone held is lost; move, delete or replace a notebook only while nothing writes to it"

    fileprivate static func replaced(_ path: String) -> TrackingError {
        TrackingError(
            .replaced, "'\(path)' was replaced by another file while it was being written", advice: advice)
    }

    fileprivate static func removed(_ path: String) -> TrackingError {
        TrackingError(.replaced, "'\(path)' was moved or deleted while it was being written", advice: advice)
    }

    fileprivate static func logRemoved(_ path: String) -> TrackingError {
        TrackingError(
            .replaced, "'\(path)-wal', which is a part of '\(path)', was moved or deleted while it was being written",
            advice: "what it held is lost; \(command: "doctor", options: [.notebook(path)]) says what is missing")
    }
}
