import Foundation
import GRDB
import GRDBSQLite
import TextFormats

/// Two different numbers under one key at one step: the first is kept.
package struct MetricConflict: Sendable, Equatable {
    package let key: String
    package let step: Int64
    package let kept: MetricValue
    package let refused: MetricValue
}

/// Numbers that were not stored, because others were there already.
package struct MetricConflicts: Sendable, Equatable {
    package fileprivate(set) var count = 0
    /// The one that came first.
    package fileprivate(set) var first: MetricConflict?

    mutating func add(_ conflict: MetricConflict) {
        count += 1
        first = first ?? conflict
    }

    /// Of something that is no metric.
    mutating func addOther() {
        count += 1
    }
}

/// Inserts logged numbers of one run inside one transaction, through the C API, as `StepInsertion` does with steps.
///
/// A step that is there already takes the numbers of other keys as well; of a key that it has, it keeps the number it has.
struct MetricInsertion {
    private let database: Database
    private let tables: MetricTables
    private let run: Int64
    private(set) var conflicts = MetricConflicts()

    init(_ tables: MetricTables, ofRun run: Int64, in database: Database) {
        self.tables = tables
        self.run = run
        self.database = database
    }

    mutating func insert(_ batch: MetricBatch) throws {
        let rows = Dictionary(grouping: batch.rows.indices) { batch.rows[$0].shape }
        for (shape, keys) in batch.shapes.enumerated() {
            guard let rows = rows[shape] else { continue }
            var parts: [Int: [TablePart.Column]] = [:]
            for (index, key) in keys.enumerated() {
                switch tables.places[key] {
                case .column(let table, let slot):
                    parts[table, default: []].append(
                        .init(index: index, slot: slot, column: tables.tables[table].columns[slot]))
                case .points: try insertPoints(key, index: index, rows: rows, of: batch)
                case nil: preconditionFailure("the key '\(key)' has no place")
                }
            }
            for (table, columns) in parts.sorted(by: { $0.key < $1.key }) {
                try insert(rows, of: batch, TablePart(table: tables.tables[table].quotedName, columns: columns))
            }
        }
    }

    // MARK: - One table

    /// What of a shape's keys is in one table.
    private struct TablePart {
        struct Column {
            /// In the shape.
            let index: Int
            /// In the table.
            let slot: Int
            let column: MetricTables.Column
        }

        let table: String
        let columns: [Column]

        var boundCount: Int { columns.count + 4 }

        func insertion(rowCount: Int) -> String {
            let names = columns.map { ", \($0.column.name.sqlIdentifier)" }.joined()
            let row = "(" + Array(repeating: "?", count: boundCount).joined(separator: ", ") + ")"
            return """
                INSERT OR FAIL INTO \(table) (run_id, step, elapsed_ns, ieee_bytes\(names))
                VALUES \(Array(repeating: row, count: rowCount).joined(separator: ", "))
                """
        }
    }

    private mutating func insert(_ rows: [Int], of batch: MetricBatch, _ part: TablePart) throws {
        let groupSize = RowInsertion.groupSize(boundCount: part.boundCount)
        let single = try database.cachedStatement(sql: part.insertion(rowCount: 1)).sqliteStatement
        let group =
            rows.count >= groupSize
            ? try database.cachedStatement(sql: part.insertion(rowCount: groupSize)).sqliteStatement : single
        var start = 0
        while start < rows.count {
            let end = min(start + groupSize, rows.count)
            if end - start == groupSize, groupSize > 1 {
                for (place, row) in rows[start..<end].enumerated() {
                    bind(row, of: batch, part, to: group, after: CInt(place * part.boundCount))
                }
                if try isInserted(group) {
                    start = end
                    continue
                }
            }
            for row in rows[start..<end] {
                bind(row, of: batch, part, to: single, after: 0)
                if try !isInserted(single) { try merge(row, of: batch, part) }
            }
            start = end
        }
    }

    /// False where a row with this step is there already; of a group, the rows before it were inserted.
    private func isInserted(_ statement: SQLiteStatement) throws -> Bool {
        let failure = RowInsertion.run(statement, in: database)
        guard let failure else { return true }
        guard RowInsertion.isOfStoredRow(failure) else { throw failure }
        return false
    }

    private func bind(
        _ index: Int, of batch: MetricBatch, _ part: TablePart, to statement: SQLiteStatement, after first: CInt
    ) {
        let row = batch.rows[index]
        sqlite3_bind_int64(statement, first + 1, run)
        sqlite3_bind_int64(statement, first + 2, row.step)
        if let elapsed = row.elapsedNanoseconds {
            sqlite3_bind_int64(statement, first + 3, elapsed)
        } else {
            sqlite3_bind_null(statement, first + 3)
        }
        var hasNaN = false
        for (place, column) in part.columns.enumerated() {
            switch batch.values[row.start + column.index] {
            case .integer(let integer): sqlite3_bind_int64(statement, first + 5 + CInt(place), integer)
            case .real(let number):
                hasNaN = hasNaN || number.isNaN
                // A NaN is bound as NULL.
                sqlite3_bind_double(statement, first + 5 + CInt(place), number)
            }
        }
        guard hasNaN else {
            sqlite3_bind_null(statement, first + 4)
            return
        }
        let numbers = part.columns.compactMap { column in
            batch.values[row.start + column.index].notANumber.map { (slot: column.slot, value: $0) }
        }
        RowInsertion.bind(NaNSlots.bytes(nil, setting: numbers) ?? Data(), to: statement, at: first + 4)
    }

    /// Adds a row's numbers to the row of that step.
    private mutating func merge(_ index: Int, of batch: MetricBatch, _ part: TablePart) throws {
        let row = batch.rows[index]
        let names = part.columns.map(\.column.name.sqlIdentifier)
        let stored = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT ieee_bytes, \(names.joined(separator: ", ")) FROM \(part.table) WHERE run_id = ? AND step = ?
                    """), arguments: [run, row.step])
        guard let stored else { return }
        let bytes: Data? = stored[0]
        var (assignments, arguments): ([String], StatementArguments) = ([], [])
        var numbers: [(slot: Int, value: Double)] = []
        for (place, column) in part.columns.enumerated() {
            let value = batch.values[row.start + column.index]
            let kept = MetricValue(stored[place + 1] as DatabaseValue, NaNSlots.value(bytes, slot: column.slot))
            if let kept {
                guard kept != value else { continue }
                conflicts.add(
                    MetricConflict(key: column.column.key, step: row.step, kept: kept, refused: value))
                continue
            }
            if let number = value.notANumber {
                numbers.append((column.slot, number))
            } else {
                assignments.append("\(names[place]) = ?")
                arguments += [value.databaseValue]
            }
        }
        if !numbers.isEmpty {
            assignments.append("ieee_bytes = ?")
            arguments += [NaNSlots.bytes(bytes, setting: numbers)]
        }
        guard !assignments.isEmpty else { return }
        try database.execute(
            sql: "UPDATE \(part.table) SET \(assignments.joined(separator: ", ")) WHERE run_id = ? AND step = ?",
            arguments: arguments + [run, row.step])
    }

    // MARK: - Points

    private mutating func insertPoints(_ key: String, index: Int, rows: [Int], of batch: MetricBatch) throws {
        let insertion = try database.cachedStatement(
            sql: """
                INSERT INTO points (run_id, key, step, value, elapsed_ns, ieee_bytes) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """)
        for row in rows.map({ batch.rows[$0] }) {
            let value = batch.values[row.start + index]
            let bytes = NaNSlots.bytes(nil, setting: value.notANumber.map { [(0, $0)] } ?? [])
            try insertion.execute(arguments: [
                run, key, row.step, value.databaseValue, row.elapsedNanoseconds, bytes,
            ])
            guard database.changesCount == 0 else { continue }
            let stored = try Row.fetchOne(
                database.cachedStatement(
                    sql: "SELECT value, ieee_bytes FROM points WHERE run_id = ? AND key = ? AND step = ?"),
                arguments: [run, key, row.step])
            guard let stored,
                let kept = MetricValue(stored[0] as DatabaseValue, NaNSlots.value(stored[1], slot: 0)), kept != value
            else { continue }
            conflicts.add(MetricConflict(key: key, step: row.step, kept: kept, refused: value))
        }
    }
}

extension MetricValue {
    /// The number if it is a NaN.
    var notANumber: Double? {
        if case .real(let number) = self, number.isNaN { number } else { nil }
    }

    /// A NaN is NULL.
    var databaseValue: DatabaseValue {
        switch self {
        case .integer(let integer): integer.databaseValue
        case .real(let number): number.databaseValue
        }
    }

    /// As a column has it, with the NaN that stands beside it; nil where there is no number.
    init?(_ stored: DatabaseValue, _ notANumber: Double?) {
        switch stored.storage {
        case .int64(let integer): self = .integer(integer)
        case .double(let number): self = .real(number)
        default:
            guard let notANumber else { return nil }
            self = .real(notANumber)
        }
    }
}
