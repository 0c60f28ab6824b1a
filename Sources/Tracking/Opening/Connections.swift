import Foundation
import GRDB
import Migrations

/// The two connections of a store: one that writes, one that reads beside it.
struct Connections: Sendable {
    /// Nil in a store that was opened for reading.
    let writer: DatabaseQueue?
    let reader: DatabaseQueue

    static func open(
        at path: String, access: Store.Access, mustExist: Bool, durability: Durability, busyTimeout: TimeInterval,
        migrations: [Migration] = Migrations.all
    ) throws(TrackingError) -> Connections {
        try checkFile(at: path, mayCreate: access == .readWrite && !mustExist)
        do {
            var writer: DatabaseQueue?
            if access == .readWrite {
                let queue = try DatabaseQueue(path: literal(path), configuration: configuration(busyTimeout))
                try queue.writeWithoutTransaction { database in
                    try ConnectionSetup(
                        path: path, mustExist: mustExist, durability: durability, busyTimeout: busyTimeout,
                        migrations: migrations
                    ).prepare(database)
                }
                writer = queue
            }
            let reader = try makeReader(path: path, busyTimeout: busyTimeout)
            if writer == nil {
                try reader.read { try DatabaseHeader($0).mustBeReadable(path: path) }
            }
            return Connections(writer: writer, reader: reader)
        } catch {
            throw TrackingError(error, path: path)
        }
    }

    /// Another connection that cannot write.
    static func makeReader(path: String, busyTimeout: TimeInterval) throws -> DatabaseQueue {
        var configuration = configuration(busyTimeout)
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: literal(path), configuration: configuration)
        } catch let error as DatabaseError where isFrozen(path, error) {
            // Needs an SQLite that reads URIs, as Debian's does; another one fails as before.
            let uri = URL(filePath: path).absoluteString + "?immutable=1"
            return try DatabaseQueue(path: uri, configuration: configuration)
        }
    }

    /// Has SQLite take away the empty log that a connection which cannot write has to make, and must leave behind.
    ///
    /// Of a file that somebody else has open, or whose log holds something, nothing is taken away.
    static func removeEmptyLog(beside path: String, busyTimeout: TimeInterval) {
        let log = try? FileManager.default.attributesOfItem(
            atPath: URL(filePath: path).resolvingSymlinksInPath().path + "-wal")
        guard log?[.size] as? Int == 0, log?[.type] as? FileAttributeType == .typeRegular else { return }
        let last = try? DatabaseQueue(path: literal(path), configuration: configuration(busyTimeout))
        _ = try? last?.read { try DatabaseHeader($0) }
        try? last?.close()
    }

    /// Whether SQLite failed only because it may not put its `-wal` and `-shm` files beside the database.
    ///
    /// Without a `-wal` file nobody is writing, so the file can be read as one that does not change. Should somebody
    /// with more rights begin to write meanwhile, a reading may fail as `damaged`; the file itself is safe.
    private static func isFrozen(_ path: String, _ error: DatabaseError) -> Bool {
        (error.resultCode == .SQLITE_READONLY || error.resultCode == .SQLITE_CANTOPEN)
            && FileManager.default.isReadableFile(atPath: path)
            && !FileManager.default.fileExists(atPath: path + "-wal")
    }

    /// Asks for the lock often, unlike SQLite's own busy timeout, whose pauses grow to 100 ms and would miss the short
    /// pauses in which a busy ``StepWriter`` lets others in.
    private static func configuration(_ busyTimeout: TimeInterval) -> Configuration {
        var configuration = Configuration()
        let retry = BusyRetry(limit: busyTimeout)
        configuration.busyMode = .callback { retry.pause(after: $0) }
        configuration.prepareDatabase { $0.add(function: .jsonValue) }
        return configuration
    }

    /// Refuses what SQLite would refuse with a less helpful text.
    static func checkFile(at path: String, mayCreate: Bool) throws(TrackingError) {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            if isDirectory.boolValue {
                throw TrackingError(
                    .isDirectory, "'\(path)' is a directory; give the path of a file, such as gradbook.db")
            }
            return
        }
        guard mayCreate else {
            throw TrackingError(.missingFile, "there is no notebook at '\(path)'; `gradbook run` creates one")
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw TrackingError(.missingFile, "'\(path)' cannot be created: there is no folder '\(folder)'")
        }
    }

    /// Keeps SQLite from reading a meaning into names such as `:memory:` or `file:x`.
    private static func literal(_ path: String) -> String {
        path.hasPrefix("/") ? path : "./" + path
    }
}
