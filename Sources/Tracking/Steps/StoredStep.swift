import GRDB
import GRDBSQLite
import TextFormats

/// A row of a step table exactly as SQLite has it, for a comparison that overlooks nothing.
package struct StoredStep: Sendable, Equatable {
    package let schema: StepSchema
    /// Those of `StepSchema.comparedColumns`, behind the step itself.
    package let values: [SQLValue]

    /// The row that a step writer makes of a step.
    package init(_ row: StepRow, as schema: StepSchema) {
        self.schema = schema
        values =
            [.integer(Int64(row.step)), .integer(Int64(row.epoch))] + row.values.map { SQLValue(kept: $0) }
            + [SQLValue(bytesOf: row.values)]
    }

    /// Which step it is, as it is stored: any number.
    package var number: Int {
        if case .integer(let number)? = values.first { Int(number) } else { 0 }
    }

    /// Name and value of each column, in the order of the table.
    package var columns: [(name: String, value: SQLValue)] {
        Array(zip(["step"] + schema.comparedColumns, values))
    }

    fileprivate init(_ row: SQLiteStatement, as schema: StepSchema) {
        self.schema = schema
        values = (0..<schema.columns.count + 3).map { SQLValue(row, column: CInt($0)) }
    }
}

extension StepStore {
    /// Calls `body` with each of a run's rows in the order of steps, as SQLite has them.
    ///
    /// `body` must not call this store.
    package func forEachStored(ofRun run: Int64, _ body: (StoredStep) throws -> Void) throws {
        try file.translatingDatabaseErrors {
            try file.reader.read { database in
                let schema = try database.stepSchema(ofRun: run)
                let columns = (["step"] + schema.comparedColumns).map(\.sqlIdentifier)
                let statement = try database.cachedStatement(
                    sql: """
                        SELECT \(columns.joined(separator: ", ")) FROM \(schema.quotedTable) WHERE run_id = ? ORDER BY step
                        """)
                try statement.setArguments([run])
                let handle = statement.sqliteStatement
                sqlite3_reset(handle)
                defer { sqlite3_reset(handle) }
                while true {
                    switch sqlite3_step(handle) {
                    case SQLITE_ROW: try body(StoredStep(handle, as: schema))
                    case SQLITE_DONE: return
                    default: throw database.lastError
                    }
                }
            }
        }
    }
}

extension SQLValue {
    /// What SQLite keeps of a double: of NaN nothing, of -0.0 no sign.
    package init(kept value: Double) {
        self = value.isNaN ? .null : .real(value == 0 ? 0 : value)
    }

    /// A row's `ieee_bytes`: NULL unless one of the doubles is NaN or -0.0.
    package init(bytesOf values: [Double]) {
        self = ExactReals.bytes(of: values).map { .blob([UInt8]($0)) } ?? .null
    }
}
