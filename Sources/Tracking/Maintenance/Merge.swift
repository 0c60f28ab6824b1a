import GRDB
import TextFormats

/// One merge of the attached database `other` into `main`, inside a transaction of the caller.
///
/// Ids differ between files, so every table's rows get a translation, theirs to ours, in a temporary table.
struct Merge {
    private let path: String
    private let database: Database
    private let request: MergeRequest
    private let now: String
    private let theirTables: StepTables

    init(of path: String, into database: Database, _ request: MergeRequest, now: String) throws {
        self.path = path
        self.database = database
        self.request = request
        self.now = now
        theirTables = try StepTables(database, in: "other")
    }

    /// Everything that both have is compared before anything is taken.
    func run() throws -> MergeSummary {
        try MergeSourceCheck(path: path, database: database, tables: theirTables).run()
        var summary = MergeSummary()
        try registerModels(&summary)
        var clashes = MergeClashes(renaming: request.renaming)
        var sweeps = try SweepMerge(database, renaming: request.renaming)
        try sweeps.match(&clashes, &summary)
        var runs = try RunMerge(path: path, database: database, theirTables: theirTables, request: request)
        try runs.match(&clashes, &summary)
        try clashes.mustBeNone(path)
        try mergeDatasets(&summary)
        try mergeExperiments(&summary)
        try sweeps.run(&summary)
        try runs.run(&summary)
        try mergeNotes(&summary)
        try mergeSweepResults(&summary)
        try mergeVerdicts(&summary)
        try sweeps.close(now: now, &summary)
        if let command = request.command, summary.broughtRuns { try record(command) }
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

    private func registerModels(_ summary: inout MergeSummary) throws {
        let known = try StepTables(database)
        for schema in theirTables.schemas {
            if known[schema.model] == nil { summary[.models] += 1 }
            try database.register(schema)
        }
    }

    private func mergeDatasets(_ summary: inout MergeSummary) throws {
        let columns = try database.columns(ofTable: "datasets", except: ["id"])
        let rowColumns = try database.columns(ofTable: "dataset_rows", except: ["dataset_id"])
        try translate("datasets", sql: "JOIN main.datasets AS ours USING (content_hash)")
        let known = try datasetSizes()
        summary[.datasets] += try change(
            """
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
        let now = try datasetSizes()
        summary[.datasetsCompleted] += known.count { $0.value != now[$0.key] }
    }

    /// Of each data set that is also theirs what tells whether it got something: whether it has samples, and how many
    /// numbers of its minima are known.
    private func datasetSizes() throws -> [Int64: Int] {
        var sizes: [Int64: Int] = [:]
        for row in try Row.fetchAll(
            database,
            sql: """
                SELECT ours, 2 * (SELECT count(*) FROM main.optima WHERE dataset_id = ours)
                    + EXISTS (SELECT 1 FROM main.dataset_rows WHERE dataset_id = ours)
                FROM temp.their_datasets
                """)
        {
            sizes[row[0]] = row[1]
        }
        return sizes
    }

    private func mergeExperiments(_ summary: inout MergeSummary) throws {
        summary[.experiments] += try change(
            """
            INSERT INTO main.experiments (name, description, created_at)
            SELECT name, description, created_at FROM other.experiments WHERE true ORDER BY id
            ON CONFLICT (name) DO NOTHING
            """)
        try translate("experiments", sql: "JOIN main.experiments AS ours USING (name)")
    }

    private func mergeNotes(_ summary: inout MergeSummary) throws {
        summary[.tags] += try change(
            """
            INSERT INTO main.run_tags (run_id, tag)
            SELECT ours, tag FROM other.run_tags JOIN temp.their_runs ON theirs = run_id WHERE true
            ON CONFLICT DO NOTHING
            """)
        summary[.notes] += try addRemarks("notes", columns: ["text", "created_at"])
        // That a run was redacted there says nothing of ours; what was removed here does not come back.
        summary[.events] += try addRemarks(
            "events", columns: ["kind", "message", "created_at"],
            condition: """
                o.kind <> 'redacted' AND (o.kind IN (\(RecordedStore.harmlessEvents)) OR NOT EXISTS (
                    SELECT 1 FROM main.events AS e WHERE e.run_id = r.ours AND e.kind = 'redacted'))
                """)
    }

    /// The rows of a table about runs and sweeps that are not here yet.
    private func addRemarks(_ table: String, columns: [String], condition: String = "TRUE") throws -> Int {
        try change(
            """
            INSERT INTO main.\(table) (run_id, sweep_id, \(columns.list))
            SELECT r.ours, s.ours, \(columns.map { "o.\($0)" }.list) FROM other.\(table) AS o
            LEFT JOIN temp.their_runs AS r ON r.theirs = o.run_id
            LEFT JOIN temp.their_sweeps AS s ON s.theirs = o.sweep_id
            WHERE \(condition) AND (o.run_id IS NULL OR r.ours IS NOT NULL) AND (o.sweep_id IS NULL OR s.ours IS NOT NULL)
            AND NOT EXISTS (
                SELECT 1 FROM main.\(table) AS m
                WHERE m.run_id IS r.ours AND m.sweep_id IS s.ours
                    AND \(columns.map { "m.\($0) = o.\($0)" }.joined(separator: " AND ")))
            ORDER BY o.id
            """)
    }

    /// The rungs that were ranked there and not here, and what was submitted there.
    private func mergeSweepResults(_ summary: inout MergeSummary) throws {
        let rungs = try database.columns(ofTable: "rung_results", except: ["sweep_id"])
        let ranked = try Row.fetchAll(
            database,
            sql: """
                INSERT INTO main.rung_results (sweep_id, \(rungs.list))
                SELECT ours, \(rungs.list) FROM other.rung_results JOIN temp.their_sweeps ON theirs = sweep_id
                WHERE true ORDER BY ours, rung, rank
                ON CONFLICT DO NOTHING RETURNING sweep_id, rung
                """
        ).map { [$0[0] as Int64, $0[1] as Int64] }
        summary[.rungs] += Set(ranked).count
        let jobs = try database.columns(ofTable: "slurm_jobs", except: ["id", "sweep_id"])
        summary[.jobs] += try change(
            """
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
    private func mergeVerdicts(_ summary: inout MergeSummary) throws {
        let columns = try database.columns(ofTable: "verdicts", except: ["id"])
        summary[.verdicts] += try change(
            """
            INSERT INTO main.verdicts (\(columns.list))
            SELECT \(columns.list) FROM other.verdicts WHERE true ORDER BY id
            ON CONFLICT DO NOTHING
            """)
    }

    /// Runs an INSERT, and returns how many rows it added.
    private func change(_ sql: String) throws -> Int {
        try database.execute(sql: sql)
        return database.changesCount
    }

    /// Makes and fills the translation of a table.
    private func translate(_ table: String, sql join: String) throws {
        try database.makeTranslation(table)
        try database.execute(
            sql: "INSERT INTO temp.their_\(table) SELECT theirs.id, ours.id FROM other.\(table) AS theirs \(join)")
    }
}

extension Database {
    /// Makes `temp.their_TABLE (theirs, ours)`, empty.
    func makeTranslation(_ table: String) throws {
        try execute(sql: "DROP TABLE IF EXISTS temp.their_\(table)")
        try execute(sql: "CREATE TEMP TABLE their_\(table) (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL)")
    }

    /// The names of a table's columns, as SQL has them, but those that are generated, so that a column added by a later
    /// migration is merged as well.
    func columns(ofTable table: String, except: Set<String>) throws -> [String] {
        try String.fetchAll(self, sql: "SELECT name FROM pragma_table_info(?, 'main')", arguments: [table])
            .filter { !except.contains($0) }.map(\.sqlIdentifier)
    }
}

extension [String] {
    var list: String { joined(separator: ", ") }
}
