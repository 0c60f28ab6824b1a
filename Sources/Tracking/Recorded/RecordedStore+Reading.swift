import Foundation
import GRDB

extension RecordedStore {
    /// What the program said of the run as a whole, by key.
    package func summary(ofRun run: Int64) throws(TrackingError) -> [(key: String, value: SQLValue)] {
        try file.read { database in
            try Row.fetchAll(
                database, sql: "SELECT key, value, ieee_bytes FROM run_summary WHERE run_id = ? ORDER BY key",
                arguments: [run]
            ).map { row in
                let notANumber = NaNSlots.value(Data.fromDatabaseValue(row[2]), slot: 0)
                let key = String.fromDatabaseValue(row[0]) ?? ""
                return (key, notANumber.map { .real($0) } ?? SQLValue(row[1] as DatabaseValue))
            }
        }
    }

    /// What the last attempt printed, as far as it is kept.
    package func output(ofRun run: Int64) throws(TrackingError) -> [StreamExcerpt] {
        try file.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT stream, byte_count, head, tail FROM run_output WHERE run_id = :run
                    AND attempt = (SELECT max(attempt) FROM run_output WHERE run_id = :run) ORDER BY stream DESC
                    """, arguments: ["run": run]
            ).map { row in
                let row = StoredRow(row, of: "the output of run \(run)", in: database)
                let (head, tail): (Data, Data) = (try row.value("head"), try row.value("tail"))
                return try StreamExcerpt(
                    stream: row.value("stream"), byteCount: row.value("byte_count"), head: [UInt8](head),
                    tail: [UInt8](tail))
            }
        }
    }

    /// How the last attempt ended, and what it used; nil where nobody knows.
    package func usage(ofRun run: Int64) throws(TrackingError) -> ProcessUsage? {
        try file.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT attempt, exit_code, signal, user_seconds, system_seconds, wall_seconds, peak_memory
                    FROM run_usage WHERE run_id = ? ORDER BY attempt DESC LIMIT 1
                    """, arguments: [run]
            ).map { row in
                let row = StoredRow(row, of: "the usage of run \(run)", in: database)
                let (code, signal): (Int?, Int?) = (try row.optional("exit_code"), try row.optional("signal"))
                return try ProcessUsage(
                    exitCode: code.flatMap { Int32(exactly: $0) }, signal: signal.flatMap { Int32(exactly: $0) },
                    userSeconds: row.optional("user_seconds"), systemSeconds: row.optional("system_seconds"),
                    wallSeconds: row.optional("wall_seconds"), peakMemory: row.optional("peak_memory"))
            }
        }
    }

    /// Files that belong to the run, by path.
    package func files(ofRun run: Int64) throws(TrackingError) -> [RecordedChanges.File] {
        try file.read { database in
            try Row.fetchAll(
                database, sql: "SELECT path, name, size, sha256 FROM run_files WHERE run_id = ? ORDER BY path",
                arguments: [run]
            ).map { row in
                let row = StoredRow(row, of: "the file of run \(run)", in: database)
                return try RecordedChanges.File(
                    path: row.value("path"), name: row.optional("name"), size: row.value("size"),
                    sha256: row.value("sha256", .identifier))
            }
        }
    }

    /// Where the run ran: what was captured, by name.
    package func environment(ofRun run: Int64) throws(TrackingError) -> [(name: String, value: String)] {
        try file.read { database in
            try Row.fetchAll(
                database, sql: "SELECT name, value FROM run_environment WHERE run_id = ? ORDER BY name",
                arguments: [run]
            ).map { row in
                let row = StoredRow(row, of: "the environment of run \(run)", in: database)
                return try (row.value("name"), row.value("value"))
            }
        }
    }
}
