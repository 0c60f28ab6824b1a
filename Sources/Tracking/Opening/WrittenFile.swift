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
        // What is found before the file is found in its place belongs to it.
        log = FileIdentity(atPath: target + "-wal")
        sharedMemory = FileIdentity(atPath: target + "-shm")
        guard let file = FileIdentity(atPath: path), !Self.hasMoved(database) else { throw .replaced(path) }
        self.file = file
    }

    /// The error of a connection whose file went while it was being opened, with what it has beside the path taken away and
    /// nothing left to do for its closing; nil where the file is in its place.
    static func abandoning(_ database: Database, path: String) -> TrackingError? {
        guard hasMoved(database) else { return nil }
        _ = sqlite_options_set(database.sqliteConnection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        if let name = sqlite3_db_filename(database.sqliteConnection, "main") {
            for suffix in ["-journal", "-wal", "-shm"] {
                let file = String(cString: name) + suffix
                // What belongs to a file that was moved here is not open.
                if FileIdentity(atPath: file)?.isOpenHere == true { unlink(file) }
            }
        }
        return FileIdentity(atPath: path) == nil ? .removed(path) : .replaced(path)
    }

    /// Throws, and takes the log away if it is the file's own, unless the file and its log are where they were.
    ///
    /// The connection must not be used afterwards but to close it, see ``prepareClosing(_:)``.
    func mustBeInPlace() throws(TrackingError) {
        // A symbolic link to the file at another place gives the same file another log.
        let isMoved = Self.target(of: path).map { $0 != target } ?? false
        let found = FileIdentity(atPath: path)
        let lost = [("-wal", log), ("-shm", sharedMemory)].first { suffix, identity in
            identity != nil && FileIdentity(atPath: target + suffix) != identity
        }
        if found == file && !isMoved && lost == nil { return }
        isAbandoned.withLock { $0 = true }
        if let lost, found == file && !isMoved { throw .companionRemoved(path, lost.0) }
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
        "what its write-ahead log alone held is lost, unless that was moved with it; move, delete or replace a notebook only while nothing writes to it"

    fileprivate static func replaced(_ path: String) -> TrackingError {
        TrackingError(
            .replaced, "'\(path)' was replaced by another file while it was being written", advice: advice)
    }

    fileprivate static func removed(_ path: String) -> TrackingError {
        TrackingError(.replaced, "'\(path)' was moved or deleted while it was being written", advice: advice)
    }

    /// The shared memory keeps those that write apart.
    fileprivate static func companionRemoved(_ path: String, _ suffix: String) -> TrackingError {
        TrackingError(
            .replaced,
            "'\(path)\(suffix)', which is a part of '\(path)', was moved or deleted while it was being written",
            advice:
                "what was written last may be lost; \(command: "doctor", options: [.notebook(path)]) says what is missing"
        )
    }
}
