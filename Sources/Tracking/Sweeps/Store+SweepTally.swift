import GRDB

extension Store {
    /// How far the sweep is now; takes about a microsecond for each run.
    package func tally(ofSweep sweep: Int64) throws(TrackingError) -> SweepTally {
        let now = now()
        return try read { database in
            let recorded = try database.stepsRecorded
            let counts = try Row.fetchAll(
                database,
                sql: """
                    SELECT state, count(*), coalesce(sum(steps), 0), sum(CASE WHEN state IN ('queued', 'running', 'cancelled')
                        THEN \(recorded) ELSE steps_done END)
                    FROM runs WHERE sweep_id = ? AND deleted_at IS NULL GROUP BY state
                    """,
                arguments: [sweep]
            ).compactMap { row in
                RunState(rawValue: row[0]).map {
                    SweepTally.Count(state: $0, runs: row[1], stepsPlanned: row[2], stepsRecorded: row[3])
                }
            }
            return SweepTally(
                counts: RunState.allCases.compactMap { state in counts.first { $0.state == state } },
                stepsPerSecond: try database.stepsPerSecond(ofSweep: sweep, now: now))
        }
    }

    /// The sweep's runs that somebody works on, or worked on when it died, in the order of their positions.
    package func runningRuns(ofSweep sweep: Int64) throws(TrackingError) -> [StoredRun] {
        try read { try $0.runs(where: "sweep_id = ? AND state = 'running' ORDER BY trial_number", [sweep]) }
    }
}

extension Database {
    /// Of one run of a query over `runs`.
    fileprivate var stepsRecorded: String {
        get throws { "coalesce(\(try StepTables(self).lastStep(ofRun: "runs.id")) + 1, 0)" }
    }

    /// Over the runs that ended in the last minute or run for the first time, and the time since the first of them began.
    fileprivate func stepsPerSecond(ofSweep sweep: Int64, now: String) throws -> Double? {
        try Double.fetchOne(
            self,
            sql: """
                SELECT sum(CASE state WHEN 'running' THEN \(stepsRecorded) ELSE steps_done END)
                    / (86400 * max(1e-9, julianday(:now) - min(julianday(started_at))))
                FROM runs WHERE sweep_id = :sweep AND deleted_at IS NULL AND (state = 'running' AND attempt = 1
                    OR finished_at >= strftime('%Y-%m-%dT%H:%M:%fZ', :now, '-60 seconds'))
                """,
            arguments: ["now": now, "sweep": sweep])
    }
}
