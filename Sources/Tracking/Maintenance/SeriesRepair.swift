import GRDB
import TextFormats

/// A table of logged numbers whose columns are not those that `series` registers, but for the last ones.
///
/// Nothing is lost when these are added on the other side: a column of no number, or a key of the column's own name.
struct SeriesRepair {
    private let table: MetricTables.Table
    /// The last columns of the one that has more.
    private let columns: [MetricTables.Column]
    private let areRegistered: Bool

    /// Nil where the two are the same, or differ in another way.
    init?(_ table: MetricTables.Table, in database: Database) throws {
        let header = ["run_id", "step", "elapsed_ns", "ieee_bytes"]
        let names = try String.fetchAll(
            database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table.name]
        ).filter { !header.contains($0) }
        let known = table.columns.map(\.name)
        guard names.count != known.count, zip(names, known).allSatisfy({ $0 == $1 }) else { return nil }
        var present = table
        if names.count < known.count {
            (columns, areRegistered) = (Array(table.columns[names.count...]), true)
            present = MetricTables.Table(name: table.name, columns: Array(table.columns[..<names.count]))
        } else {
            let prefix = table.prefix.map { $0.isEmpty ? "" : $0 + "/" } ?? ""
            columns = names[known.count...].map { MetricTables.Column(name: $0, key: prefix + $0) }
            areRegistered = false
            present = MetricTables.Table(name: table.name, columns: table.columns + columns)
        }
        // Nothing else may be different.
        let found = try SchemaObject.all(in: database).first { $0.name == table.name }
        let expected = SchemaObject(kind: .table, name: table.name, table: table.name, definition: present.creation)
        let keys = try MetricTables(database).places
        guard found?.isSame(as: expected) ?? false, areRegistered || columns.allSatisfy({ keys[$0.key] == nil }) else {
            return nil
        }
        self.table = table
    }

    /// Those of a file, by the tables' names.
    static func all(_ tables: MetricTables, in database: Database) throws -> [String: SeriesRepair] {
        try tables.tables.reduce(into: [:]) { $0[$1.name] = try SeriesRepair($1, in: database) }
    }

    var issue: IntegrityIssue {
        let first = columns.first?.name ?? ""
        return IntegrityIssue(
            kind: .series(table: table.name),
            description: areRegistered
                ? "series registers \(columns.count.counted("column")) that \(table.name) does not have, the first is '\(first)'"
                : "\(table.name) has \(columns.count.counted("column")) that series does not register, the first is '\(first)'",
            remedy: areRegistered
                ? "\(option: "fix") adds it without a number"
                : "\(option: "fix") registers it as '\(columns.first?.key ?? "")'")
    }

    /// Inside a transaction of the caller.
    func run(in database: Database) throws {
        for column in columns {
            if areRegistered {
                try database.execute(sql: "ALTER TABLE main.\(table.quotedName) ADD COLUMN \(column.definition)")
                continue
            }
            try database.execute(
                sql: """
                    INSERT INTO main.series (step_table, position, column_name, name, role)
                    VALUES (?, coalesce((SELECT max(position) + 1 FROM series WHERE step_table = ?), 0), ?, ?, 'metric')
                    """, arguments: [table.name, table.name, column.name, column.key])
        }
    }
}
