import GRDB
import TextFormats

/// What must hold of the attached database `other` before anything of it is taken: whoever made the file may have written
/// anything into it.
struct MergeSourceCheck {
    private let path: String
    let database: Database
    let tables: StepTables

    init(path: String, database: Database, tables: StepTables) {
        self.path = path
        self.database = database
        self.tables = tables
    }

    func run() throws {
        try mustBeMeaningful()
        try mustBeDifferentRuns()
        try mustHoldAllRows()
        try mustBeRecordings()
    }

    // MARK: - Internals

    /// Numbers that count something, and references to what is there.
    private func mustBeMeaningful() throws {
        let tests = [
            (
                "has no place in its sweep, or one that cannot be",
                "(sweep_id IS NULL) <> (trial_number IS NULL) OR trial_number < 0"
            ),
            (
                "belongs to a sweep that is not there",
                "sweep_id IS NOT NULL AND sweep_id NOT IN (SELECT id FROM other.sweeps)"
            ),
            (
                "trained on data that are not there",
                "dataset_id IS NOT NULL AND dataset_id NOT IN (SELECT id FROM other.datasets)"
            ),
            (
                "has a number of steps that cannot be",
                "\(Self.isStrange("steps_done")) OR \(Self.isStrange("parent_step"))"
            ),
            ("has a number of attempts that cannot be", Self.isStrange("attempt")),
        ]
        for (what, condition) in tests {
            let run = try Int64.fetchOne(
                database, sql: "SELECT id FROM other.runs WHERE deleted_at IS NULL AND (\(condition)) LIMIT 1")
            if let run { throw damage("its run \(run) \(what)") }
        }
        let sweep = try String.fetchOne(
            database, sql: "SELECT name FROM other.sweeps WHERE \(Self.isStrange("planned_runs")) LIMIT 1")
        if let sweep { throw damage("its sweep '\(sweep)' has a number of runs that cannot be") }
    }

    /// SQL: whether a count is below zero, or so large that sums of it are no whole numbers any more.
    static func isStrange(_ column: String) -> String { "\(column) NOT BETWEEN 0 AND \(Int64(1) << 53)" }

    /// Two runs of one identity would be one here.
    private func mustBeDifferentRuns() throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT min(id), max(id) FROM other.runs WHERE sweep_id IS NULL AND deleted_at IS NULL
                GROUP BY identity HAVING count(*) > 1 LIMIT 1
                """)
        if let row { throw damage("its runs \(row[0] as Int64) and \(row[1] as Int64) claim to be the same run") }
    }

    /// A run that claims more rows than it has was cut off in a way that SQLite cannot see.
    private func mustHoldAllRows() throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id, own_steps, n FROM (
                    SELECT id, steps_done - coalesce(parent_step, 0) AS own_steps, state, kind, deleted_at,
                        \(tables.schemas.isEmpty ? "0" : counts) AS n
                    FROM other.runs AS runs)
                WHERE state IN ('done', 'diverged') AND kind = 'trained' AND deleted_at IS NULL AND n <> own_steps LIMIT 1
                """)
        guard let row else { return }
        throw damage(
            "its run \(row[0] as Int64) should have \((row[1] as Int).counted("step")), but has \(row[2] as Int)")
    }

    private var counts: String {
        tables.schemas.map { "(SELECT count(*) FROM other.\($0.quotedTable) WHERE run_id = runs.id)" }
            .joined(separator: " + ")
    }

    func damage(_ what: String) -> TrackingError {
        TrackingError(.damaged, "'\(path)' was not merged: \(what)")
    }
}
