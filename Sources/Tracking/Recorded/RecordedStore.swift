import Foundation
import GRDB
import TextFormats

/// Runs of other programs, whose numbers come as the program says them.
package struct RecordedStore: Sendable {
    let file: DatabaseFile

    /// Stores a run and starts it in this process: all of it or nothing.
    package func start(_ run: NewRecordedRun, as provenance: Provenance) throws(TrackingError) -> Run {
        try file.write { database in
            let now = file.now()
            try database.mustBeFree(run.name)
            try database.execute(
                sql: """
                    INSERT INTO runs (kind, name, identity, experiment_id, config, config_hash, group_id, version, git_commit,
                        command, created_at)
                    VALUES ('recorded', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run.name, run.identity, try database.experimentID(named: run.experiment, now: now),
                    run.configuration.json, run.configuration.hash, run.configuration.groupID, provenance.version,
                    run.environment["git_commit"], provenance.command, now,
                ])
            let id = database.lastInsertedRowID
            try database.insertTags(run.tags, ofRun: id)
            if let note = run.note { try database.insertNote(note, on: .run(id), now: now) }
            for (name, value) in run.environment.sorted(by: { $0.key < $1.key }) {
                try database.execute(
                    sql: "INSERT INTO run_environment (run_id, name, value) VALUES (?, ?, ?)",
                    arguments: [id, name, value])
            }
            return try database.startRun(id, for: file.leaseHolder(provenance), path: file.path)
        }
    }

    /// Goes on with a recorded run in this process, as its next attempt, whether it was interrupted or had ended.
    ///
    /// One that another process still records is a `conflict`; `isAlive` is that of ``RunStore/interrupted(isAlive:)``.
    package func resume(
        _ run: Run, as provenance: Provenance, isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> Run {
        guard run.kind == .recorded else {
            throw TrackingError(
                .conflict, "run \(run.id) is a built-in run, which nobody records",
                advice: "\(command: "run", options: [.init("resume", "\(run.id)")]) resumes it")
        }
        if run.state == .running, let process = run.process, isAlive(process) ?? true {
            throw TrackingError(
                .conflict, "run \(run.id) is being recorded by process \(process.pid) on \(process.host)",
                advice: "wait for it, or end that process first")
        }
        return try file.write { database in
            try database.execute(
                sql: "UPDATE runs SET state = 'queued', state_reason = NULL WHERE id = ? AND attempt = ?",
                arguments: [run.id, run.attempt])
            guard database.changesCount == 1 else {
                throw TrackingError.superseded(RunAttempt(run: run.id, number: run.attempt))
            }
            return try database.startRun(run.id, for: file.leaseHolder(provenance), path: file.path)
        }
    }

    /// What did not become a row.
    package struct Remainder: Sendable {
        /// Values that came second for their key and step.
        package let conflicts: MetricConflicts
        /// Numbers whose keys are more than a notebook takes.
        package let refusedCount: Int
        /// Such a key.
        package let refusedKey: String?
        /// Values that were stored and are void.
        package let takenBackCount: Int
    }

    /// Stores changes, all of them or none, but for values that were there already as others and keys that are too many.
    ///
    /// `source` says how the numbers came, where `origins` does not say it of their key. An attempt that is not the run's own any more
    /// is `superseded`.
    @discardableResult
    package func write(
        _ changes: RecordedChanges, to attempt: RunAttempt, source: String? = nil,
        origins: [String: MetricOrigin] = [:],
        known: inout KnownMetrics
    ) throws(TrackingError) -> Remainder {
        let now = file.now()
        let (remainder, tables) = try file.write { database in
            guard try database.isCurrent(attempt) else { throw TrackingError.superseded(attempt) }
            let writing = RecordedWriting(database: database, run: attempt.run, now: now)
            let keys = changes.metrics.usedKeys
            let tables = try database.tables(for: keys, known: known.tables, source: source, origins: origins)
            let refused = keys.first { tables.places[$0] == nil }
            let (metrics, refusedCount) =
                refused == nil ? (changes.metrics, 0) : changes.metrics.keepingKeys { tables.places[$0] != nil }
            let takenBack = try writing.takeBack(changes.superseded, tables)
            var insertion = MetricInsertion(tables, ofRun: attempt.run, in: database)
            try insertion.insert(metrics)
            var conflicts = insertion.conflicts
            try writing.insert(changes, &conflicts)
            try database.renew(Lease(now: now, seconds: file.lease), of: [attempt])
            return (
                Remainder(
                    conflicts: conflicts, refusedCount: refusedCount, refusedKey: refused, takenBackCount: takenBack),
                tables
            )
        }
        known.tables = tables
        return remainder
    }

    /// Writes how an attempt ended.
    ///
    /// With a `state` the run has ended; without one it was interrupted, and can be gone on with.
    package func finish(
        _ attempt: RunAttempt, state: RunState?, reason: String?, output: [StreamExcerpt], usage: ProcessUsage?
    ) throws(TrackingError) {
        precondition(state?.isFinal ?? true, "a run ends in a final state")
        let now = file.now()
        try file.write { database in
            guard try database.isCurrent(attempt) else { throw TrackingError.superseded(attempt) }
            let writing = RecordedWriting(database: database, run: attempt.run, now: now)
            try writing.insert(output, usage, attempt: attempt.number)
            let steps = try MetricTables(database).stepCount(ofRun: attempt.run, in: database)
            guard let state else {
                try database.execute(
                    sql: "UPDATE runs SET steps_done = ?, state_reason = ? WHERE id = ?",
                    arguments: [steps, reason, attempt.run])
                return try database.release(attempt, now: now)
            }
            try database.execute(
                sql: """
                    UPDATE runs SET state = ?, state_reason = ?, steps_done = ?, finished_at = ?
                    WHERE id = ? AND attempt = ?
                    """,
                arguments: [state.rawValue, reason, steps, now, attempt.run, attempt.number])
        }
    }

    /// The run of this identity, whichever its number is here; nil where there is none.
    package func find(identity: String) throws(TrackingError) -> Run? {
        try file.read { try $0.runs(where: "identity = ? ORDER BY id LIMIT 1", [identity]).first }
    }

    /// The last step of a run; nil where it has none.
    package func lastStep(ofRun run: Int64) throws(TrackingError) -> Int64? {
        try lastSteps(ofRun: run).values.max()
    }

    /// The last step of each group of keys, from which lines without a step go on.
    package func lastSteps(ofRun run: Int64) throws(TrackingError) -> [String: Int64] {
        try file.read { database in
            var last: [String: Int64] = [:]
            func note(_ step: Int64?, _ group: String) {
                if let step { last[group] = max(step, last[group] ?? step) }
            }
            for table in try MetricTables(database).tables {
                let step = try Int64.fetchOne(
                    database, sql: "SELECT max(step) FROM \(table.quotedName) WHERE run_id = ?", arguments: [run])
                note(step, table.prefix ?? "")
            }
            for table in ["points", "texts"] {
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT key, max(step) FROM \(table) WHERE run_id = ? GROUP BY key", arguments: [run]
                )
                while let row = try rows.next() { note(row[1], MetricKey(row[0]).prefix) }
            }
            return last
        }
    }
}

/// The places of keys that a writer has seen, so that it need not read them again for each transaction.
///
/// A key that has a place keeps it for ever.
package struct KnownMetrics: Sendable {
    var tables: MetricTables?

    package init() {}
}

extension MetricBatch {
    /// The keys of its rows.
    var usedKeys: [String] { Set(rows.map(\.shape)).sorted().flatMap { shapes[$0] } }
}

extension Database {
    /// The places of all keys, those that are new included, but for the last ones where they are too many.
    ///
    /// `known` is what a writer found before.
    func tables(
        for keys: [String], known: MetricTables?, source: String?, origins: [String: MetricOrigin] = [:]
    ) throws -> MetricTables {
        if let known, keys.allSatisfy({ known.places[$0] != nil }) { return known }
        let stored = try MetricTables(self)
        var asked: Set<String> = []
        let new = keys.filter { stored.places[$0] == nil && asked.insert($0).inserted }
        let room = max(0, Self.largestMetricKeyCount - stored.places.count)
        return new.isEmpty || room == 0
            ? stored : try register(Array(new.prefix(room)), source: source, origins: origins)
    }
}

extension MetricTables {
    /// How many different steps a run has.
    func stepCount(ofRun run: Int64, in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM (\(steps(ofRuns: ":run")))", arguments: ["run": run]) ?? 0
    }

    /// SQL: each step of these runs once, with the run; `runs` is a list or a query, and `file` where they are.
    func steps(ofRuns runs: String, in file: String = "main") -> String {
        (tables.map(\.quotedName) + [Self.points, "texts"])
            .map { "SELECT run_id, step FROM \(file).\($0) WHERE run_id IN (\(runs))" }.joined(separator: " UNION ")
    }
}
