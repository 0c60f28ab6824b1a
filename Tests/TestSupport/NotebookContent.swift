package import Foundation
import GRDB

/// What a notebook says, but not when, where and at which attempt it was recorded.
///
/// Equal for an undisturbed notebook and one that was interrupted and resumed, merged from parts, or written by many
/// processes. Every table and every column counts, to the last bit, except times, hosts, process ids, the number of
/// attempts, and the events that tell of them. Ids are replaced by what they stand for.
package struct NotebookContent: Equatable {
    /// Each table's rows as text, sorted.
    private let tables: [String: [String]]

    package init(of file: URL) throws {
        var configuration = Configuration()
        // Whoever wrote last may still be closing it.
        configuration.busyMode = .timeout(30)
        tables = try DatabaseQueue(path: file.path, configuration: configuration).read { database in
            let names = try String.fetchAll(
                database,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'")
            var tables: [String: [String]] = [:]
            for name in names where !Self.circumstances.contains(name) {
                tables[name] = try Self.rows(of: name, in: database)
            }
            return tables
        }
    }

    /// How many rows there are in all.
    package var rowCount: Int { tables.values.reduce(0) { $0 + $1.count } }

    /// The first row that only one of the two has, with its table; nil if both say the same.
    package func firstDifference(from other: NotebookContent) -> String? {
        for name in Set(tables.keys).union(other.tables.keys).sorted() {
            let difference = (tables[name] ?? []).difference(from: other.tables[name] ?? []).first
            switch difference {
            case .insert(_, let row, _): return "\(name): only the first has \(row)"
            case .remove(_, let row, _): return "\(name): only the second has \(row)"
            case nil: continue
            }
        }
        return nil
    }

    // MARK: - Internals

    /// Tables and columns that tell of an attempt instead of the run.
    private static let circumstances: Set<String> = [
        "events", "identity", "attempt", "host", "pid", "process_started", "process_namespace", "boot_id",
        "lease_until", "created_at", "started_at", "finished_at", "submitted_at", "elapsed_ns",
    ]

    /// What the columns stand for that hold other rows' ids.
    private static let references = [
        "run_id": runReference("run_id"),
        "parent_run_id": runReference("parent_run_id"),
        "sweep_id": "(SELECT sweeps.name FROM sweeps WHERE sweeps.id = sweep_id)",
        "experiment_id": "(SELECT experiments.name FROM experiments WHERE experiments.id = experiment_id)",
        "dataset_id": "(SELECT content_hash FROM datasets WHERE datasets.id = dataset_id)",
    ]

    private static func runReference(_ column: String) -> String {
        """
        (SELECT named.place FROM (
            SELECT r.id, coalesce(w.name, '') || ' ' || coalesce(r.trial_number, r.config_hash) || ' '
                || coalesce(r.name, '') AS place
            FROM runs AS r LEFT JOIN sweeps AS w ON w.id = r.sweep_id) AS named WHERE named.id = \(column))
        """
    }

    /// `quote` gives as many digits of a number as it takes to read back the same one.
    private static func rows(of table: String, in database: Database) throws -> [String] {
        let columns = try String.fetchAll(
            database, sql: "SELECT name FROM pragma_table_info(?) WHERE name <> 'id'", arguments: [table]
        ).filter { !circumstances.contains($0) }
        let text = columns.map { "'\($0)=' || quote(\(references[$0] ?? $0))" }.joined(separator: " || ' ' || ")
        return try String.fetchAll(database, sql: "SELECT \(text) AS row FROM \(table) ORDER BY row")
    }
}
