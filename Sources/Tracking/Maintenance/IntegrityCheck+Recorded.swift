import GRDB
import TextFormats

/// What cannot be of recorded runs, and of the numbers that programs logged.
extension IntegrityCheck {
    func recordings() throws -> [IntegrityIssue] {
        var issues = try flawedRuns() + strayRows()
        guard readsEverything else { return issues }
        for table in LoggedTable.all(tables.metrics) {
            if let issue = try flawedBytes(in: table) { issues.append(issue) }
            if let issue = try otherValues(in: table) { issues.append(issue) }
        }
        return issues
    }

    /// Nobody but its program can go on with it, and it may be left as it is.
    static func interruptedRecording(_ run: Run) -> IntegrityIssue {
        let process = run.process.map { ", process \($0.pid) on \($0.host)," } ?? ""
        return IntegrityIssue(
            kind: .interruptedRecording(run.currentAttempt),
            description: "run \(run.id) was interrupted: its recorder\(process) has ended",
            remedy:
                "its rows are whole; \(command: "record", options: [.init("continue", "\(run.id)")]) with its command goes on with it"
        )
    }

    // MARK: - Runs

    private func flawedRuns() throws -> [IntegrityIssue] {
        let names = tables.metrics.tables.map(\.quotedName) + [MetricTables.points, "texts"]
        let counts = names.map { "(SELECT count(*) FROM \($0) WHERE run_id = runs.id)" }
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, attempt, state, sweep_id IS NULL, steps_done, finished_at IS NULL, config, config_hash, group_id,
                    \(counts.list)
                FROM runs WHERE kind <> 'trained' ORDER BY id
                """)
        return try rows.compactMap { row in
            let run: Int64 = row[0]
            if let flaw = Self.configurationFlaw(row) { return flaw }
            let state = RunState(rawValue: row[2]) ?? .failed
            let flaw: String
            if state == .queued, row[3] {
                flaw = "is called queued, but nobody will start a recorded program"
            } else if state.isFinal, row[5] {
                flaw = "is \(state.rawValue), but has no time at which it ended"
            } else if state.isFinal,
                let steps = try stepCount(run, claimed: row[4], counts: counts.indices.map { row[9 + $0] })
            {
                flaw =
                    "is \(state.rawValue) with steps_done \(row[4] as Int), but has \(steps.counted("different step"))"
            } else {
                return nil
            }
            return .recordedRun(RunAttempt(run: run, number: row[1]), flaw)
        }
    }

    /// How many steps a run has that claims to have others; counted only as far as needed unless everything is read.
    private func stepCount(_ run: Int64, claimed: Int, counts: [Int]) throws -> Int? {
        let (least, most) = (counts.max() ?? 0, counts.reduce(0, +))
        if (least...most).contains(claimed), least == most || !readsEverything { return nil }
        let steps = try tables.metrics.stepCount(ofRun: run, in: database)
        return steps == claimed ? nil : steps
    }

    private static func configurationFlaw(_ row: Row) -> IntegrityIssue? {
        guard let text = String.fromDatabaseValue(row[6]), text.utf8.count <= JSONText.largestSize else { return nil }
        guard let configuration = RecordedConfiguration(exactly: text) else {
            return .unreadable("the configuration of run \(row[0] as Int64) is none that a recorded program has")
        }
        if configuration.hash == row[7], configuration.groupID == row[8] { return nil }
        return .recordedRun(
            RunAttempt(run: row[0], number: row[1]),
            "has a config_hash or group_id that is not that of its configuration")
    }

    /// Rows about recorded programs that belong to built-in runs, and steps of models that belong to recorded ones.
    private func strayRows() throws -> [IntegrityIssue] {
        let logged = tables.metrics.tables.map(\.name) + [MetricTables.points, "texts", "tensor_steps"]
        let others = ["run_summary", "run_output", "run_usage"]
        let parts = (logged + others).map { ($0, "=") } + tables.schemas.map { ($0.table, "<>") }
        return try parts.compactMap { table, comparison in
            let name = table.sqlIdentifier
            let run = try Int64.fetchOne(
                database,
                sql: """
                    \(runsWithSteps(in: name))
                    SELECT found.id FROM found JOIN runs ON runs.id = found.id WHERE kind \(comparison) 'trained' LIMIT 1
                    """)
            return run.map { run in
                IntegrityIssue(
                    kind: .strayRows(table: table),
                    description: comparison == "="
                        ? "run \(run) is a built-in run, but has rows in \(table), where those of recorded programs are"
                        : "run \(run) is a recorded program, but has steps in \(table)",
                    remedy: "they are left alone")
            }
        }
    }

    // MARK: - Numbers

    private func flawedBytes(in table: LoggedTable) throws -> IntegrityIssue? {
        let flawed = try table.flawedRows(in: database)
        guard let first = flawed.first else { return nil }
        return IntegrityIssue(
            kind: .loggedBytes(table: table.name),
            description:
                "\(flawed.count.counted("row")) of \(table.name) with ieee_bytes that are not those of its NaNs, the first of "
                + "run \(first.run)",
            remedy: "\(option: "fix") keeps the numbers of the columns and the NaNs where there is none")
    }

    private func otherValues(in table: LoggedTable) throws -> IntegrityIssue? {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT count(*), min(run_id), min(\(table.isBlob)) FROM \(table.quotedName) WHERE \(table.isNoNumber)"
        )
        guard let row, row[0] > 0 else { return nil }
        let canMove = table.textKey != nil && row[2] == 0
        return IntegrityIssue(
            kind: .loggedText(table: table.name, isMovable: canMove),
            description:
                "\((row[0] as Int).counted("row")) of \(table.name) with what is no number, the first of run \(row[1] as Int64)",
            remedy: canMove
                ? "\(option: "fix") moves texts into the table texts, where there is none of that key and step"
                : "restore the file from a backup")
    }
}

extension IntegrityIssue {
    fileprivate static func recordedRun(_ attempt: RunAttempt, _ flaw: String) -> IntegrityIssue {
        IntegrityIssue(
            kind: .recordedRun(attempt), description: "run \(attempt.run) \(flaw)",
            remedy: "\(option: "fix") says of it what its rows and its configuration say")
    }
}
