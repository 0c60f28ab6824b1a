import GRDB

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
    private let stepColumns: [String]
    private let agreement: RunAgreement

    init(path: String, database: Database) throws {
        self.path = path
        self.database = database
        copied = try database.columns(ofTable: "runs", except: Self.references.union(["state"]))
        stepColumns = try database.columns(ofTable: "quadratic_steps", except: ["run_id", "step", "elapsed_ns"])
        agreement = RunAgreement(
            path: path, database: database, stepColumns: stepColumns,
            results: try database.columns(
                ofTable: "runs",
                except: Self.references.union(RunAgreement.circumstances).union(RunAgreement.planned)))
    }

    /// Also leaves the translation `temp.their_runs`.
    func carryOut() throws -> MergeSummary {
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

    /// Runs outside sweeps that agree in everything are told apart by their order.
    private func translateKnownRuns() throws {
        try database.execute(sql: "DROP TABLE IF EXISTS temp.their_runs")
        try database.execute(sql: "CREATE TEMP TABLE their_runs (theirs INTEGER PRIMARY KEY, ours INTEGER NOT NULL)")
        try database.execute(
            sql: """
                INSERT INTO temp.their_runs
                SELECT theirs.id, ours.id FROM other.runs AS theirs
                JOIN temp.their_sweeps AS s ON s.theirs = theirs.sweep_id
                JOIN main.runs AS ours ON ours.sweep_id = s.ours AND ours.sweep_position = theirs.sweep_position
                WHERE theirs.deleted_at IS NULL
                """)
        let single = { (schema: String) in
            """
            SELECT id, config_hash, created_at, command, deleted_at,
                row_number() OVER (PARTITION BY config_hash, created_at, command ORDER BY id) AS place
            FROM \(schema).runs WHERE sweep_id IS NULL
            """
        }
        try database.execute(
            sql: """
                INSERT INTO temp.their_runs
                SELECT theirs.id, ours.id FROM (\(single("other"))) AS theirs
                JOIN (\(single("main"))) AS ours USING (config_hash, created_at, command, place)
                WHERE theirs.deleted_at IS NULL
                """)
    }

    private func knownPairs() throws -> [RunPair] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT theirs.id, ours.id, theirs.state, ours.state FROM temp.their_runs AS t
                JOIN other.runs AS theirs ON theirs.id = t.theirs
                JOIN main.runs AS ours ON ours.id = t.ours
                ORDER BY ours.id
                """
        ).map { row in
            RunPair(theirs: row[0], ours: row[1], theirState: try state(row[2]), ourState: try state(row[3]))
        }
    }

    private func unknownRuns() throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM other.runs WHERE deleted_at IS NULL AND id NOT IN (SELECT theirs FROM temp.their_runs)
                ORDER BY sweep_id IS NULL, sweep_id, sweep_position, id
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
        try agreement.check(pair)
        let (theirRank, ourRank) = (pair.theirState.certainty, pair.ourState.certainty)
        if theirRank == ourRank {
            if pair.ourState.hasResult { try agreement.checkResults(of: pair) }
            return pair.ourState.isFinal ? 0 : try copySteps(of: pair.theirs, to: pair.ours)
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
        return try copySteps(of: pair.theirs, to: pair.ours)
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
        return try copySteps(of: theirs, to: ours)
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
                + "\(row[1] as Int64) here; rename one of them")
    }

    private func copyParameters(of theirs: Int64, to ours: Int64) throws {
        let columns = ["name", "initial", "final", "average", "bits"]
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO main.run_parameters (run_id, \(columns.list))
                SELECT ?, \(columns.list) FROM other.run_parameters WHERE run_id = ?
                """,
            arguments: [ours, theirs])
    }

    private func copySteps(of theirs: Int64, to ours: Int64) throws -> Int {
        let columns = (["step", "elapsed_ns"] + stepColumns).list
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO main.quadratic_steps (run_id, \(columns))
                SELECT ?, \(columns) FROM other.quadratic_steps WHERE run_id = ? ORDER BY step
                ON CONFLICT (run_id, step) DO NOTHING
                """)
        try statement.execute(arguments: [ours, theirs])
        return database.changesCount
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
