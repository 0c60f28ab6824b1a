import GRDB

/// What is done to a notebook's file as a whole.
package struct MaintenanceStore: Sendable {
    let file: DatabaseFile

    /// Everything in the notebook that is not as it should be: SQLite's own structures, references, and what runs, sweeps
    /// and data sets claim to hold.
    ///
    /// Reads the whole file, unless `readsEverything` is false: then every step is counted, but neither the pages that
    /// hold them nor their losses are looked at, which takes a tenth of the time. `isAlive` is that of
    /// ``RunStore/interrupted(isAlive:)``.
    package func check(
        readsEverything: Bool = true, isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> [IntegrityIssue] {
        let interrupted = try file.runs.interrupted(isAlive: isAlive)
        return try file.translatingErrors {
            try file.reader.read { database in
                try IntegrityCheck(
                    database: database, tables: StepTables(database), readsEverything: readsEverything,
                    interrupted: interrupted
                ).findings()
            }
        }
    }

    /// Repairs what can be repaired without a computation, in one transaction, after a copy of the file, and returns the
    /// copy's path; nil if there was nothing to do.
    ///
    /// No row of a step is changed or made up: a run that is not whole is queued, so that it is computed again and compared
    /// with the rows it has.
    package func repair(_ findings: [IntegrityIssue]) throws(TrackingError) -> String? {
        let repairable = findings.filter(\.isRepairable)
        if repairable.isEmpty { return nil }
        let copy = Backup.freePath(of: file.path, suffix: "before-fix")
        try backUp(to: copy)
        if repairable.contains(where: { $0.kind == .damage }) { try rebuildIndexes() }
        try file.write { database in
            for finding in repairable { try database.repair(finding, now: file.now()) }
        }
        try emptyLog()
        return copy
    }

    // MARK: - Internals

    private func rebuildIndexes() throws(TrackingError) {
        try file.write { try $0.execute(sql: "REINDEX") }
    }

    private func emptyLog() throws(TrackingError) {
        try file.translatingErrors {
            try file.writer?.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
    }
}

extension Database {
    fileprivate func repair(_ finding: IntegrityIssue, now: String) throws {
        switch finding.kind {
        case .orphans(let table): try removeOrphans(of: table)
        case .incompleteRun(let run), .interruptedRun(let run):
            try execute(
                sql: "UPDATE runs SET state = 'queued', finished_at = NULL WHERE id = ?", arguments: [run])
            try insertEvent(.run(run), kind: "repaired", message: finding.description, now: now)
            try execute(
                sql: """
                    UPDATE sweeps SET state = 'open', finished_at = NULL
                    WHERE state = 'done' AND id = (SELECT sweep_id FROM runs WHERE id = ? AND deleted_at IS NULL)
                    """,
                arguments: [run])
        case .openSweep(let sweep): try closeSweepIfFinished(sweep, now: now)
        case .unreadableSeeds(let sweep):
            try execute(sql: "UPDATE sweeps SET choosing_seeds = NULL WHERE id = ?", arguments: [sweep])
            try insertEvent(.sweep(sweep), kind: "repaired", message: finding.description, now: now)
        // Of these, the file as a whole was repaired, or nothing can be.
        case .damage, .orphanedWAL, .incompleteDataset: break
        }
    }

    /// The rows of one table that refer to something that is not there, by the key that the table has.
    private func removeOrphans(of table: String) throws {
        let references = try Row.fetchAll(
            self, sql: #"SELECT "from", "table", coalesce("to", 'id') FROM pragma_foreign_key_list(?)"#,
            arguments: [table])
        for reference in references {
            let names: [String] = [table, reference[0], reference[2], reference[1]]
            let quoted = names.map(\.quotedDatabaseIdentifier)
            try execute(
                sql: """
                    DELETE FROM \(quoted[0])
                    WHERE \(quoted[1]) IS NOT NULL AND \(quoted[1]) NOT IN (SELECT \(quoted[2]) FROM \(quoted[3]))
                    """)
        }
    }
}
