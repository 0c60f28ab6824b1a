import Foundation
import GRDB
import TextFormats

/// The runs of a notebook.
package struct RunStore: Sendable {
    let file: DatabaseFile
    private var toleratesDamage = false

    init(file: DatabaseFile) {
        self.file = file
    }

    /// The same runs for whoever compares what is stored: a value that none has is no error, but the nearest that one has.
    package var toleratingDamage: RunStore {
        var store = self
        store.toleratesDamage = true
        return store
    }

    /// Queues one run that belongs to no sweep and returns its id.
    ///
    /// An `experiment` of a name that the file does not have yet is created.
    package func add(
        _ run: NewRun, provenance: Provenance, experiment: String? = nil
    ) throws(TrackingError) -> Int64 {
        try file.write { database in
            try database.mustBeFree(run.name)
            try database.register(run.stepSchema)
            return try database.insertRun(
                run, sweep: nil, experiment: database.experimentID(named: experiment, now: file.now()),
                provenance: provenance, now: file.now())
        }
    }

    /// Stores a run that belongs to no sweep, with its data and what a person says of it, and starts it in this process:
    /// all of it or nothing.
    ///
    /// `plan` makes the run from the id that its data have here; it must not call this store.
    package func start(
        on dataset: Dataset, tags: [String] = [], note: String? = nil, as provenance: Provenance,
        plan: (_ datasetID: Int64) throws -> NewRun
    ) throws(TrackingError) -> Run {
        try file.write { database in
            let time = file.now()
            let planned = try plan(database.datasetID(of: dataset, now: time))
            try database.mustBeFree(planned.name)
            try database.register(planned.stepSchema)
            let run = try database.insertRun(planned, sweep: nil, experiment: nil, provenance: provenance, now: time)
            try database.insertTags(tags, ofRun: run)
            if let note { try database.insertNote(note, on: .run(run), now: time) }
            return try database.startRun(run, for: file.leaseHolder(provenance), path: file.path)
        }
    }

    /// Marks a queued run as running in this process, and returns it with its new attempt number.
    ///
    /// A run that is not queued is a `conflict`.
    package func start(_ run: Int64, as provenance: Provenance) throws(TrackingError) -> Run {
        try file.write { try $0.startRun(run, for: file.leaseHolder(provenance), path: file.path) }
    }

    /// Writes how a run ended.
    ///
    /// If the run was claimed again after `attempt` began, nothing is written and the call fails as `superseded`.
    package func finish(_ run: Int64, attempt: Int, outcome: RunOutcome) throws(TrackingError) {
        try file.write { try $0.finishRun(RunAttempt(run: run, number: attempt), outcome: outcome, now: file.now()) }
    }

    /// The run with this id.
    package func find(id: Int64) throws(TrackingError) -> Run {
        guard let run = try runs(where: "id = ?", [id]).first else {
            try mustNotBeDeleted("id = ?", [id])
            throw TrackingError(
                .notFound, "there is no run \(id) in '\(file.path)'", advice: "\(command: "runs") lists them")
        }
        return run
    }

    /// A sweep's runs in the order of their positions.
    package func all(ofSweep sweep: Int64) throws(TrackingError) -> [Run] {
        try runs(where: "sweep_id = ? ORDER BY trial_number", [sweep])
    }

    /// The hashes of the configurations that a sweep has runs of, hidden ones too.
    package func configurationHashes(ofSweep sweep: Int64) throws(TrackingError) -> Set<String> {
        try file.read { database in
            try String.fetchSet(database, sql: "SELECT config_hash FROM runs WHERE sweep_id = ?", arguments: [sweep])
        }
    }

    /// How many configurations a sweep has runs of that are as short as any, hidden ones too.
    package func shortestConfigurationCount(ofSweep sweep: Int64) throws(TrackingError) -> Int {
        try file.read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(DISTINCT group_id) FROM runs
                    WHERE sweep_id = :sweep AND steps = (SELECT min(steps) FROM runs WHERE sweep_id = :sweep)
                    """, arguments: ["sweep": sweep]) ?? 0
        }
    }

    /// These runs, in this order; one that does not exist is an error.
    package func find(ids: [Int64]) throws(TrackingError) -> [Run] {
        var found: [Run] = []
        for id in ids {
            try found.append(find(id: id))
        }
        return found
    }

    /// Every run of the file in the order of ids.
    package func all() throws(TrackingError) -> [Run] {
        try runs(where: "TRUE ORDER BY id", [])
    }

    /// Gives a run another name, or none.
    ///
    /// A name that another run or a sweep has is `nameTaken`.
    package func rename(_ run: Int64, to name: String?) throws(TrackingError) {
        try file.write { database in
            if let name, let holder = try database.holder(ofName: name), holder != .run(run) {
                throw TrackingError(nameTaken: name, by: holder)
            }
            try database.execute(sql: "UPDATE runs SET name = ? WHERE id = ?", arguments: [name, run])
        }
    }

    /// A finished run's parameters in the order of their names; empty until it ends.
    package func parameters(ofRun run: Int64) throws(TrackingError) -> [ParameterValues] {
        try file.read { database in
            try Row.fetchAll(
                database,
                sql:
                    "SELECT name, initial, final, average, ieee_bytes FROM run_parameters WHERE run_id = ? ORDER BY name",
                arguments: [run]
            ).map { row in
                let row = StoredRow(row, of: "run \(run): the parameter", in: database)
                let exact = try row.exactReals(counts: 3, 2)
                return try ParameterValues(
                    name: row.value("name"), initial: exact?[0] ?? row.real("initial"),
                    final: exact?[1] ?? row.real("final"), average: exact?.dropFirst(2).first ?? row.optional("average")
                )
            }
        }
    }

    // MARK: - Internals

    private func runs(where condition: String, _ arguments: StatementArguments) throws(TrackingError) -> [Run] {
        try file.read { try $0.runs(where: condition, arguments, toleratingDamage: toleratesDamage) }
    }
}

extension RunStore {
    /// The middle run of a sweep's best configuration.
    func best(ofSweep name: String) throws(TrackingError) -> Run {
        // An unknown sweep is said in the words for sweeps.
        _ = try file.sweeps.find(named: name)
        guard let find = file.bestRun else {
            throw TrackingError(
                .notFound, "'best:\(name)' cannot be found here", advice: "name a run by its number or its name")
        }
        do {
            return try find(name, Store(file: file))
        } catch let error as TrackingError {
            throw error
        } catch let error as any MessageError {
            throw TrackingError(.notFound, error.message, advice: error.advice, underlying: error)
        } catch {
            throw TrackingError(.notFound, "the best run of '\(name)' cannot be found", underlying: error)
        }
    }
}
