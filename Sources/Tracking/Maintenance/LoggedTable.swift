import Foundation
import GRDB
import TextFormats

/// A table that takes numbers as they come, so that a hand can put anything into it.
struct LoggedTable {
    let name: String
    /// The columns that tell a run's rows apart.
    private let keys: [String]
    private let columns: [String]
    /// SQL: the keys of the columns under which a text could stand as well, and where a row has its step; nil where it could not.
    let textKey: [String]?
    private let acceptsText: Bool

    var quotedName: String { name.sqlIdentifier }

    static func all(_ metrics: MetricTables) -> [LoggedTable] {
        metrics.tables.filter { !$0.columns.isEmpty }.map { table in
            LoggedTable(
                name: table.name, keys: ["step"], columns: table.columns.map(\.name.sqlIdentifier),
                textKey: table.columns.map(\.key.sqlText), acceptsText: false)
        } + [
            LoggedTable(
                name: MetricTables.points, keys: ["key", "step"], columns: ["value"], textKey: ["key"],
                acceptsText: false),
            LoggedTable(
                name: "tensor_steps", keys: ["step", "tensor"], columns: ["norm", "gradient_norm", "update_norm"],
                textKey: nil,
                acceptsText: false),
            LoggedTable(name: "run_summary", keys: ["key"], columns: ["value"], textKey: nil, acceptsText: true),
        ]
    }

    // MARK: - Values

    private static func isText(_ column: String) -> String { "typeof(\(column)) = 'text'" }

    /// SQL: whether a row has a value that no number is, and no text where there may be one.
    var isNoNumber: String {
        columns.map { "typeof(\($0)) IN (\(acceptsText ? "" : "'text', ")'blob')" }.joined(separator: " OR ")
    }

    /// SQL: whether all such values of a row are blobs.
    var isBlob: String { "NOT (" + columns.map(Self.isText).joined(separator: " OR ") + ")" }

    /// Moves texts into the table of texts, unless that has another one there.
    func moveTexts(in database: Database) throws {
        for (column, key) in zip(columns, textKey ?? []) {
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO texts (run_id, key, step, value)
                    SELECT run_id, \(key), step, \(column) FROM \(quotedName) WHERE \(Self.isText(column))
                    """)
            try database.execute(
                sql: """
                    UPDATE \(quotedName) SET \(column) = NULL WHERE \(Self.isText(column)) AND \(column) = (
                        SELECT value FROM texts AS t WHERE t.run_id = \(quotedName).run_id AND t.key = \(key)
                            AND t.step = \(quotedName).step)
                    """)
        }
    }

    // MARK: - Bytes of NaNs

    struct FlawedRow {
        let run: Int64
        /// The row's own keys.
        fileprivate let keys: [DatabaseValue]
        /// What they should be.
        fileprivate let bytes: Data?
    }

    /// The rows whose bytes have a NaN where the column has a number, anything else than NaNs, or more than the columns.
    func flawedRows(in database: Database) throws -> [FlawedRow] {
        var flawed: [FlawedRow] = []
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT ieee_bytes, run_id, \((keys + columns).list) FROM \(quotedName) WHERE ieee_bytes IS NOT NULL
                """)
        while let row = try rows.next() {
            let bytes: Data? = row[0]
            let numbers = columns.indices.compactMap { slot -> (slot: Int, value: Double)? in
                let stored: DatabaseValue = row[2 + keys.count + slot]
                return stored.isNull ? NaNSlots.value(bytes, slot: slot).map { (slot, $0) } : nil
            }
            let expected = NaNSlots.bytes(nil, setting: numbers)
            if NaNSlots.trimmed(bytes) == expected { continue }
            flawed.append(FlawedRow(run: row[1], keys: keys.indices.map { row[2 + $0] }, bytes: expected))
        }
        return flawed
    }

    /// Changes no number that can be seen.
    func repairBytes(in database: Database) throws {
        let condition = keys.map { "AND \($0) = ?" }.joined(separator: " ")
        for row in try flawedRows(in: database) {
            try database.execute(
                sql: "UPDATE \(quotedName) SET ieee_bytes = ? WHERE run_id = ? \(condition)",
                arguments: [row.bytes, row.run] + StatementArguments(row.keys))
        }
    }
}
