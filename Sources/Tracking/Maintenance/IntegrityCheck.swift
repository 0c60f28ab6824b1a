import Foundation
import GRDB
import TextFormats

/// Looks through a whole notebook, in one snapshot, whose tables are those that a notebook has.
struct IntegrityCheck {
    let database: Database
    let tables: StepTables
    /// Whether every page and every step is read; else steps are only counted, which tells as much of gaps.
    let readsEverything: Bool
    /// The runs that are called running although nobody works on them.
    let interrupted: [Run]

    func findings() throws -> [IntegrityIssue] {
        let damage = try damage()
        // What else the file says cannot be trusted then, or read.
        guard damage.isEmpty else { return damage }
        return try orphans() + incompleteDatasets() + changedDatasets() + incompleteRuns() + interruptedRuns()
            + openSweeps() + plannedRuns() + unreadableSeeds() + recordings()
    }

    // MARK: - Internals

    func damage() throws -> [IntegrityIssue] {
        try integrityMessages().map {
            IntegrityIssue(
                kind: .damage, description: "the file is damaged: \($0.replacing("\n", with: " "))",
                remedy:
                    "\(option: "fix") builds the indexes again; if that is not enough, restore the file from a backup")
        }
    }

    private func orphans() throws -> [IntegrityIssue] {
        try orphanCounts().map { orphans in
            IntegrityIssue(
                kind: .orphans(table: orphans.table, parent: orphans.parent),
                description:
                    "\(orphans.count.counted("row")) of \(orphans.table) without the row of \(orphans.parent) to "
                    + "refer to",
                remedy: Self.remedy(ofOrphansIn: orphans.table, parent: orphans.parent))
        }
    }

    private static func remedy(ofOrphansIn table: String, parent: String) -> MessageText {
        switch (table, parent) {
        case (_, "datasets"): "restore the file from a backup"
        case ("runs", "sweeps"): "\(option: "fix") keeps them as runs of no sweep"
        case ("runs", _), ("sweeps", _): "\(option: "fix") keeps them and removes the reference"
        default: "\(option: "fix") removes them"
        }
    }

    private func incompleteDatasets() throws -> [IntegrityIssue] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, samples, n FROM (
                    SELECT id, samples, (SELECT count(*) FROM dataset_rows WHERE dataset_id = datasets.id) AS n
                    FROM datasets)
                WHERE n <> samples ORDER BY id
                """
        ).map { row in
            IntegrityIssue(
                kind: .incompleteDataset(row[0]),
                description:
                    "data set \(row[0] as Int64) should have \((row[1] as Int).counted("sample")), but has \(row[2] as Int)",
                remedy: "merge a notebook into a new one that still has them, or restore the file from a backup")
        }
    }

    /// Those with a sample that is not the one that was stored, by its checksum.
    private func changedDatasets() throws -> [IntegrityIssue] {
        var flaws: [Int64: (position: Int64, count: Int)] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT dataset_id, position, x, y, ieee_bytes, x_checksum, y_checksum FROM dataset_rows
                ORDER BY dataset_id, position
                """)
        while let row = try rows.next() {
            let position = Int(Int64.fromDatabaseValue(row[1]) ?? -1)
            let exact = Data.fromDatabaseValue(row[4]).flatMap { ExactReals.decode($0, count: 2) }
            let values = exact ?? [2, 3].map { Double.fromDatabaseValue(row[$0]) ?? .nan }
            if !SampleChecksum.fit(values, [row[5], row[6]], at: position) {
                flaws[row[0], default: (Int64(position), 0)].count += 1
            }
        }
        return flaws.sorted { $0.key < $1.key }.map { id, flaw in
            IntegrityIssue(
                kind: .incompleteDataset(id),
                description:
                    "\(flaw.count.counted("sample")) of data set \(id) changed since stored, the first at position \(flaw.position)",
                remedy: "restore the file from a backup, or merge a notebook that has the data into a new one")
        }
    }

    private func incompleteRuns() throws -> [IntegrityIssue] {
        let rows = try readsEverything || hasGaps() ? rowsRead : rowsCounted
        return try Row.fetchAll(
            database,
            sql: """
                WITH rows AS (\(rows))
                SELECT id, state, CAST(steps_done - coalesce(parent_step, 0) AS INTEGER), CAST(coalesce(n, 0) AS INTEGER),
                    CAST(coalesce(last - coalesce(parent_step, 0), -1) AS INTEGER),
                    best_loss IS (SELECT loss FROM steps WHERE run_id = id AND step = best_step)
                        AND (best_loss IS lowest),
                    (final_loss IS NULL AND runs.ieee_bytes IS NULL) OR finished_at IS NULL,
                    NOT EXISTS (SELECT 1 FROM run_parameters WHERE run_id = runs.id), attempt,
                    coalesce(first, coalesce(parent_step, 0)) IS coalesce(parent_step, 0), model,
                    dataset_id IS NULL
                FROM runs LEFT JOIN rows ON run_id = id WHERE kind = 'trained' ORDER BY id
                """
        ).compactMap { row in
            if let model = String.fromDatabaseValue(row[10]), tables[model] == nil {
                return .unreadable(
                    "run \(row[0] as Int64) is of the model '\(model)', whose steps the file does not register")
            }
            if row[11] { return .unreadable("run \(row[0] as Int64) has no data set, and so cannot be computed again") }
            return try incompleteRun(row).map { finding(of: RunAttempt(run: row[0], number: row[8]), $0) }
        }
    }

    private func incompleteRun(_ row: Row) throws -> String? {
        let (steps, rows, last): (Int, Int, Int) = (row[2], row[3], row[4])
        let state: String = row[1]
        // Its next attempt fills every gap.
        if state == RunState.queued.rawValue { return nil }
        if !(row[9] as Bool) { return "does not begin with its first step: there are gaps" }
        if rows - 1 != last { return "has \(rows.counted("row")), but its last step is \(last): there are gaps" }
        guard state == RunState.done.rawValue || state == RunState.diverged.rawValue else { return nil }
        if rows != steps { return "is \(state) after \(steps.counted("step")), but has \(rows.counted("row"))" }
        if row[6] { return "is \(state), but has no final loss or no time at which it ended" }
        if row[7] { return "is \(state), but its parameters are missing" }
        let bestLossIsStored: Bool = row[5]
        if !bestLossIsStored { return "has a best loss that is not the lowest of its rows" }
        return nil
    }

    private func finding(of attempt: RunAttempt, _ flaw: String) -> IntegrityIssue {
        IntegrityIssue(
            kind: .incompleteRun(attempt), description: "run \(attempt.run) \(flaw)",
            remedy:
                "\(option: "fix") queues it, and \(command: "run", options: [.init("resume", "\(attempt.run)")]) computes it again and adds what is missing"
        )
    }

    private func interruptedRuns() throws -> [IntegrityIssue] {
        let names = try Dictionary(
            uniqueKeysWithValues: Row.fetchAll(database, sql: "SELECT id, name FROM sweeps").map {
                ($0[0] as Int64, $0[1] as String)
            })
        return interrupted.map { run in
            if run.kind != .trained, run.sweepID == nil { return Self.interruptedRecording(run) }
            let sweep = run.sweepID.flatMap { names[$0] }
            let process = run.process.map { ", process \($0.pid) on \($0.host)," } ?? ""
            return IntegrityIssue(
                kind: .interruptedRun(RunAttempt(run: run.id, number: run.attempt)),
                description: "run \(run.id) is called running, but its worker\(process) is gone",
                remedy: sweep == nil
                    ? "\(command: "run", options: [.init("resume", "\(run.id)")]) resumes it; \(option: "fix") only queues it"
                    : "\(command: "sweep resume", sweep ?? "") resumes it; \(option: "fix") only queues it")
        }
    }

    private func openSweeps() throws -> [IntegrityIssue] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, name FROM sweeps WHERE state = 'open' AND NOT EXISTS (
                    SELECT 1 FROM runs WHERE sweep_id = sweeps.id AND state IN ('queued', 'running') AND deleted_at IS NULL)
                AND planned_runs <= (SELECT count(*) FROM runs WHERE sweep_id = sweeps.id) ORDER BY id
                """
        ).map { row in
            IntegrityIssue(
                kind: .openSweep(row[0]),
                description: "all runs of sweep '\(row[1] as String)' have ended, but it is called open",
                remedy: "\(option: "fix") calls it done")
        }
    }

    /// A sweep in parts has fewer runs than were planned, but none has more.
    private func plannedRuns() throws -> [IntegrityIssue] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, name, planned_runs, n FROM (
                    SELECT *, (SELECT count(*) FROM runs WHERE sweep_id = sweeps.id) AS n FROM sweeps)
                WHERE planned_runs < n ORDER BY id
                """
        ).map { row in
            IntegrityIssue(
                kind: .plannedRuns(row[0]),
                description:
                    "sweep '\(row[1] as String)' has planned_runs \(row[2] as Int), but \((row[3] as Int).counted("run"))",
                remedy: "\(option: "fix") sets it to the number of runs")
        }
    }

    private func unreadableSeeds() throws -> [IntegrityIssue] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, name FROM sweeps WHERE choosing_seeds IS NOT NULL AND CASE
                    WHEN NOT json_valid(choosing_seeds) THEN TRUE
                    WHEN json_type(choosing_seeds) <> 'array' THEN TRUE
                    ELSE EXISTS (SELECT 1 FROM json_each(choosing_seeds) WHERE type <> 'integer') END
                ORDER BY id
                """
        ).map { row in
            IntegrityIssue(
                kind: .unreadableSeeds(row[0]),
                description:
                    "the seeds that choose a configuration of sweep '\(row[1] as String)' are no list of seeds",
                remedy: "\(option: "fix") forgets them, so that the first quarter of its seeds chooses")
        }
    }
}
