import Foundation
import GRDB
import TextFormats

/// What happens to a row of `runs`; each call stands inside a transaction of the caller.
extension Database {
    /// The step table of the run's model must be registered, see ``register(_:)``.
    func insertRun(
        _ run: NewRun, sweep: (id: Int64, trial: Int)?, experiment: Int64?, provenance: Provenance, now: String
    ) throws -> Int64 {
        if let name = run.name,
            let id = try Int64.fetchOne(self, sql: "SELECT id FROM runs WHERE name = ?", arguments: [name])
        {
            throw TrackingError(nameTaken: name, by: .run(id))
        }
        let statement = try cachedStatement(
            sql: """
                INSERT INTO runs (name, identity, experiment_id, sweep_id, trial_number, parent_run_id, parent_step, dataset_id,
                    recipe, batch_size, config, config_hash, group_id, version, git_commit, command, created_at)
                VALUES (?, coalesce(?, lower(hex(randomblob(16)))), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            run.name, run.identity, experiment, sweep?.id, sweep?.trial, run.parentRunID, run.parentStep, run.datasetID,
            run.recipe, run.batchSize, run.config, run.configHash, run.groupID, provenance.version,
            provenance.gitCommit, provenance.command, now,
        ])
        return lastInsertedRowID
    }

    /// SQL: the name of the experiment that a row of `runs` or `sweeps` belongs to.
    static let experimentName = "(SELECT experiments.name FROM experiments WHERE experiments.id = experiment_id)"

    func experimentID(named name: String?, now: String) throws -> Int64? {
        guard let name else { return nil }
        try execute(
            sql: "INSERT INTO experiments (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [name, now])
        return try Int64.fetchOne(self, sql: "SELECT id FROM experiments WHERE name = ?", arguments: [name])
    }

    func startRun(_ run: Int64, for leaseHolder: LeaseHolder, path: String) throws -> Run {
        if let started = try begin("id = ? AND state = 'queued'", [run], for: leaseHolder) { return started }
        guard let state = try String.fetchOne(self, sql: "SELECT state FROM runs WHERE id = ?", arguments: [run]) else {
            throw TrackingError(
                .notFound, "there is no run \(run) in '\(path)'", advice: "\(command: "runs") lists them")
        }
        throw TrackingError(.conflict, "run \(run) cannot be started: it is \(state), not queued")
    }

    /// The open sweep's queued run with the lowest position, now running in this process; nil if none is queued.
    func claimNextRun(ofSweep sweep: Int64, for leaseHolder: LeaseHolder) throws -> Run? {
        try begin(
            """
            id = (
                SELECT id FROM runs WHERE sweep_id = ? AND state = 'queued' AND deleted_at IS NULL
                ORDER BY trial_number LIMIT 1)
                AND (SELECT state FROM sweeps WHERE sweeps.id = sweep_id) = 'open'
            """,
            [sweep], for: leaseHolder)
    }

    /// `schema` is that of the run's steps, where the caller knows it.
    func finishRun(_ attempt: RunAttempt, outcome: RunOutcome, schema: StepSchema? = nil, now: String) throws {
        let initial = outcome.initialLoss.map { [$0] } ?? []
        let bytes = ExactReals.bytes(of: [outcome.finalLoss, outcome.bestLoss] + initial)
        let statement = try cachedStatement(
            sql: """
                UPDATE runs SET state = ?, steps_done = ?, diverged_step = ?, state_reason = ?, stop_reason = ?, evaluations = ?,
                    initial_loss = ?, final_loss = ?, best_loss = ?, best_step = ?, ieee_bytes = ?, finished_at = ?
                WHERE id = ? AND attempt = ? AND state = 'running'
                RETURNING coalesce(sweep_id, 0)
                """)
        let sweep = try Int64.fetchOne(
            statement,
            arguments: [
                outcome.state.rawValue, outcome.stepsDone, outcome.divergedStep, outcome.stateReason,
                outcome.stopReason, outcome.evaluations, outcome.initialLoss, outcome.finalLoss,
                outcome.bestLoss, outcome.bestStep, bytes, now, attempt.run, attempt.number,
            ])
        guard let sweep else { throw TrackingError.superseded(attempt) }
        try mustEnd(attempt.run, after: outcome.stepsDone, in: schema ?? stepSchema(ofRun: attempt.run))
        let insertion = try cachedStatement(
            sql: """
                INSERT OR REPLACE INTO run_parameters (run_id, name, initial, final, average, ieee_bytes)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
        for parameter in outcome.parameters {
            let average = parameter.average.map { [$0] } ?? []
            let bytes = ExactReals.bytes(of: [parameter.initial, parameter.final] + average)
            try insertion.execute(arguments: [
                attempt.run, parameter.name, parameter.initial, parameter.final, parameter.average, bytes,
            ])
        }
        if sweep != 0 { try closeSweepIfFinished(sweep, now: now) }
    }

    /// Whether a run is running, and this is the attempt that does.
    func isCurrent(_ attempt: RunAttempt) throws -> Bool {
        let current = try Int.fetchOne(
            cachedStatement(sql: "SELECT attempt FROM runs WHERE id = ? AND state = 'running'"),
            arguments: [attempt.run])
        return current == attempt.number
    }

    /// Keeps the runs of these attempts their workers' own.
    func renew(_ lease: Lease, of attempts: Set<RunAttempt>) throws {
        let statement = try cachedStatement(
            sql: "UPDATE runs SET lease_until = \(Lease.end) WHERE id = ? AND attempt = ? AND state = 'running'")
        for attempt in attempts {
            try statement.execute(arguments: [lease.now, lease.extent, attempt.run, attempt.number])
        }
    }

    /// Gives a run back that its worker does not want to finish; a sweep's run is queued again.
    func release(_ attempt: RunAttempt, now: String) throws {
        let statement = try cachedStatement(
            sql: """
                UPDATE runs SET state = CASE WHEN sweep_id IS NULL THEN state ELSE 'queued' END, lease_until = ?
                WHERE id = ? AND attempt = ? AND state = 'running'
                """)
        try statement.execute(arguments: [now, attempt.run, attempt.number])
        if changesCount == 0 { throw TrackingError.superseded(attempt) }
        try insertEvent(
            .run(attempt.run), kind: "interrupted", message: "attempt \(attempt.number) was stopped", now: now)
    }

    /// Those that are deleted, or those that are not; `condition` may end with an order and a limit.
    func runs(
        where condition: String, _ arguments: StatementArguments, deleted: Bool = false,
        toleratingDamage: Bool = false
    ) throws -> [Run] {
        let statement = try cachedStatement(
            sql: """
                SELECT \(RunColumn.selection) FROM runs WHERE deleted_at IS \(deleted ? "NOT NULL" : "NULL") AND \(condition)
                """)
        let tables = try StepTables(self)
        var runs: [Run] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            try runs.append(
                Run(StoredRow(row, of: "run", in: self, toleratingDamage: toleratingDamage), tables))
        }
        return runs
    }

    // MARK: - Internals

    /// Rows after the last step would have been left by an attempt that computed something else.
    private func mustEnd(_ run: Int64, after stepsDone: Int, in schema: StepSchema) throws {
        let statement = try cachedStatement(sql: "SELECT max(step) FROM \(schema.quotedTable) WHERE run_id = ?")
        guard let last = try Int.fetchOne(statement, arguments: [run]), last >= stepsDone else { return }
        throw TrackingError(
            .conflict,
            "run \(run) ends after \(stepsDone.counted("step")), but step \(last) of it is stored; nothing was overwritten"
        )
    }

    private func begin(
        _ condition: String, _ arguments: StatementArguments, for leaseHolder: LeaseHolder
    ) throws -> Run? {
        let (provenance, process) = (leaseHolder.provenance, leaseHolder.provenance.process)
        let statement = try cachedStatement(
            sql: """
                UPDATE runs SET state = 'running', attempt = attempt + 1, host = ?, pid = ?, process_started = ?, boot_id = ?, process_namespace = ?,
                    version = ?, git_commit = ?, started_at = ?, lease_until = \(Lease.end), finished_at = NULL
                WHERE deleted_at IS NULL AND \(condition)
                RETURNING id
                """)
        let id = try Int64.fetchOne(
            statement,
            arguments: [
                process.host, process.pid, process.started, process.bootID, process.namespace, provenance.version,
                provenance.gitCommit,
                leaseHolder.lease.now, leaseHolder.lease.now, leaseHolder.lease.extent,
            ] + arguments)
        return try id.flatMap { try runs(where: "id = ?", [$0]).first }
    }

    func closeSweepIfFinished(_ sweep: Int64, now: String) throws {
        let statement = try cachedStatement(
            sql: """
                UPDATE sweeps SET state = 'done', finished_at = ?
                WHERE id = ? AND state = 'open' AND NOT EXISTS (
                    SELECT 1 FROM runs
                    WHERE sweep_id = sweeps.id AND state IN ('queued', 'running') AND deleted_at IS NULL)
                AND planned_runs <= (SELECT count(*) FROM runs WHERE sweep_id = sweeps.id)
                """)
        try statement.execute(arguments: [now, sweep])
    }
}

extension TrackingError {
    static func superseded(_ attempt: RunAttempt) -> TrackingError {
        TrackingError(
            .superseded,
            "run \(attempt.run) is no longer this worker's: it was taken over or ended after attempt \(attempt.number) began"
        )
    }
}
