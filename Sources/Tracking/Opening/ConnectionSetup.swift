import Foundation
import GRDB
import Migrations
import TextFormats

/// What a connection needs before it writes: a checked file, the write-ahead log, and every migration.
struct ConnectionSetup {
    let path: String
    /// Whether a file that nobody has written into is refused.
    let mustExist: Bool
    let durability: Durability
    let waiting: LockWait
    /// The whole history of the schema, oldest first.
    let migrations: [Migration]
    /// Whether a file is prepared whatever tables it has, and is not brought up to date.
    var acceptsAlteredSchema = false
    /// How many bytes are free where a folder is; nil where nobody knows.
    var freeSpace: @Sendable (_ folder: String) -> Int? = { folder in
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }

    func prepare(_ database: Database) throws {
        // One snapshot: between two of its readings another process may make the file a notebook.
        let version = try database.inSnapshot {
            let version = try DatabaseHeader(database)
            if mustExist { try version.mustBeClaimed(path: path) }
            if !version.isUnclaimed, !acceptsAlteredSchema { try mustBeKnown(version, database) }
            return version
        }
        if version.isUnclaimed {
            // Of 4096, 8192 and 16384 bytes the one with the fewest bytes a step (73.3, 73.3, 74.1) that is also quick
            // to append to (1.33, 1.25, 1.17 us a row) and to commit one by one.
            try database.execute(sql: "PRAGMA page_size = 8192")
        }
        try switchToWriteAheadLog(database)
        try database.execute(sql: "PRAGMA synchronous = \(durability == .powerSafe ? "FULL" : "NORMAL")")
        if version.isUnclaimed || version.schema < migrations.count && !acceptsAlteredSchema {
            try migrate(database)
        }
    }

    private func mustBeKnown(_ version: DatabaseHeader, _ database: Database) throws {
        try version.mustBeOurs(in: database, path: path, known: migrations.count)
        try SchemaComparison(database, version: version.schema, of: migrations).mustBeKnown(path: path)
    }

    /// Another connection that opens the file at the same moment makes this fail as busy without the busy timeout
    /// being honored, so the waiting happens here.
    private func switchToWriteAheadLog(_ database: Database) throws {
        let retry = BusyRetry(waiting)
        var tries = 0
        while true {
            do {
                let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                guard mode == "wal" else {
                    throw TrackingError(
                        .cannotOpen, "'\(path)' is on a file system that cannot share a file between programs")
                }
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && retry.pause(after: tries) {
                tries += 1
            }
        }
    }

    /// Brings the file up to date in one transaction: whoever looks sees the old file or the new one.
    ///
    /// An older notebook is copied to `PATH.version-N` first.
    private func migrate(_ database: Database) throws {
        // A migration may rebuild a table that others refer to: https://www.sqlite.org/lang_altertable.html#otheralter
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
        try database.inImmediateTransaction {
            // Another process may have been quicker, and it may have been another program.
            let version = try DatabaseHeader(database)
            if !version.isUnclaimed { try mustBeKnown(version, database) }
            var done = version.isUnclaimed ? 0 : version.schema
            if done == migrations.count { return }
            if done > 0 {
                try mustHaveSpace(database)
                try backUp(version: done)
            } else {
                try database.execute(sql: Migrations.tables)
                done = Migrations.all.count
            }
            for migration in migrations.dropFirst(done) {
                try database.execute(sql: migration.sql)
                try LegacyNotebook(database).complete(after: migration)
            }
            if version.isUnclaimed || version.schema < Migrations.all.count {
                try database.execute(sql: Migrations.views)
            }
            try database.createStepViews()
            try mustHaveNoOrphans(database)
            try database.execute(sql: "PRAGMA application_id = \(DatabaseHeader.gradbook)")
            try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
        }
    }

    /// The copy is as large as the file, and what is rebuilt, of which steps are no part, waits in the write-ahead log.
    private func mustHaveSpace(_ database: Database) throws {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let folder = URL(filePath: path).resolvingSymlinksInPath().deletingLastPathComponent().path
        guard let free = freeSpace(folder) else { return }
        let needed = pages * pageSize * 5 / 4 + 10_000_000
        guard free < needed else { return }
        throw TrackingError(
            .diskFull,
            "'\(path)' was not brought up to date: its copy and the change need \(needed / 1_000_000 + 1) MB, and the disk has "
                + "\(free / 1_000_000) MB free",
            advice: "make room, or move the file to a larger disk")
    }

    /// Nobody can write meanwhile: this connection holds the lock, and has not written yet.
    private func backUp(version: Int) throws {
        let reader = try DatabaseFile.makeReader(path: path, waiting: waiting)
        defer { try? reader.close() }
        try Backup.write(reader, to: Backup.freePath(of: path, suffix: "version-\(version)"))
    }

    private func mustHaveNoOrphans(_ database: Database) throws {
        guard let table = try String.fetchOne(database, sql: "PRAGMA foreign_key_check") else { return }
        throw TrackingError(
            .damaged,
            "'\(path)' was not brought up to date: rows of \(table) belong to nothing",
            advice: "ask doctor of the version that wrote it")
    }
}
