import GRDB
import TextFormats

/// One merge of the attached database `other` into `main`, inside a transaction of the caller.
///
/// Ids differ between files, so every table's rows get a translation, theirs to ours, in a temporary table.
struct Merge {
    private let path: String
    private let database: Database
    /// What merges, for those who want to do it again.
    private let command: String?
    private let now: String
    private let theirTables: StepTables

    init(of path: String, into database: Database, command: String?, now: String) throws {
        self.path = path
        self.command = command
        self.database = database
        self.now = now
        theirTables = try StepTables(database, in: "other")
    }

    func run() throws -> MergeSummary {
        try mustHoldAllRows()
        for schema in theirTables.schemas { try database.register(schema) }
        try mergeDatasets()
        try mergeExperiments()
        try mergeSweeps()
        let summary = try RunMerge(path: path, database: database, theirTables: theirTables).run()
        try mergeNotes()
        try mergeSweepResults()
        try mergeVerdicts()
        try closeSweeps()
        if let command, summary.changedSomething { try record(command) }
        return summary
    }

    private func record(_ command: String) throws {
        try database.execute(
            sql: """
                INSERT INTO main.events (run_id, sweep_id, kind, message, created_at)
                SELECT NULL, ours, 'merged', :command, :now FROM temp.their_sweeps UNION ALL
                SELECT ours, NULL, 'merged', :command, :now FROM temp.their_runs JOIN main.runs ON id = ours
                WHERE sweep_id IS NULL
                """, arguments: ["command": command, "now": now])
    }

    /// A run that claims more rows than it has was cut off in a way that SQLite cannot see.
    private func mustHoldAllRows() throws {
        let counts = theirTables.schemas.map {
            "(SELECT count(*) FROM other.\($0.quotedTable) WHERE run_id = runs.id)"
        }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT id, own_steps, n FROM (
                    SELECT id, steps_done - coalesce(parent_step, 0) AS own_steps, state, deleted_at,
                        \(counts.isEmpty ? "0" : counts.joined(separator: " + ")) AS n
                    FROM other.runs AS runs)
                WHERE state IN ('done', 'diverged') AND deleted_at IS NULL AND n <> own_steps LIMIT 1
                """)
        guard let row else { return }
        throw TrackingError(
            .damaged,
            "'\(path)' was not merged: its run \(row[0] as Int64) should have \((row[1] as Int).counted("step")), but has "
                + "\(row[2] as Int)")
    }

    private func mergeDatasets() throws {
        let columns = try database.columns(ofTable: "datasets", except: ["id"])
        let rowColumns = try database.columns(ofTable: "dataset_rows", except: ["dataset_id"])
        try database.execute(
            sql: """
                INSERT INTO main.datasets (\(columns.list))
                SELECT \(columns.list) FROM other.datasets WHERE true ORDER BY id
                ON CONFLICT (content_hash) DO NOTHING
                """)
        try translate("datasets", sql: "JOIN main.datasets AS ours USING (content_hash)")
        try database.execute(
            sql: """
                INSERT INTO main.dataset_rows (dataset_id, \(rowColumns.list))
                SELECT ours, \(rowColumns.list) FROM other.dataset_rows JOIN temp.their_datasets ON theirs = dataset_id
                WHERE ours NOT IN (SELECT dataset_id FROM main.dataset_rows) ORDER BY ours, position
                """)
        let optimumColumns = try database.columns(ofTable: "optima", except: ["dataset_id"])
        try database.execute(
            sql: """
                INSERT INTO main.optima (dataset_id, \(optimumColumns.list))
                SELECT ours, \(optimumColumns.list) FROM other.optima JOIN temp.their_datasets ON theirs = dataset_id
                WHERE true ORDER BY ours, model, position
                ON CONFLICT DO NOTHING
                """)
    }

    private func mergeExperiments() throws {
        try database.execute(
            sql: """
                INSERT INTO main.experiments (name, description, created_at)
                SELECT name, description, created_at FROM other.experiments WHERE true ORDER BY id
                ON CONFLICT (name) DO NOTHING
                """)
        try translate("experiments", sql: "JOIN main.experiments AS ours USING (name)")
    }

    private func mergeSweeps() throws {
        let plan = try database.columns(
            ofTable: "sweeps",
            except: [
                "id", "experiment_id", "name", "description", "choosing_seeds", "state", "command", "created_at",
                "finished_at",
            ])
        if let name = try String.fetchOne(
            database,
            sql: """
                SELECT name FROM other.sweeps AS theirs JOIN main.sweeps AS ours USING (name)
                WHERE \(plan.map { "ours.\($0) IS NOT theirs.\($0)" }.joined(separator: " OR "))
                    OR ours.choosing_seeds <> theirs.choosing_seeds LIMIT 1
                """)
        {
            throw TrackingError(
                .conflict,
                "'\(path)' was not merged: its sweep '\(name)' has another plan than the sweep of this name here")
        }
        let columns = try database.columns(ofTable: "sweeps", except: ["id", "experiment_id", "state", "finished_at"])
        try database.execute(
            sql: """
                INSERT INTO main.sweeps (experiment_id, \(columns.list))
                SELECT ours, \(columns.list) FROM other.sweeps LEFT JOIN temp.their_experiments ON theirs = experiment_id
                WHERE \(Self.hasRuns) ORDER BY id
                ON CONFLICT (name) DO NOTHING
                """)
        try translate("sweeps", sql: "JOIN main.sweeps AS ours USING (name)")
        // One that version 0.1.0 planned has none.
        try database.execute(
            sql: """
                UPDATE main.sweeps SET choosing_seeds = (
                    SELECT choosing_seeds FROM other.sweeps AS theirs WHERE theirs.name = sweeps.name)
                WHERE choosing_seeds IS NULL AND id IN (SELECT ours FROM temp.their_sweeps)
                """)
    }

    /// SQL: whether a sweep of theirs has not had all its runs deleted.
    private static let hasRuns = """
        coalesce(
            (SELECT max(deleted_at IS NULL) FROM other.runs AS r WHERE r.sweep_id = sweeps.id), true)
        """

    private func mergeNotes() throws {
        try database.execute(
            sql: """
                INSERT INTO main.run_tags (run_id, tag)
                SELECT ours, tag FROM other.run_tags JOIN temp.their_runs ON theirs = run_id WHERE true
                ON CONFLICT DO NOTHING
                """)
        for (table, columns) in [("notes", ["text", "created_at"]), ("events", ["kind", "message", "created_at"])] {
            try database.execute(
                sql: """
                    INSERT INTO main.\(table) (run_id, sweep_id, \(columns.list))
                    SELECT r.ours, s.ours, \(columns.map { "o.\($0)" }.list) FROM other.\(table) AS o
                    LEFT JOIN temp.their_runs AS r ON r.theirs = o.run_id
                    LEFT JOIN temp.their_sweeps AS s ON s.theirs = o.sweep_id
                    WHERE (o.run_id IS NULL OR r.ours IS NOT NULL) AND (o.sweep_id IS NULL OR s.ours IS NOT NULL)
                    AND NOT EXISTS (
                        SELECT 1 FROM main.\(table) AS m
                        WHERE m.run_id IS r.ours AND m.sweep_id IS s.ours
                            AND \(columns.map { "m.\($0) = o.\($0)" }.joined(separator: " AND ")))
                    ORDER BY o.id
                    """)
        }
    }

    /// The rungs that were ranked there and not here, and what was submitted there.
    private func mergeSweepResults() throws {
        let rungs = try database.columns(ofTable: "rung_results", except: ["sweep_id"])
        try database.execute(
            sql: """
                INSERT INTO main.rung_results (sweep_id, \(rungs.list))
                SELECT ours, \(rungs.list) FROM other.rung_results JOIN temp.their_sweeps ON theirs = sweep_id
                WHERE true ORDER BY ours, rung, rank
                ON CONFLICT DO NOTHING
                """)
        let jobs = try database.columns(ofTable: "slurm_jobs", except: ["id", "sweep_id"])
        try database.execute(
            sql: """
                INSERT INTO main.slurm_jobs (sweep_id, \(jobs.list))
                SELECT ours, \(jobs.map { "o.\($0)" }.list) FROM other.slurm_jobs AS o
                JOIN temp.their_sweeps ON theirs = o.sweep_id
                WHERE NOT EXISTS (
                    SELECT 1 FROM main.slurm_jobs AS m
                    WHERE m.sweep_id = ours AND \(jobs.map { "m.\($0) = o.\($0)" }.joined(separator: " AND ")))
                ORDER BY o.id
                """)
    }

    /// A look that both have had is one.
    private func mergeVerdicts() throws {
        let columns = try database.columns(ofTable: "verdicts", except: ["id"])
        try database.execute(
            sql: """
                INSERT INTO main.verdicts (\(columns.list))
                SELECT \(columns.list) FROM other.verdicts WHERE true ORDER BY id
                ON CONFLICT DO NOTHING
                """)
    }

    /// A sweep that was given up there is given up here, and one whose last run came in is done.
    private func closeSweeps() throws {
        try database.execute(
            sql: """
                UPDATE main.sweeps SET (state, finished_at) = (
                    SELECT theirs.state, theirs.finished_at FROM other.sweeps AS theirs WHERE theirs.name = sweeps.name)
                WHERE state = 'open'
                    AND name IN (SELECT name FROM other.sweeps WHERE state IN ('cancelled', 'stopped'))
                """)
        for sweep in try Int64.fetchAll(database, sql: "SELECT ours FROM temp.their_sweeps ORDER BY ours") {
            try database.closeSweepIfFinished(sweep, now: now)
        }
    }

    /// Makes `temp.their_TABLE (theirs, ours)`.
    private func translate(_ table: String, sql join: String) throws {
        try database.execute(sql: "DROP TABLE IF EXISTS temp.their_\(table)")
        try database.execute(
            sql: "CREATE TEMP TABLE their_\(table) (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL)")
        try database.execute(
            sql: "INSERT INTO temp.their_\(table) SELECT theirs.id, ours.id FROM other.\(table) AS theirs \(join)")
    }
}

extension Database {
    /// The names of a table's columns but those that are generated, so that a column added by a later migration is merged as
    /// well.
    func columns(ofTable table: String, except: Set<String>) throws -> [String] {
        try String.fetchAll(self, sql: "SELECT name FROM pragma_table_info(?, 'main')", arguments: [table])
            .filter { !except.contains($0) }
    }
}

extension [String] {
    var list: String { joined(separator: ", ") }
}
