import GRDB

extension Store {
    /// Keeps what rung `number` of a sweep, counted from 1, came to, and queues the runs of the next one behind those that
    /// are there, in one transaction.
    ///
    /// Each rung is kept once: when another process was faster, nothing is written and the answer is false.
    package func addRung(
        _ number: Int, table: String, kind: String, next runs: [PlannedRun], toSweep sweep: Int64,
        provenance: Provenance
    ) throws(TrackingError) -> Bool {
        try write { database in
            let known = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM events WHERE sweep_id = ? AND kind = ?", arguments: [sweep, kind])
            guard known == number - 1 else { return false }
            let time = now()
            try database.insertEvent(.sweep(sweep), kind: kind, message: table, now: time)
            guard !runs.isEmpty else { return true }
            let position = try Int.fetchOne(
                database, sql: "SELECT max(sweep_position) + 1 FROM runs WHERE sweep_id = ?", arguments: [sweep])
            let experiment = try Int64.fetchOne(
                database, sql: "SELECT experiment_id FROM sweeps WHERE id = ?", arguments: [sweep])
            for (offset, run) in runs.enumerated() {
                _ = try database.insertRun(
                    run, sweep: (sweep, (position ?? 0) + offset), experiment: experiment, provenance: provenance,
                    now: time)
            }
            try database.execute(
                sql: "UPDATE sweeps SET planned_runs = planned_runs + ? WHERE id = ?", arguments: [runs.count, sweep])
            try database.reopenSweep(sweep)
            return true
        }
    }
}
