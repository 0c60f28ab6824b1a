import Foundation
import GRDB
import GRDBSQLite
import TextFormats

extension Store {
    /// Runs one SELECT of the user, which cannot write anything, and hands out its rows as they come.
    ///
    /// What is no single statement that only reads is an `invalidQuery`. The query has a connection of its own, so the
    /// closures may call this store; what they throw is rethrown and ends the query. `columns` is called once, with
    /// the names, before `row` is called with each row's values.
    package func query(
        _ sql: String, columns: ([String]) throws -> Void, row: ([SQLValue]) throws -> Void
    ) throws {
        // A connection's settings can be changed by a PRAGMA; those of the store's own must not be.
        try file.translatingDatabaseErrors {
            let queue = try DatabaseFile.makeReader(path: path, waiting: file.waiting)
            try queue.read { database in
                try ConnectionAuthorizer.whileReading(on: database) {
                    let statement = try ReadOnlyStatement(sql, on: database)
                    try columns(statement.columnNames)
                    while let values = try statement.next() { try row(values) }
                }
            }
        }
    }
}

/// One SELECT of the user's on a connection that a ``ConnectionAuthorizer`` guards.
///
/// Through SQLite's C API, because GRDB sets authorizers of its own.
final class ReadOnlyStatement {
    private let database: Database
    private let handle: SQLiteStatement

    init(_ sql: String, on database: Database) throws {
        self.database = database
        handle = try Self.compile(sql, on: database)
        try check(sql)
    }

    deinit {
        sqlite3_finalize(handle)
    }

    var columnNames: [String] {
        (0..<sqlite3_column_count(handle)).map { String(cString: sqlite3_column_name(handle, $0)) }
    }

    /// The next row's values, or nil at the end.
    func next() throws -> [SQLValue]? {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return (0..<sqlite3_column_count(handle)).map { SQLValue(handle, column: $0) }
        case SQLITE_DONE: return nil
        // What is wrong with the file is no fault of the query.
        case let code where [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR].contains(code & 0xFF):
            throw database.lastError
        default: throw TrackingError.invalidQuery(database)
        }
    }

    // MARK: - Internals

    private static func compile(_ sql: String, on database: Database) throws -> SQLiteStatement {
        let connection = database.sqliteConnection
        return try sql.withCString { start in
            var handle: SQLiteStatement?
            var rest: UnsafePointer<CChar>?
            try mustSucceed(sqlite3_prepare_v2(connection, start, -1, &handle, &rest), sql, database)
            guard let handle else { throw TrackingError(.invalidQuery, "the query is empty", advice: "give a SELECT") }
            // What follows may be comments only.
            while let begin = rest, begin.pointee != 0 {
                var second: SQLiteStatement?
                let code = sqlite3_prepare_v2(connection, begin, -1, &second, &rest)
                guard code == SQLITE_OK, second == nil else {
                    sqlite3_finalize(second)
                    sqlite3_finalize(handle)
                    throw TrackingError(
                        .invalidQuery, "the query has more than one statement", advice: "give one SELECT")
                }
            }
            return handle
        }
    }

    private static func mustSucceed(_ code: CInt, _ sql: String, _ database: Database) throws {
        if code == SQLITE_AUTH { throw TrackingError.writingQuery(sql) }
        guard code == SQLITE_OK else { throw TrackingError.invalidQuery(database) }
    }

    private func check(_ sql: String) throws {
        guard sqlite3_stmt_readonly(handle) != 0 && sqlite3_column_count(handle) > 0 else {
            throw TrackingError.writingQuery(sql)
        }
        guard sqlite3_bind_parameter_count(handle) == 0 else {
            throw TrackingError(.invalidQuery, "the query has a parameter", advice: "write its value in place of it")
        }
    }
}

extension TrackingError {
    fileprivate static func invalidQuery(_ database: Database) -> TrackingError {
        TrackingError(.invalidQuery, "the query failed: \(database.lastError.message ?? "no details")")
    }

    fileprivate static func writingQuery(_ sql: String) -> TrackingError {
        TrackingError(.invalidQuery, "the query can only read: give a SELECT, not '\(sql)'")
    }
}
