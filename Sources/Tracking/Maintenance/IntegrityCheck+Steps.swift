import GRDB
import TextFormats

/// Two ways to look at the steps, which are nearly all of a file.
extension IntegrityCheck {
    /// Of each run how many rows it has, its last step and its lowest loss, in one pass over all steps.
    var rowsRead: String {
        tables.union(
            { schema in
                """
                SELECT run_id, count(*) AS n, min(step) AS first, max(step) AS last, min(\(loss(of: schema))) AS lowest
                FROM \(schema.quotedTable) GROUP BY run_id
                """
            }, empty: Self.noRows)
    }

    /// The same without gaps, from the first and the last row of each run; the lowest loss is taken on trust.
    var rowsCounted: String {
        """
        SELECT id AS run_id, max(0, last - first + 1) AS n, first, last, best_loss AS lowest FROM (
            SELECT id, best_loss, \(tables.firstStep(ofRun: "id")) AS first, \(tables.lastStep(ofRun: "id")) AS last
            FROM runs)
        WHERE last IS NOT NULL
        """
    }

    private static let noRows =
        "SELECT NULL AS run_id, NULL AS n, NULL AS first, NULL AS last, NULL AS lowest WHERE FALSE"

    private func loss(of schema: StepSchema) -> String {
        schema.index(of: .loss).map { schema.columns[$0].name.sqlIdentifier } ?? "NULL"
    }

    /// The runs that have steps in a table, whether or not they are there, each found by one search.
    func runsWithSteps(in table: String) -> String {
        """
        WITH RECURSIVE found(id) AS (
            SELECT min(run_id) FROM \(table)
            UNION ALL
            SELECT (SELECT min(run_id) FROM \(table) WHERE run_id > id) FROM found WHERE id IS NOT NULL)
        """
    }

    /// Whether some run lacks a step between its first and its last: SQLite counts rows without reading them, and a run
    /// cannot have one twice.
    func hasGaps() throws -> Bool {
        try tables.schemas.contains { schema in
            let table = schema.quotedTable
            return try Bool.fetchOne(
                database,
                sql: """
                    \(runsWithSteps(in: table))
                    SELECT (SELECT count(*) FROM \(table)) <> coalesce(total(
                        (SELECT max(step) FROM \(table) WHERE run_id = id)
                        - (SELECT min(step) FROM \(table) WHERE run_id = id) + 1), 0)
                    FROM found WHERE id IS NOT NULL
                    """) ?? false
        }
    }

    /// What SQLite finds wrong with its own structures.
    func integrityMessages() throws -> [String] {
        let checks =
            readsEverything
            ? ["PRAGMA integrity_check(20)"]
            : smallTables.map { "PRAGMA integrity_check(\($0.sqlIdentifier))" }
        return try checks.flatMap { try String.fetchAll(database, sql: $0) }.filter { $0 != "ok" }
    }

    /// A table, the one it refers to, and how many of its rows refer to nothing.
    func orphanCounts() throws -> [(table: String, parent: String, count: Int)] {
        var counts: [(table: String, parent: String, count: Int)] = []
        for table in readsEverything ? KnownSchema(tables).tables : smallTables {
            counts += try Row.fetchAll(
                database, sql: "SELECT parent, count(*) FROM pragma_foreign_key_check(?) GROUP BY parent",
                arguments: [table]
            ).map { (table, $0[0], $0[1]) }
        }
        for table in largeTables where !readsEverything {
            let name = table.sqlIdentifier
            let count = try Int.fetchOne(
                database,
                sql: """
                    \(runsWithSteps(in: name))
                    SELECT coalesce(sum((SELECT count(*) FROM \(name) WHERE run_id = id)), 0)
                    FROM found WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM runs)
                    """)
            if let count, count > 0 { counts.append((table, "runs", count)) }
        }
        return counts.sorted { ($0.table, $0.parent) < ($1.table, $1.parent) }
    }

    /// Those that have rows by step.
    private var largeTables: [String] {
        tables.schemas.map(\.table) + tables.metrics.tables.map(\.name) + [
            MetricTables.points, "texts", "tensor_steps",
        ]
    }

    /// The names of a notebook's other tables; what people have put beside them is theirs.
    private var smallTables: [String] {
        let large = Set(largeTables)
        return KnownSchema(tables).tables.filter { !large.contains($0) }
    }
}
