import Foundation
import GRDB
import TextFormats

extension Store {
    /// Queues one run that belongs to no sweep and returns its id.
    ///
    /// An `experiment` of a name that the file does not have yet is created.
    package func addRun(
        _ run: PlannedRun, provenance: Provenance, experiment: String? = nil
    ) throws(TrackingError) -> Int64 {
        try write { database in
            try database.register(run.stepSchema)
            return try database.insertRun(
                run, sweep: nil, experiment: database.experimentID(named: experiment, now: now()),
                provenance: provenance, now: now())
        }
    }

    /// Stores a run that belongs to no sweep, with its data and what a person says of it, and starts it in this process:
    /// all of it or nothing.
    ///
    /// `plan` makes the run from the id that its data have here; it must not call this store.
    package func startRun(
        on dataset: Dataset, tags: [String] = [], note: String? = nil, as provenance: Provenance,
        plan: (_ datasetID: Int64) throws -> PlannedRun
    ) throws(TrackingError) -> StoredRun {
        try write { database in
            let time = now()
            let planned = try plan(database.datasetID(of: dataset, now: time))
            try database.register(planned.stepSchema)
            let run = try database.insertRun(planned, sweep: nil, experiment: nil, provenance: provenance, now: time)
            try database.insertTags(tags, ofRun: run)
            if let note { try database.insertNote(note, on: .run(run), now: time) }
            return try database.startRun(run, for: leaseHolder(provenance), path: path)
        }
    }

    /// Marks a queued run as running in this process, and returns it with its new attempt number.
    ///
    /// A run that is not queued is a `conflict`.
    package func startRun(_ run: Int64, as provenance: Provenance) throws(TrackingError) -> StoredRun {
        try write { try $0.startRun(run, for: leaseHolder(provenance), path: path) }
    }

    /// Writes how a run ended.
    ///
    /// If the run was claimed again after `attempt` began, nothing is written and the call fails as `superseded`.
    package func finishRun(_ run: Int64, attempt: Int, outcome: RunOutcome) throws(TrackingError) {
        try write { try $0.finishRun(RunAttempt(run: run, number: attempt), outcome: outcome, now: now()) }
    }

    /// The run with this id.
    package func run(id: Int64) throws(TrackingError) -> StoredRun {
        guard let run = try runs(where: "id = ?", [id]).first else {
            try mustNotBeDeleted("id = ?", [id])
            throw TrackingError(.notFound, "there is no run \(id) in '\(path)'; `gradbook runs` lists them")
        }
        return run
    }

    /// The run with this name.
    package func run(named name: String) throws(TrackingError) -> StoredRun {
        if let run = try runs(where: "name = ?", [name]).first { return run }
        try mustNotBeDeleted("name = ?", [name])
        guard try sweepIfAny(named: name) == nil else {
            throw TrackingError(
                .notFound,
                "'\(name)' is a sweep in '\(path)', and a run is wanted; write best:\(name) for the best of its runs")
        }
        let names = try read { try String.fetchAll($0, sql: "SELECT name FROM runs WHERE name IS NOT NULL") }
        let hint = NearestName.hint(for: name, among: names)
        throw TrackingError(
            .notFound,
            "there is no run '\(name)' in '\(path)'\(hint.isEmpty ? "; `gradbook runs` lists what there is" : hint)")
    }

    /// A sweep's runs in the order of their positions.
    package func runs(ofSweep sweep: Int64) throws(TrackingError) -> [StoredRun] {
        try runs(where: "sweep_id = ? ORDER BY trial_number", [sweep])
    }

    /// The hashes of the configurations that a sweep has runs of, hidden ones too.
    package func configurationHashes(ofSweep sweep: Int64) throws(TrackingError) -> Set<String> {
        try read { database in
            try String.fetchSet(database, sql: "SELECT config_hash FROM runs WHERE sweep_id = ?", arguments: [sweep])
        }
    }

    /// How many configurations a sweep has runs of that are as short as any, hidden ones too.
    package func shortestConfigurationCount(ofSweep sweep: Int64) throws(TrackingError) -> Int {
        try read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(DISTINCT group_id) FROM runs
                    WHERE sweep_id = :sweep AND steps = (SELECT min(steps) FROM runs WHERE sweep_id = :sweep)
                    """, arguments: ["sweep": sweep]) ?? 0
        }
    }

    /// These runs, in this order; one that does not exist is an error.
    package func runs(ids: [Int64]) throws(TrackingError) -> [StoredRun] {
        var found: [StoredRun] = []
        for id in ids {
            try found.append(run(id: id))
        }
        return found
    }

    /// The number of the run with this name; nil if the name is free.
    package func runID(named name: String) throws(TrackingError) -> Int64? {
        try read { try Int64.fetchOne($0, sql: "SELECT id FROM runs WHERE name = ?", arguments: [name]) }
    }

    /// Every run of the file in the order of ids.
    package func allRuns() throws(TrackingError) -> [StoredRun] {
        try runs(where: "TRUE ORDER BY id", [])
    }

    /// The run that was added last, if there is any.
    package func lastRun() throws(TrackingError) -> StoredRun? {
        try runs(where: "TRUE ORDER BY id DESC LIMIT 1", []).first
    }

    /// A finished run's parameters in the order of their names; empty until it ends.
    package func parameters(ofRun run: Int64) throws(TrackingError) -> [ParameterValues] {
        try read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT name, initial, final, average, ieee_bytes FROM run_parameters WHERE run_id = ? ORDER BY name",
                arguments: [run]
            ).map { (row: Row) in
                let average = row[3] as Double?
                let plain = [row[1] as Double? ?? .nan, row[2] as Double? ?? .nan]
                let exact = (row[4] as Data?).flatMap {
                    ExactReals.decode($0, count: 3) ?? ExactReals.decode($0, count: 2)
                }
                let values = exact ?? plain
                return ParameterValues(
                    name: row[0], initial: values[0], final: values[1],
                    average: values.count > 2 ? values[2] : average)
            }
        }
    }

    // MARK: - Internals

    /// Somebody who starts a run now.
    func leaseHolder(_ provenance: Provenance) -> LeaseHolder {
        LeaseHolder(provenance: provenance, lease: Lease(now: now(), seconds: lease))
    }

    private func runs(where condition: String, _ arguments: StatementArguments) throws(TrackingError) -> [StoredRun] {
        try read { try $0.runs(where: condition, arguments) }
    }
}
