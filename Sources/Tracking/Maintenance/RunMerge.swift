import GRDB
import TextFormats

/// The runs of a merge: which of theirs is which of ours, and what each is missing.
struct RunMerge {
    /// Columns that hold ids of other rows, and are translated, or that are each notebook's own affair.
    private static let references: Set<String> = [
        "id", "experiment_id", "sweep_id", "parent_run_id", "dataset_id", "deleted_at",
    ]

    private let path: String
    private let database: Database
    /// Columns that are copied as they are.
    private let copied: [String]
    private let theirTables: StepTables
    private let ourTables: StepTables
    private let consistency: RunConsistencyCheck

    /// The step tables of theirs are registered in ours.
    init(path: String, database: Database, theirTables: StepTables) throws {
        self.path = path
        self.database = database
        self.theirTables = theirTables
        ourTables = try StepTables(database)
        copied = try database.columns(ofTable: "runs", except: Self.references.union(["state"]))
        consistency = RunConsistencyCheck(
            path: path, database: database,
            results: try database.columns(
                ofTable: "runs",
                except: Self.references.union(RunConsistencyCheck.circumstances).union(RunConsistencyCheck.planned)))
    }

    /// Also leaves the translation `temp.their_runs`.
    func run() throws -> MergeSummary {
        var summary = MergeSummary()
        try translateKnownRuns()
        for pair in try knownPairs() {
            let stepsAdded = try merge(pair)
            summary.stepsAdded += stepsAdded
            if pair.theirState.isFinal && !pair.ourState.isFinal {
                summary.runsCompleted += 1
            } else {
                summary.runsUnchanged += 1
            }
        }
        for theirs in try unknownRuns() {
            summary.stepsAdded += try add(theirs)
            summary.runsAdded += 1
        }
        try translateParents()
        return summary
    }

    // MARK: - Which run is which

    /// A run outside a sweep is known by its identity, a run of a sweep by its place there, since each part of a sweep that
    /// was planned by a process of its own has made identities of its own.
    private func translateKnownRuns() throws {
        try database.execute(sql: "DROP TABLE IF EXISTS temp.their_runs")
        try database.execute(sql: "CREATE TEMP TABLE their_runs (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL)")
        try database.execute(
            sql: """
                INSERT INTO temp.their_runs
                SELECT theirs.id, ours.id FROM other.runs AS theirs
                JOIN temp.their_sweeps AS s ON s.theirs = theirs.sweep_id
                JOIN main.runs AS ours ON ours.sweep_id = s.ours AND ours.trial_number = theirs.trial_number
                WHERE theirs.deleted_at IS NULL
                """)
        try database.execute(
            sql: """
                INSERT INTO temp.their_runs
                SELECT theirs.id, min(ours.id) FROM other.runs AS theirs JOIN main.runs AS ours USING (identity)
                WHERE theirs.sweep_id IS NULL AND ours.sweep_id IS NULL AND theirs.deleted_at IS NULL
                GROUP BY theirs.id
                """)
    }

    private func knownPairs() throws -> [RunPair] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT theirs.id, ours.id, theirs.state, ours.state, theirs.model FROM temp.their_runs AS t
                JOIN other.runs AS theirs ON theirs.id = t.theirs
                JOIN main.runs AS ours ON ours.id = t.ours
                ORDER BY ours.id
                """
        ).map { row in
            RunPair(
                theirs: row[0], ours: row[1], theirState: try state(row[2]), ourState: try state(row[3]),
                steps: tables(ofModel: row[4]))
        }
    }

    private func unknownRuns() throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM other.runs WHERE deleted_at IS NULL AND id NOT IN (SELECT theirs FROM temp.their_runs)
                ORDER BY sweep_id IS NULL, sweep_id, trial_number, id
                """)
    }

    private func state(_ name: String) throws -> RunState {
        guard let state = RunState(rawValue: name) else {
            throw TrackingError(.damaged, "'\(path)' was not merged: it has a run of the unknown state '\(name)'")
        }
        return state
    }

    // MARK: - One run

    /// Brings in what ours is missing, and returns how many steps that were.
    private func merge(_ pair: RunPair) throws -> Int {
        try consistency.check(pair)
        let (theirRank, ourRank) = (pair.theirState.certainty, pair.ourState.certainty)
        if theirRank == ourRank {
            if pair.ourState.hasResult { try consistency.checkResults(of: pair) }
            return pair.ourState.isFinal ? 0 : try copySteps(pair.steps, of: pair.theirs, to: pair.ours)
        }
        guard theirRank > ourRank else { return 0 }
        let columns = copied.filter { $0 != "name" && $0 != "created_at" && $0 != "command" } + ["state"]
        try database.execute(
            sql: """
                UPDATE main.runs SET (\(columns.list)) = (
                    SELECT \(columns.list) FROM other.runs AS theirs WHERE theirs.id = ?) WHERE id = ?
                """,
            arguments: [pair.theirs, pair.ours])
        try copyParameters(of: pair.theirs, to: pair.ours)
        return try copySteps(pair.steps, of: pair.theirs, to: pair.ours)
    }

    private func add(_ theirs: Int64) throws -> Int {
        try mustHaveFreeName(theirs)
        // Nobody works on it here, whatever it is called there.
        try database.execute(
            sql: """
                INSERT INTO main.runs (experiment_id, sweep_id, dataset_id, state, \(copied.list))
                SELECT (SELECT ours FROM temp.their_experiments WHERE theirs = experiment_id),
                    (SELECT ours FROM temp.their_sweeps WHERE theirs = sweep_id),
                    (SELECT ours FROM temp.their_datasets WHERE theirs = dataset_id),
                    CASE state WHEN 'running' THEN 'queued' ELSE state END, \(copied.list)
                FROM other.runs WHERE id = ?
                """,
            arguments: [theirs])
        let ours = database.lastInsertedRowID
        try database.execute(sql: "INSERT INTO temp.their_runs VALUES (?, ?)", arguments: [theirs, ours])
        try copyParameters(of: theirs, to: ours)
        let model = try String.fetchOne(
            database, sql: "SELECT model FROM other.runs WHERE id = ?", arguments: [theirs])
        return try copySteps(tables(ofModel: model), of: theirs, to: ours)
    }

    private func mustHaveFreeName(_ theirs: Int64) throws {
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT theirs.name, ours.id FROM other.runs AS theirs JOIN main.runs AS ours USING (name)
                    WHERE theirs.id = ?
                    """,
                arguments: [theirs])
        else { return }
        throw TrackingError(
            .nameTaken,
            "'\(path)' was not merged: its run \(theirs) has the name '\(row[0] as String)', which belongs to run "
                + "\(row[1] as Int64) here", advice: "rename one of them")
    }

    private func copyParameters(of theirs: Int64, to ours: Int64) throws {
        let columns = ["name", "initial", "final", "average", "ieee_bytes"]
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO main.run_parameters (run_id, \(columns.list))
                SELECT ?, \(columns.list) FROM other.run_parameters WHERE run_id = ?
                """,
            arguments: [ours, theirs])
    }

    private func copySteps(_ tables: StepTablePair, of theirs: Int64, to ours: Int64) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO main.\(tables.ours.quotedTable) (run_id, \(tables.ours.quotedColumns.list))
                SELECT ?, \(tables.theirs.quotedColumns.list) FROM other.\(tables.theirs.quotedTable)
                WHERE run_id = ? ORDER BY step
                ON CONFLICT (run_id, step) DO NOTHING
                """)
        try statement.execute(arguments: [ours, theirs])
        return database.changesCount
    }

    /// Where their steps of this model are, and where they go.
    private func tables(ofModel model: String?) -> StepTablePair {
        let theirs = theirTables.schema(ofModel: model)
        return StepTablePair(theirs: theirs, ours: ourTables.schema(ofModel: theirs.model))
    }

    private func translateParents() throws {
        try database.execute(
            sql: """
                UPDATE main.runs SET parent_run_id = parent.ours
                FROM other.runs AS theirs
                JOIN temp.their_runs AS t ON t.theirs = theirs.id
                JOIN temp.their_runs AS parent ON parent.theirs = theirs.parent_run_id
                WHERE runs.id = t.ours AND runs.parent_run_id IS NULL
                """)
    }
}

extension RunState {
    /// Whether the run's configuration alone decided how it ended.
    fileprivate var hasResult: Bool { [.done, .diverged, .pruned].contains(self) }

    /// How much is known of a run in this state; of two records of one run the more certain stays.
    fileprivate var certainty: Int {
        switch self {
        case .queued, .running: 0
        case .cancelled: 1
        case .pruned: 2
        case .failed: 3
        case .done, .diverged: 4
        }
    }
}
