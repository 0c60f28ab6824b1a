import GRDB
import TextFormats

/// The runs of a merge: which of theirs is which of ours, and what each is missing.
struct RunMerge {
    /// Columns that hold ids of other rows, and are translated, or that are each notebook's own affair.
    private static let references: Set<String> = [
        "id", "experiment_id", "sweep_id", "parent_run_id", "dataset_id", "deleted_at",
    ]

    let path: String
    let database: Database
    /// Columns that are copied as they are.
    let copied: [String]
    private let theirTables: StepTables
    private let ourTables: StepTables
    private let consistency: RunConsistencyCheck
    var meter: MergeMeter
    private var names: RunNames
    var recorded: RecordedMerge
    /// Runs that both have.
    private var pairs: [RunPair] = []
    /// Those that programs recorded.
    var recordedPairs: [RecordedPair] = []

    /// The step tables of theirs are registered in ours.
    init(path: String, database: Database, theirTables: StepTables, request: MergeRequest) throws {
        self.path = path
        self.database = database
        self.theirTables = theirTables
        ourTables = try StepTables(database)
        copied = try database.columns(ofTable: "runs", except: Self.references.union(["state", "name"]))
        names = RunNames(database, renaming: request.renaming)
        recorded = try RecordedMerge(path: path, database: database, theirTables: theirTables.metrics)
        consistency = RunConsistencyCheck(
            database: database,
            results: try database.columns(
                ofTable: "runs",
                except: Self.references.union(RunConsistencyCheck.circumstances).union(RunConsistencyCheck.planned)))
        meter = try MergeMeter(database, report: request.progress)
    }

    /// Leaves the translation `temp.their_runs` of those that both have.
    mutating func match(_ clashes: inout MergeClashes, _ summary: inout MergeSummary) throws {
        try translateKnownRuns()
        try describeDeleted(&summary)
        pairs = try knownPairs()
        for pair in pairs {
            if let difference = try consistency.difference(in: pair) {
                clashes.add(
                    "its run \(pair.theirs) and run \(pair.ours) here are the same run, but differ in \(difference)")
            }
            meter.count(pair.theirStepsDone)
        }
        try matchRecorded(&clashes)
        try names.match(&clashes)
    }

    /// Brings in those that are new, and what known ones lack; completes the translation.
    mutating func run(_ summary: inout MergeSummary) throws {
        for pair in pairs { try bring(pair, &summary) }
        for pair in recordedPairs { try finish(pair, &summary) }
        try names.bring(&summary)
        for theirs in try unknownRuns() { try add(theirs, &summary) }
        try translateParents(&summary)
    }

    // MARK: - Which run is which

    /// A run outside a sweep is known by its identity, a run of a sweep by its place there, since each part of a sweep that
    /// was planned by a process of its own has made identities of its own.
    private func translateKnownRuns() throws {
        try database.makeTranslation("runs")
        try database.execute(sql: "INSERT INTO temp.their_runs \(Self.sameRuns("theirs.deleted_at IS NULL"))")
    }

    /// SQL: theirs and ours that are the same run.
    private static func sameRuns(_ condition: String) -> String {
        """
        SELECT theirs.id, ours.id FROM other.runs AS theirs
        JOIN temp.their_sweeps AS s ON s.theirs = theirs.sweep_id
        JOIN main.runs AS ours ON ours.sweep_id = s.ours AND ours.trial_number = theirs.trial_number
        WHERE \(condition)
        UNION ALL
        SELECT theirs.id, min(ours.id) FROM other.runs AS theirs JOIN main.runs AS ours USING (identity)
        WHERE theirs.sweep_id IS NULL AND ours.sweep_id IS NULL AND \(condition)
        GROUP BY theirs.id
        """
    }

    /// A run is deleted for the notebook in which it was.
    private func describeDeleted(_ summary: inout MergeSummary) throws {
        summary[.deletedThere] = try database.count(
            "(\(Self.sameRuns("theirs.deleted_at IS NOT NULL AND ours.deleted_at IS NULL")))")
        summary[.deletedHere] = try database.count(
            "temp.their_runs JOIN main.runs ON runs.id = ours WHERE deleted_at IS NOT NULL")
        switch summary[.deletedThere] {
        case 0: break
        case 1: summary.remarks.append("1 run that is deleted there stays here, and takes nothing from there")
        case let count:
            summary.remarks.append("\(count) runs that are deleted there stay here, and take nothing from there")
        }
        switch summary[.deletedHere] {
        case 0: break
        case 1: summary.remarks.append("1 run that is deleted here and not there stays deleted")
        case let count:
            summary.remarks.append("\(count) runs that are deleted here and not there stay deleted")
        }
    }

    private func knownPairs() throws -> [RunPair] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT theirs.id, ours.id, theirs.state, ours.state, theirs.steps_done, ours.steps_done, theirs.model
                FROM temp.their_runs AS t
                JOIN other.runs AS theirs ON theirs.id = t.theirs
                JOIN main.runs AS ours ON ours.id = t.ours
                WHERE theirs.kind = 'trained' AND ours.kind = 'trained'
                ORDER BY ours.id
                """
        ).map { row in
            RunPair(
                theirs: row[0], ours: row[1], theirState: try state(row[2]), ourState: try state(row[3]),
                theirStepsDone: row[4], ourStepsDone: row[5], steps: tables(ofModel: String.fromDatabaseValue(row[6])))
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

    func state(_ name: String) throws -> RunState {
        guard let state = RunState(rawValue: name) else {
            throw TrackingError(.damaged, "'\(path)' was not merged: it has a run of the unknown state '\(name)'")
        }
        return state
    }

    // MARK: - One run

    /// Brings in what ours is missing.
    private func bring(_ pair: RunPair, _ summary: inout MergeSummary) throws {
        if pair.isTheirsMoreCertain {
            let columns = copied.filter { $0 != "created_at" && $0 != "command" } + ["state"]
            try database.execute(
                sql: """
                    UPDATE main.runs SET (\(columns.list)) = (
                        SELECT \(columns.list) FROM other.runs AS theirs WHERE theirs.id = ?) WHERE id = ?
                    """,
                arguments: [pair.theirs, pair.ours])
            try copyParameters(of: pair.theirs, to: pair.ours)
            summary[.steps] += try copySteps(pair.steps, of: pair.theirs, to: pair.ours)
            summary[.runsCompleted] += 1
            return
        }
        // Of a run that was given up in one of the two all steps are kept; one that is done has all that it can have.
        let isComplete = pair.ourState == .done || pair.ourState == .diverged
        let steps = isComplete ? 0 : try copySteps(pair.steps, of: pair.theirs, to: pair.ours)
        summary[.steps] += steps
        summary[steps > 0 ? .runsContinued : .runsUnchanged] += 1
    }

    private mutating func add(_ theirs: Int64, _ summary: inout MergeSummary) throws {
        // Nobody works on it here, whatever it is called there.
        try database.execute(
            sql: """
                INSERT INTO main.runs (experiment_id, sweep_id, dataset_id, name, state, \(copied.list))
                SELECT (SELECT ours FROM temp.their_experiments WHERE theirs = experiment_id),
                    (SELECT ours FROM temp.their_sweeps WHERE theirs = sweep_id),
                    (SELECT ours FROM temp.their_datasets WHERE theirs = dataset_id),
                    coalesce(?, name),
                    CASE WHEN state = 'running' AND (kind = 'trained' OR sweep_id IS NOT NULL) THEN 'queued' ELSE state END,
                    \(copied.list)
                FROM other.runs WHERE id = ?
                """,
            arguments: [names.newName(of: theirs), theirs])
        let ours = database.lastInsertedRowID
        try database.execute(sql: "INSERT INTO temp.their_runs VALUES (?, ?)", arguments: [theirs, ours])
        let row = try Row.fetchOne(
            database, sql: "SELECT model, steps_done, kind = 'trained' FROM other.runs WHERE id = ?",
            arguments: [theirs])
        if row?[2] ?? true {
            try copyParameters(of: theirs, to: ours)
            summary[.steps] += try copySteps(
                tables(ofModel: row.flatMap { String.fromDatabaseValue($0[0]) }), of: theirs, to: ours)
        } else {
            summary[.steps] += try addRecorded(theirs, ours, &summary)
        }
        summary[.runsAdded] += 1
        meter.count(row?[1] ?? 0)
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

    private func translateParents(_ summary: inout MergeSummary) throws {
        let known = Set(pairs.map(\.ours) + recordedPairs.map(\.ours))
        let linked = try Int64.fetchAll(
            database,
            sql: """
                UPDATE main.runs SET parent_run_id = parent.ours
                FROM other.runs AS theirs
                JOIN temp.their_runs AS t ON t.theirs = theirs.id
                JOIN temp.their_runs AS parent ON parent.theirs = theirs.parent_run_id
                WHERE runs.id = t.ours AND runs.parent_run_id IS NULL
                RETURNING id
                """)
        summary[.parents] += linked.count { known.contains($0) }
    }
}
