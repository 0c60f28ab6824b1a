import GRDB

extension Store {
    /// Everything in the notebook that is not as it should be: SQLite's own structures, references, and what runs, sweeps
    /// and data sets claim to hold.
    ///
    /// Reads the whole file, unless `readsEverything` is false: then every step is counted, but neither the pages that
    /// hold them nor their losses are looked at, which takes a tenth of the time. `isAlive` is that of
    /// ``interruptedRuns(isAlive:)``.
    package func examine(
        readsEverything: Bool = true, isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> [Finding] {
        let interrupted = try interruptedRuns(isAlive: isAlive)
        return try translatingErrors {
            try connections.reader.read { database in
                try Examination(
                    database: database, tables: StepTables(database), readsEverything: readsEverything,
                    interrupted: interrupted
                ).findings()
            }
        }
    }

    /// Mends what can be mended without a computation, in one transaction, after a copy of the file, and returns the
    /// copy's path; nil if there was nothing to do.
    ///
    /// No row of a step is changed or made up: a run that is not whole is queued, so that it is computed again and held
    /// against the rows it has.
    package func mend(_ findings: [Finding]) throws(TrackingError) -> String? {
        let mendable = findings.filter(\.isMendable)
        if mendable.isEmpty { return nil }
        let copy = Backup.freePath(of: path, suffix: "before-fix")
        try backUp(to: copy)
        if mendable.contains(where: { $0.kind == .damage }) { try rebuildIndexes() }
        try write { database in
            for finding in mendable { try database.mend(finding, now: now()) }
        }
        try emptyLog()
        return copy
    }

    // MARK: - Internals

    private func rebuildIndexes() throws(TrackingError) {
        try write { try $0.execute(sql: "REINDEX") }
    }

    private func emptyLog() throws(TrackingError) {
        try translatingErrors {
            try connections.writer?.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
        }
    }
}

extension Database {
    fileprivate func mend(_ finding: Finding, now: String) throws {
        switch finding.kind {
        case .orphans(let table): try removeOrphans(of: table)
        case .incompleteRun(let run), .interruptedRun(let run):
            try execute(
                sql: "UPDATE runs SET state = 'queued', finished_at = NULL WHERE id = ?", arguments: [run])
            try insertEvent(.run(run), kind: "mended", message: finding.description, now: now)
            try execute(
                sql: """
                    UPDATE sweeps SET state = 'open', finished_at = NULL
                    WHERE state = 'done' AND id = (SELECT sweep_id FROM runs WHERE id = ? AND deleted_at IS NULL)
                    """,
                arguments: [run])
        case .openSweep(let sweep): try closeSweepIfFinished(sweep, now: now)
        // Of these, the file as a whole was mended, or nothing can be.
        case .damage, .abandonedLog, .incompleteDataset: break
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
