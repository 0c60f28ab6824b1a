import GRDB
import TextFormats

/// What is done to a notebook's file as a whole.
package struct MaintenanceStore: Sendable {
    let file: DatabaseFile

    /// Everything in the notebook that is not as it should be: its schema, SQLite's own structures, references, and what runs,
    /// sweeps and data sets claim to hold.
    ///
    /// Reads the whole file, unless `readsEverything` is false: then every step is counted, but neither the pages that
    /// hold them nor their losses are looked at, which takes a tenth of the time. `isAlive` is that of
    /// ``RunStore/interrupted(isAlive:)``. Where the tables are not those of a notebook, nothing else is looked at.
    package func check(
        readsEverything: Bool = true, isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> [IntegrityIssue] {
        let schema = try readGuarded { try SchemaCheck($0) }
        guard schema.isReadable else { return schema.issues }
        var issues = schema.issues
        var interrupted: [Run] = []
        do {
            interrupted = try file.runs.interrupted(isAlive: isAlive)
        } catch {
            guard error.code == .damaged else { throw error }
            issues.append(.unreadable(error.message))
        }
        return try readGuarded { [issues, interrupted] database in
            try issues
                + IntegrityCheck(
                    database: database, tables: StepTables(database), readsEverything: readsEverything,
                    interrupted: interrupted
                ).findings()
        }
    }

    /// Repairs what can be repaired without a computation, in one transaction, after a copy of the file if wanted, and
    /// returns the copy's path; nil if there is none.
    ///
    /// No row of a step is changed or made up: a run that is not whole is queued, so that it is computed again and compared
    /// with the rows it has. What changed since it was found, because somebody works on it, is left alone.
    package func repair(_ findings: [IntegrityIssue], copying: Bool = true) throws(TrackingError) -> String? {
        let repairable = findings.filter(\.isRepairable)
        if repairable.isEmpty { return nil }
        let copy = copying ? Backup.freePath(of: file.path, suffix: "before-fix") : nil
        if let copy { try backUp(to: copy) }
        try file.translatingErrors {
            try file.writeGuarded { database in
                if repairable.contains(where: { $0.kind == .damage }) { try database.execute(sql: "REINDEX") }
                try SchemaRepair(database).run(repairable)
                for finding in repairable { try database.repair(finding, now: file.now()) }
            }
            if let version = repairable.compactMap(\.headerVersion).first { try setHeader(version) }
        }
        return copy
    }

    // MARK: - Internals

    /// On a connection of its own, which may read and call harmless functions only.
    private func readGuarded<Value>(_ body: (Database) throws -> Value) throws(TrackingError) -> Value {
        try file.translatingErrors {
            let reader = try DatabaseFile.makeExaminer(path: file.path, waiting: file.waiting)
            defer { try? reader.close() }
            return try reader.read { database in
                try ConnectionAuthorizer.whileReading(on: database) { try body(database) }
            }
        }
    }

    private func setHeader(_ version: Int) throws {
        try file.write { database in
            try database.execute(sql: "PRAGMA application_id = \(DatabaseHeader.gradbook)")
            try database.execute(sql: "PRAGMA user_version = \(version)")
        }
    }
}

extension IntegrityIssue {
    fileprivate var headerVersion: Int? {
        if case .header(let version) = kind { version } else { nil }
    }
}

extension Database {
    /// Each change is made only to what still is as it was found.
    fileprivate func repair(_ finding: IntegrityIssue, now: String) throws {
        switch finding.kind {
        case .orphans(let table, let parent): try removeOrphans(of: table, parent: parent)
        case .incompleteRun(let attempt):
            try queue(attempt, if: "state NOT IN ('queued', 'running')", because: finding, now: now)
        case .interruptedRun(let attempt): try queue(attempt, if: "state = 'running'", because: finding, now: now)
        case .openSweep(let sweep): try closeSweepIfFinished(sweep, now: now)
        case .plannedRuns(let sweep):
            try execute(
                sql: """
                    UPDATE sweeps SET planned_runs = max(planned_runs, (SELECT count(*) FROM runs WHERE sweep_id = sweeps.id))
                    WHERE id = ?
                    """,
                arguments: [sweep])
            try insertEvent(.sweep(sweep), kind: "repaired", message: finding.description, now: now)
        case .unreadableSeeds(let sweep):
            try execute(sql: "UPDATE sweeps SET choosing_seeds = NULL WHERE id = ?", arguments: [sweep])
            try insertEvent(.sweep(sweep), kind: "repaired", message: finding.description, now: now)
        // Of these, the file as a whole was repaired, or nothing can be.
        case .recordedRun(let attempt): try settle(attempt, because: finding, now: now)
        case .loggedBytes(let table): try loggedTable(table)?.repairBytes(in: self)
        case .loggedText(let table, _): try loggedTable(table)?.moveTexts(in: self)
        case .damage, .header, .schema, .addition, .orphanedWAL, .incompleteDataset, .plan, .registry, .series,
            .unreadable,
            .interruptedRecording, .strayRows:
            break
        }
    }

    private func loggedTable(_ name: String) throws -> LoggedTable? {
        try LoggedTable.all(MetricTables(self)).first { $0.name == name }
    }

    /// Has a recorded run say what its rows and its configuration say; one that is queued was interrupted.
    private func settle(_ attempt: RunAttempt, because finding: IntegrityIssue, now: String) throws {
        let json = try String.fetchOne(
            self, sql: "SELECT config FROM runs WHERE id = ? AND attempt = ? AND kind <> 'trained'",
            arguments: [attempt.run, attempt.number])
        guard let configuration = json.flatMap({ RecordedConfiguration(exactly: $0) }) else { return }
        try execute(
            sql: """
                UPDATE runs SET config_hash = ?, group_id = ?,
                    steps_done = CASE WHEN state IN ('queued', 'running') THEN steps_done ELSE ? END,
                    finished_at = CASE WHEN state IN ('queued', 'running') THEN finished_at
                        ELSE coalesce(finished_at, lease_until, started_at, created_at) END,
                    state = CASE WHEN state = 'queued' AND sweep_id IS NULL THEN 'running' ELSE state END
                WHERE id = ?
                """,
            arguments: [
                configuration.hash, configuration.groupID,
                try MetricTables(self).stepCount(ofRun: attempt.run, in: self), attempt.run,
            ])
        try execute(
            sql: """
                UPDATE runs SET pid = NULL, process_started = NULL, process_namespace = NULL, boot_id = NULL
                WHERE id = ? AND state = 'running'
                """, arguments: [attempt.run])
        try insertEvent(.run(attempt.run), kind: "repaired", message: finding.description, now: now)
    }

    /// Queues a run whose attempt is still the one that was looked at.
    private func queue(
        _ attempt: RunAttempt, if condition: String, because finding: IntegrityIssue, now: String
    ) throws {
        try execute(
            sql: "UPDATE runs SET state = 'queued', finished_at = NULL WHERE id = ? AND attempt = ? AND \(condition)",
            arguments: [attempt.run, attempt.number])
        guard changesCount == 1 else { return }
        try insertEvent(.run(attempt.run), kind: "repaired", message: finding.description, now: now)
        try execute(
            sql: """
                UPDATE sweeps SET state = 'open', finished_at = NULL
                WHERE state = 'done' AND id = (SELECT sweep_id FROM runs WHERE id = ? AND deleted_at IS NULL)
                """,
            arguments: [attempt.run])
    }

    /// The rows of one table that refer to a row that `parent` does not have, by the keys that the table has.
    ///
    /// Runs and sweeps are results, and are kept without the reference.
    private func removeOrphans(of table: String, parent: String) throws {
        let references = try Row.fetchAll(
            self, sql: #"SELECT "from", "table", coalesce("to", 'id') FROM pragma_foreign_key_list(?)"#,
            arguments: [table])
        for reference in references where reference[1] as String == parent {
            let column: String = reference[0]
            let names: [String] = [table, column, reference[2], parent]
            let quoted = names.map(\.sqlIdentifier)
            let orphans = """
                \(quoted[1]) IS NOT NULL AND \(quoted[1]) NOT IN (SELECT \(quoted[2]) FROM \(quoted[3]))
                """
            guard ["runs", "sweeps"].contains(table) else {
                try execute(sql: "DELETE FROM \(quoted[0]) WHERE \(orphans)")
                continue
            }
            let changes = column == "sweep_id" ? "sweep_id = NULL, trial_number = NULL" : "\(quoted[1]) = NULL"
            try execute(sql: "UPDATE \(quoted[0]) SET \(changes) WHERE \(orphans)")
        }
    }
}
