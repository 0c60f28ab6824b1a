import Foundation
import GRDB
import Migrations

/// What a connection needs before it writes: a checked file, the write-ahead log, and every migration.
struct Preparation {
    let path: String
    /// Whether a file that nobody has written into is refused.
    let mustExist: Bool
    let durability: Durability
    let busyTimeout: TimeInterval

    func prepare(_ database: Database) throws {
        // One snapshot: between two of its readings another process may make the file a notebook.
        let version = try database.inSnapshot { try FileVersion(database) }
        if mustExist { try version.mustBeClaimed(path: path) }
        if version.isUnclaimed {
            // Of 4096, 8192 and 16384 bytes the one with the fewest bytes a step (73.3, 73.3, 74.1) that is also quick
            // to append to (1.33, 1.25, 1.17 us a row) and to commit one by one.
            try database.execute(sql: "PRAGMA page_size = 8192")
        } else {
            try version.mustBeOurs(path: path)
        }
        try switchToWriteAheadLog(database)
        try database.execute(sql: "PRAGMA synchronous = \(durability == .powerSafe ? "FULL" : "NORMAL")")
        if version.isUnclaimed || version.schema < FileVersion.current {
            try migrate(database)
        }
    }

    /// Another connection that opens the file at the same moment makes this fail as busy without the busy timeout
    /// being honored, so the waiting happens here.
    private func switchToWriteAheadLog(_ database: Database) throws {
        let pause = 0.002
        var patience = busyTimeout
        while true {
            do {
                let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                guard mode == "wal" else {
                    throw TrackingError(
                        .cannotOpen, "'\(path)' is on a file system that cannot share a file between programs")
                }
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && patience > 0 {
                Thread.sleep(forTimeInterval: pause)
                patience -= pause
            }
        }
    }

    private func migrate(_ database: Database) throws {
        try database.inImmediateTransaction {
            // Another process may have been quicker, and it may have been another program.
            let version = try FileVersion(database)
            if !version.isUnclaimed { try version.mustBeOurs(path: path) }
            let done = version.isUnclaimed ? 0 : version.schema
            for migration in Migrations.all.dropFirst(done) {
                try database.execute(sql: migration.sql)
            }
            try database.execute(sql: "PRAGMA application_id = \(FileVersion.gradbook)")
            try database.execute(sql: "PRAGMA user_version = \(FileVersion.current)")
        }
    }
}
