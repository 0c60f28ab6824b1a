import Foundation
import GRDB
import GRDBSQLite
import TextFormats

/// Reads rows of logged numbers one after another through the C API: there may be millions.
///
/// The file may come from anywhere, so a column may hold anything: what is no number is `damaged`.
final class MetricCursor {
    private let statement: Statement
    private let handle: SQLiteStatement
    private let database: Database
    private let run: Int64
    /// The key of each column, and its slot in `ieee_bytes`; none for `points`, whose rows say their key.
    private let columns: [(key: String, slot: Int)]

    private static let columnsBefore: CInt = 3

    /// A run's rows of a table, by step: all, or those of some steps.
    ///
    /// `slots` are the wanted columns; nil for all.
    init(
        _ table: MetricTables.Table, ofRun run: Int64, slots: [Int]? = nil, steps: ClosedRange<Int64>? = nil,
        in database: Database
    ) throws {
        columns = (slots ?? Array(table.columns.indices)).map { (table.columns[$0].key, $0) }
        let names = columns.map { table.columns[$0.slot].name.sqlIdentifier }
        (self.run, self.database) = (run, database)
        statement = try database.makeStatement(
            sql: """
                SELECT \((["step", "elapsed_ns", "ieee_bytes"] + names).joined(separator: ", ")) FROM \(table.quotedName)
                WHERE run_id = ?\(steps == nil ? "" : " AND step BETWEEN ? AND ?") ORDER BY step
                """)
        try statement.setArguments(Self.arguments(run, steps))
        handle = statement.sqliteStatement
    }

    /// A run's rows of the table `points`.
    init(
        pointsOfRun run: Int64, in database: Database, order: String, steps: ClosedRange<Int64>? = nil
    ) throws {
        (self.run, self.database, columns) = (run, database, [])
        statement = try database.makeStatement(
            sql: """
                SELECT step, elapsed_ns, ieee_bytes, value, key FROM points
                WHERE run_id = ?\(steps == nil ? "" : " AND step BETWEEN ? AND ?") ORDER BY \(order)
                """)
        try statement.setArguments(Self.arguments(run, steps))
        handle = statement.sqliteStatement
    }

    private static func arguments(_ run: Int64, _ steps: ClosedRange<Int64>?) -> StatementArguments {
        StatementArguments([run] + (steps.map { [$0.lowerBound, $0.upperBound] } ?? []))
    }

    /// Goes to the next row; false behind the last one.
    func next() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw database.lastError
        }
    }

    var step: Int64 { sqlite3_column_int64(handle, 0) }

    var elapsedNanoseconds: Int64? {
        sqlite3_column_type(handle, 1) == SQLITE_INTEGER ? sqlite3_column_int64(handle, 1) : nil
    }

    /// Of a row of `points`.
    var key: String {
        sqlite3_column_text(handle, Self.columnsBefore + 1).map { String(cString: $0) } ?? ""
    }

    /// The number in a wanted column; nil where none was logged.
    func value(_ index: Int) throws -> MetricValue? {
        let column = Self.columnsBefore + CInt(index)
        switch sqlite3_column_type(handle, column) {
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
        case SQLITE_NULL: return notANumber(slot: columns.isEmpty ? 0 : columns[index].slot).map { .real($0) }
        default:
            let name = columns.isEmpty ? key : columns[index].key
            let value = StoredRow.text(DatabaseValue(sqliteStatement: handle, index: column).storage)
            throw TrackingError(
                damaged: database, "run \(run) has \(value) as \(name) at step \(step), which is no number")
        }
    }

    private func notANumber(slot: Int) -> Double? {
        guard sqlite3_column_type(handle, 2) == SQLITE_BLOB, let bytes = sqlite3_column_blob(handle, 2),
            Int(sqlite3_column_bytes(handle, 2)) >= 8 * slot + 8
        else { return nil }
        let value = Double(
            bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * slot, as: UInt64.self)))
        return value.isNaN ? value : nil
    }
}
