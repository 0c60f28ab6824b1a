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

    /// The run with this name.
    package func find(named name: String) throws(TrackingError) -> Run {
        if let run = try runs(where: "name = ?", [name]).first { return run }
        try mustNotBeDeleted("name = ?", [name])
        guard try file.sweeps.findIfAny(named: name) == nil else {
            throw TrackingError(
                .notFound,
                "'\(name)' is a sweep in '\(file.path)', and a run is wanted",
                advice: "write best:\(name) for the best of its runs")
        }
        let names = try file.read { try String.fetchAll($0, sql: "SELECT name FROM runs WHERE name IS NOT NULL") }
        let hint = NearestName.hint(for: name, among: names)
        throw TrackingError(
            .notFound,
            "there is no run '\(name)' in '\(file.path)'\(hint)",
            advice: hint.isEmpty ? "\(command: "runs") lists what there is" : nil)
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

    /// The number of the run with this name; nil if the name is free.
    package func id(named name: String) throws(TrackingError) -> Int64? {
        try file.read { try Int64.fetchOne($0, sql: "SELECT id FROM runs WHERE name = ?", arguments: [name]) }
    }

    /// Every run of the file in the order of ids.
    package func all() throws(TrackingError) -> [Run] {
        try runs(where: "TRUE ORDER BY id", [])
    }

    /// The run that was added last, if there is any.
    package func last() throws(TrackingError) -> Run? {
        try runs(where: "TRUE ORDER BY id DESC LIMIT 1", []).first
    }

    /// Gives a run another name, or none.
    ///
    /// A name that another run has is `nameTaken`.
    package func rename(_ run: Int64, to name: String?) throws(TrackingError) {
        try file.write { database in
            let holder = try Int64.fetchOne(database, sql: "SELECT id FROM runs WHERE name = ?", arguments: [name])
            if let name, let holder, holder != run {
                throw TrackingError(
                    .nameTaken, "the name '\(name)' belongs to run \(holder)", advice: "choose another one")
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
    /// The run that a person means: `7` (its id), `last`, `best:SWEEP` (the middle run of the sweep's best configuration), a
    /// name, or the beginning of a name that no other run's name has.
    ///
    /// What means no run, or more than one, is `notFound`, with the names that are near.
    package func find(meantBy reference: String) throws(TrackingError) -> Run {
        if reference == "last" {
            guard let run = try last() else { throw TrackingError(.notFound, "there is no run in '\(file.path)' yet") }
            return run
        }
        if reference.hasPrefix("best:") { return try bestRun(ofSweep: String(reference.dropFirst(5))) }
        if let id = Int64(reference), let run = try runs(where: "id = ?", [id]).first { return run }
        if let run = try runs(where: "name = ?", [reference]).first { return run }
        if let id = Int64(reference) { try mustNotBeDeleted("id = ?", [id]) }
        if reference.isEmpty || Int64(reference) != nil {
            throw TrackingError(
                .notFound, "there is no run '\(reference)' in '\(file.path)'", advice: "\(command: "runs") lists them")
        }
        let candidates = try runs(where: "substr(name, 1, length(?)) = ? ORDER BY name", [reference, reference])
        guard candidates.count <= 1 else {
            let names = candidates.prefix(4).map { "'\($0.plan.name ?? "")'" }.joined(separator: ", ")
            throw TrackingError(
                .notFound,
                "the name of more than one run begins with '\(reference)': \(names)\(candidates.count > 4 ? ", ..." : "")",
                advice: "write more of it")
        }
        if let run = candidates.first { return run }
        return try find(named: reference)
    }

    // MARK: - Internals

    private func bestRun(ofSweep name: String) throws(TrackingError) -> Run {
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
