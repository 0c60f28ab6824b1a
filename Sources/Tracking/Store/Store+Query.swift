import Foundation
import GRDB
import GRDBSQLite

extension Store {
    /// Runs one SELECT of the user, which cannot write anything, and hands out its rows as they come.
    ///
    /// What is no single statement that only reads is an `invalidQuery`. The query has a connection of its own, so the
    /// closures may call this store; what they throw is rethrown and ends the query. `columns` is called once, with
    /// the names, before `row` is called with each row's values.
    package func query(
        _ sql: String, columns: ([String]) throws -> Void, row: ([QueryValue]) throws -> Void
    ) throws {
        // A connection's settings can be changed by a PRAGMA; those of the store's own must not be.
        let queue = try Connections.makeReader(path: path, busyTimeout: busyTimeout)
        try queue.read { database in
            let statement = try database.selection(sql)
            try columns(statement.columnNames)
            let handle = statement.sqliteStatement
            while true {
                switch sqlite3_step(handle) {
                case SQLITE_ROW: try row((0..<sqlite3_column_count(handle)).map { QueryValue(handle, column: $0) })
                case SQLITE_DONE: return
                default: throw TrackingError.invalidQuery(database.lastError)
                }
            }
        }
    }
}

extension Database {
    /// On a connection that was opened for reading SQLite itself refuses to change the file; this also refuses what
    /// would write another one (`VACUUM INTO`), open another one (`ATTACH`) or do nothing worth a result.
    fileprivate func selection(_ sql: String) throws -> Statement {
        let statements: (first: Statement?, second: Statement?)
        do {
            let cursor = try allStatements(sql: sql)
            statements = try (cursor.next(), cursor.next())
        } catch let error as DatabaseError {
            throw TrackingError.invalidQuery(error)
        }
        guard let statement = statements.first else {
            throw TrackingError(.invalidQuery, "The query is empty; give a SELECT.")
        }
        guard statements.second == nil else {
            throw TrackingError(.invalidQuery, "The query has more than one statement; give one SELECT.")
        }
        guard statement.isReadonly && statement.columnCount > 0 else {
            throw TrackingError(.invalidQuery, "The query can only read: give a SELECT, not '\(sql)'.")
        }
        guard sqlite3_bind_parameter_count(statement.sqliteStatement) == 0 else {
            throw TrackingError(.invalidQuery, "The query has a parameter; write its value in place of it.")
        }
        return statement
    }
}

extension TrackingError {
    fileprivate static func invalidQuery(_ error: DatabaseError) -> TrackingError {
        TrackingError(.invalidQuery, "The query failed: \(error.message ?? "\(error.resultCode)").")
    }
}

extension QueryValue {
    fileprivate init(_ row: SQLiteStatement, column: CInt) {
        switch sqlite3_column_type(row, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(row, column))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(row, column))
        case SQLITE_TEXT:
            let bytes = UnsafeBufferPointer(
                start: sqlite3_column_text(row, column), count: Int(sqlite3_column_bytes(row, column)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = UnsafeRawBufferPointer(
                start: sqlite3_column_blob(row, column), count: Int(sqlite3_column_bytes(row, column)))
            self = .blob([UInt8](bytes))
        default: self = .null
        }
    }
}
