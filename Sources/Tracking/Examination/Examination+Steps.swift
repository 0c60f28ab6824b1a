import GRDB

/// Two ways to look at the steps, which are nearly all of a file.
extension Examination {
    /// Of each run how many rows it has, its last step and its lowest loss, in one pass over all steps.
    static let rowsRead =
        "SELECT run_id, count(*) AS n, max(step) AS last, min(loss) AS lowest FROM quadratic_steps GROUP BY run_id"

    /// The same without gaps, from the first and the last row of each run; the lowest loss is taken on trust.
    static let rowsCounted = """
        SELECT id AS run_id, last - first + 1 AS n, last, best_loss AS lowest FROM (
            SELECT id, best_loss, (SELECT min(step) FROM quadratic_steps WHERE run_id = id) AS first,
                (SELECT max(step) FROM quadratic_steps WHERE run_id = id) AS last
            FROM runs)
        WHERE last IS NOT NULL
        """

    /// The runs that have steps, whether or not they are there, each found by one search.
    private static let runsWithSteps = """
        WITH RECURSIVE found(id) AS (
            SELECT min(run_id) FROM quadratic_steps
            UNION ALL
            SELECT (SELECT min(run_id) FROM quadratic_steps WHERE run_id > id) FROM found WHERE id IS NOT NULL)
        """

    /// Whether some run lacks a step between its first and its last: SQLite counts rows without reading them, and a run
    /// cannot have one twice.
    func hasGaps() throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: """
                \(Self.runsWithSteps)
                SELECT (SELECT count(*) FROM quadratic_steps) <> coalesce(sum(
                    (SELECT max(step) FROM quadratic_steps WHERE run_id = id)
                    - (SELECT min(step) FROM quadratic_steps WHERE run_id = id) + 1), 0)
                FROM found WHERE id IS NOT NULL
                """) ?? false
    }

    /// What SQLite finds wrong with its own structures.
    func integrityMessages() throws -> [String] {
        let checks =
            readsEverything
            ? ["PRAGMA integrity_check(20)"]
            : try String.fetchAll(
                database,
                sql: """
                    SELECT format('PRAGMA integrity_check(%Q)', name) FROM sqlite_schema
                    WHERE type = 'table' AND name <> 'quadratic_steps'
                    """)
        return try checks.flatMap { try String.fetchAll(database, sql: $0) }.filter { $0 != "ok" }
    }

    /// A table, the one it refers to, and how many of its rows refer to nothing.
    func orphanCounts() throws -> [Row] {
        if readsEverything {
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY "table", parent ORDER BY 1, 2
                    """)
        }
        return try Row.fetchAll(
            database,
            sql: """
                \(Self.runsWithSteps)
                SELECT orphan."table", orphan.parent, count(*)
                FROM sqlite_schema AS child, pragma_foreign_key_check(child.name) AS orphan
                WHERE child.type = 'table' AND child.name <> 'quadratic_steps' GROUP BY 1, 2
                UNION ALL
                SELECT 'quadratic_steps', 'runs',
                    sum((SELECT count(*) FROM quadratic_steps WHERE run_id = id)) AS n
                FROM found WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM runs) HAVING n > 0
                ORDER BY 1, 2
                """)
    }
}
