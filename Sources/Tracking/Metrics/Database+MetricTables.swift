import GRDB
import TextFormats

/// Places for the keys that programs log; each call stands inside a transaction of the caller.
extension Database {
    /// The most columns of one table, and the most tables: other keys have their numbers in `points`.
    static var largestMetricColumnCount: Int { 200 }
    static var largestMetricTableCount: Int { 50 }

    /// The most keys that a notebook takes: who makes more has put a number into a key's name.
    static var largestMetricKeyCount: Int { 20_000 }

    /// Has a place for each of these keys, of which some may be the same, and returns all places of the file.
    ///
    /// Two writers may ask for the same key: the transaction decides who makes its place, and the other one finds it.
    func register(
        _ keys: [String], source: String?, origins: [String: MetricOrigin] = [:]
    ) throws -> MetricTables {
        var known = try MetricTables(self)
        var asked: Set<String> = []
        let new = keys.filter { known.places[$0] == nil && asked.insert($0).inserted }
        guard !new.isEmpty else { return known }
        guard known.places.count + new.count <= Self.largestMetricKeyCount else {
            throw TrackingError(
                .tooManyKeys,
                "the notebook has \(known.places.count) keys of logged numbers, and \(new.count) more, such as "
                    + "'\(new[0].visible)', are more than \(Self.largestMetricKeyCount)",
                advice: "log a number under one key at many steps, and not under a key for each step")
        }
        var taken = Set(known.places.keys.map { $0.lowercased() })
        var hasGrown = false
        for key in new {
            let isFree = taken.insert(key.lowercased()).inserted
            let table = isFree ? try table(for: MetricKey(key), in: &known) : nil
            if let table {
                try addColumn(for: key, toTable: table, of: &known, from: origins[key] ?? MetricOrigin(source: source))
                hasGrown = true
            } else {
                try addPoint(key, to: &known, from: origins[key] ?? MetricOrigin(source: source))
            }
        }
        // Keys of `points` stand in no view.
        if hasGrown { try createStepViews() }
        return known
    }

    // MARK: - Internals

    /// The place of the table of the key's prefix, which is made if there is room for one; nil where the key belongs into `points`.
    private func table(for key: MetricKey, in known: inout MetricTables) throws -> Int? {
        if let index = known.tables.firstIndex(where: { $0.prefix == key.prefix }) {
            return known.tables[index].columns.count < Self.largestMetricColumnCount ? index : nil
        }
        guard known.tables.count < Self.largestMetricTableCount else { return nil }
        known.addTable(try freeName(key.tableName))
        let table = known.tables[known.tables.count - 1]
        try execute(sql: table.creation)
        try execute(sql: "INSERT INTO main.step_tables (name) VALUES (?)", arguments: [table.name])
        return known.tables.count - 1
    }

    private func addColumn(
        for key: String, toTable index: Int, of known: inout MetricTables, from origin: MetricOrigin
    ) throws {
        let table = known.tables[index]
        var names = ColumnNames(taken: ["run_id", "step", "elapsed_ns", "ieee_bytes"] + table.columns.map(\.name))
        let column = MetricTables.Column(name: names.take(MetricKey(key).columnName), key: key)
        try execute(sql: "ALTER TABLE main.\(table.quotedName) ADD COLUMN \(column.definition)")
        try insertSeries(key, column: column.name, table: table.name, position: table.columns.count, from: origin)
        known.add(column, toTable: index)
    }

    private func addPoint(_ key: String, to known: inout MetricTables, from origin: MetricOrigin) throws {
        try execute(
            sql: "INSERT OR IGNORE INTO main.step_tables (name) VALUES (?)", arguments: [MetricTables.points])
        try insertSeries(
            key, column: key, table: MetricTables.points, position: known.pointCount, from: origin)
        known.addPoint(key)
    }

    private func insertSeries(
        _ key: String, column: String, table: String, position: Int, from origin: MetricOrigin
    ) throws {
        try execute(
            sql: """
                INSERT INTO main.series (step_table, position, column_name, name, role, source, precision)
                VALUES (?, ?, ?, ?, 'metric', ?, ?)
                """, arguments: [table, position, column, key, origin.source, origin.precision])
    }
}
