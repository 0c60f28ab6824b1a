import Foundation
import GRDB
import TextFormats

/// The numbers that programs logged, under keys such as `val/loss`.
package struct MetricStore: Sendable {
    let file: DatabaseFile

    /// Stores the rows of a batch, all of them or none, and says which numbers were there already as others.
    ///
    /// Keys that the notebook does not know get a place; `source` says how their numbers came. An attempt that is not the run's own any
    /// more is `superseded`.
    @discardableResult
    package func add(
        _ batch: MetricBatch, to attempt: RunAttempt, source: String? = nil
    ) throws(TrackingError) -> MetricConflicts {
        try file.write { database in
            guard try database.isCurrent(attempt) else { throw TrackingError.superseded(attempt) }
            let keys = Set(batch.rows.map(\.shape)).sorted().flatMap { batch.shapes[$0] }
            var insertion = MetricInsertion(
                try database.register(keys, source: source), ofRun: attempt.run, in: database)
            try insertion.insert(batch)
            return insertion.conflicts
        }
    }

    /// The keys under which a run has numbers, in alphabetical order.
    package func keys(ofRun run: Int64) throws(TrackingError) -> [String] {
        try file.read { database in
            let tables = try MetricTables(database)
            var keys = try String.fetchSet(
                database, sql: "SELECT DISTINCT key FROM points WHERE run_id = ?", arguments: [run])
            for table in tables.tables where !table.columns.isEmpty {
                let counts = table.columns.enumerated().map { slot, column in
                    "max(\(column.name.sqlIdentifier) IS NOT NULL OR ieee_bytes IS NOT NULL AND \(NaNSlots.isNaN(slot: slot)))"
                }
                let row = try Row.fetchOne(
                    database, sql: "SELECT \(counts.joined(separator: ", ")) FROM \(table.quotedName) WHERE run_id = ?",
                    arguments: [run])
                for (index, column) in table.columns.enumerated() where row?[index] == 1 { keys.insert(column.key) }
            }
            return keys.sorted()
        }
    }

    /// A run's numbers under one key, by step; none where it has none.
    package func values(
        ofRun run: Int64, key: String
    ) throws(TrackingError) -> [(step: Int64, value: MetricValue)] {
        try file.read { database in
            let tables = try MetricTables(database)
            let (query, slot, arguments): (String, Int, StatementArguments)
            switch tables.places[key] {
            case nil: return []
            case .points:
                query = "SELECT step, value, ieee_bytes FROM points WHERE run_id = ? AND key = ? ORDER BY step"
                (slot, arguments) = (0, [run, key])
            case .column(let table, let column):
                let name = tables.tables[table].columns[column].name.sqlIdentifier
                query = """
                    SELECT step, \(name), ieee_bytes FROM \(tables.tables[table].quotedName)
                    WHERE run_id = ? AND (\(name) IS NOT NULL OR ieee_bytes IS NOT NULL) ORDER BY step
                    """
                (slot, arguments) = (column, [run])
            }
            let rows = try Row.fetchCursor(database.cachedStatement(sql: query), arguments: arguments)
            var values: [(step: Int64, value: MetricValue)] = []
            while let row = try rows.next() {
                let value = MetricValue(row[1] as DatabaseValue, NaNSlots.value(row[2], slot: slot))
                if let value { values.append((row[0], value)) }
            }
            return values
        }
    }
}
