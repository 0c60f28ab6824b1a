import GRDB
import TextFormats

/// What one configuration came to in a rung of a halving sweep.
package struct RungResult: Sendable, Equatable {
    /// Names the configuration without its seed.
    package let groupID: String
    /// Of the final losses, where a run that is not done ranks behind every other; nil where half of the runs, or more,
    /// are not.
    package let median: Double?
    /// Whether it trains on in the next rung.
    package let isPromoted: Bool

    package init(groupID: String, median: Double?, isPromoted: Bool) {
        self.groupID = groupID
        self.median = median
        self.isPromoted = isPromoted
    }
}

/// What a rung of a halving sweep came to.
package struct StoredRung: Sendable, Equatable {
    /// Counted from 1.
    package let number: Int
    package let steps: Int
    package let runs: Int
    /// The best one first.
    package let results: [RungResult]

    package init(number: Int, steps: Int, runs: Int, results: [RungResult]) {
        self.number = number
        self.steps = steps
        self.runs = runs
        self.results = results
    }
}

extension SweepStore {
    /// The rungs of a sweep that are ranked, in their order.
    package func rungs(ofSweep sweep: Int64) throws(TrackingError) -> [StoredRung] {
        try file.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT rung, steps, runs, group_id, median_final_loss, promoted FROM rung_results
                    WHERE sweep_id = ? ORDER BY rung, rank
                    """,
                arguments: [sweep]
            ).map { row in
                let row = StoredRow(row, of: "sweep \(sweep): the rung", in: database)
                return StoredRung(
                    number: try row.count("rung"), steps: try row.count("steps"), runs: try row.count("runs"),
                    results: [
                        RungResult(
                            groupID: try row.value("group_id"), median: try row.optional("median_final_loss"),
                            isPromoted: try row.value("promoted"))
                    ])
            }
            let rungs = Dictionary(grouping: rows, by: \.number).values.compactMap { rows in
                rows.first.map {
                    StoredRung(
                        number: $0.number, steps: $0.steps, runs: $0.runs, results: rows.flatMap(\.results))
                }
            }.sorted { $0.number < $1.number }
            // Who waits for the next one would wait for ever.
            if let (place, rung) = rungs.enumerated().first(where: { $0.offset + 1 != $0.element.number }) {
                throw TrackingError(
                    .damaged,
                    "'\(file.path)' is damaged: rung \(place + 1) of sweep \(sweep) is numbered \(rung.number)",
                    advice: "restore it from a backup")
            }
            return rungs
        }
    }

    /// Keeps what a rung of a sweep came to, and queues the runs of the next one behind those that are there, in one
    /// transaction.
    ///
    /// Each rung is kept once: when another process was faster, nothing is written and the answer is false.
    package func addRung(
        _ rung: StoredRung, next runs: [NewRun], toSweep sweep: Int64, provenance: Provenance
    ) throws(TrackingError) -> Bool {
        try file.write { database in
            let known = try Int.fetchOne(
                database, sql: "SELECT count(DISTINCT rung) FROM rung_results WHERE sweep_id = ?", arguments: [sweep])
            guard known == rung.number - 1 else { return false }
            try database.insert(rung, ofSweep: sweep)
            guard !runs.isEmpty else { return true }
            let time = file.now()
            let trial = try database.nextTrial(ofSweep: sweep)
            let experiment = try Int64.fetchOne(
                database, sql: "SELECT experiment_id FROM sweeps WHERE id = ?", arguments: [sweep])
            try database.register(runs)
            for (offset, run) in runs.enumerated() {
                _ = try database.insertRun(
                    run, sweep: (sweep, trial + offset), experiment: experiment, provenance: provenance,
                    now: time)
            }
            try database.execute(
                sql: "UPDATE sweeps SET planned_runs = planned_runs + ? WHERE id = ?", arguments: [runs.count, sweep])
            try database.reopenSweep(sweep)
            return true
        }
    }
}

extension Database {
    func insert(_ rung: StoredRung, ofSweep sweep: Int64) throws {
        for (index, result) in rung.results.enumerated() {
            try execute(
                sql: """
                    INSERT INTO rung_results (sweep_id, rung, rank, steps, runs, group_id, median_final_loss, promoted)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    sweep, rung.number, index + 1, rung.steps, rung.runs, result.groupID, result.median,
                    result.isPromoted,
                ])
        }
    }
}
