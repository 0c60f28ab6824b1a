import GRDB
import TextFormats

/// The sweeps of a notebook, and their queues of runs.
package struct SweepStore: Sendable {
    let file: DatabaseFile

    /// Stores a sweep with all its runs, queued in this order, in one transaction, and returns the sweep's id.
    ///
    /// An `experiment` of a name that the file does not have yet is created.
    package func create(
        _ plan: SweepPlan, runs: [NewRun], provenance: Provenance, experiment: String? = nil
    ) throws(TrackingError) -> Int64 {
        try create(plan, on: [], provenance: provenance, experiment: experiment) { _ in runs }
    }

    /// As above, with the data sets of the runs in the same transaction.
    ///
    /// `runs` makes the runs from the ids that the data sets have here, in their order; it must not call this store.
    package func create(
        _ plan: SweepPlan, on datasets: [Dataset], provenance: Provenance, experiment: String? = nil,
        runs: (_ datasetIDs: [Int64]) throws -> [NewRun]
    ) throws(TrackingError) -> Int64 {
        try file.write { database in
            if let holder = try database.holder(ofName: plan.name) {
                throw TrackingError(
                    nameTaken: plan.name, by: holder,
                    alternative: "finish it with \(command: "sweep resume", plan.name)")
            }
            let time = file.now()
            let runs = try runs(datasets.map { try database.datasetID(of: $0, now: time) })
            return try database.insertSweep(
                plan, plannedRuns: runs.count, runs: runs.enumerated().map { ($0, $1) }, provenance: provenance,
                experiment: experiment, now: time)
        }
    }

    /// Stores a sweep of another notebook with some of its runs, queued at the positions they have there, and returns
    /// its id here.
    package func create(
        _ sweep: Sweep, runs: [(trial: Int, run: NewRun)], provenance: Provenance
    ) throws(TrackingError) -> Int64 {
        try file.write { database in
            try database.insertSweep(
                sweep.plan, plannedRuns: sweep.plannedRuns, runs: runs, provenance: provenance,
                experiment: sweep.experiment, now: file.now())
        }
    }

    /// Queues further runs of a sweep behind those it has, in one transaction, and opens it again.
    ///
    /// `choosingSeeds` are for a sweep that has none yet; `runs` is as in the other way to make a sweep. If another process
    /// has extended it meanwhile, it is a `conflict`.
    package func extend(
        _ sweep: Sweep, searchSpace: String, choosingSeeds: Set<Int64>? = nil, on datasets: [Dataset],
        provenance: Provenance, runs: (_ datasetIDs: [Int64]) throws -> [NewRun]
    ) throws(TrackingError) {
        try file.write { database in
            let time = file.now()
            let runs = try runs(datasets.map { try database.datasetID(of: $0, now: time) })
            try database.execute(
                sql: """
                    UPDATE sweeps SET search_space = ?, planned_runs = planned_runs + ?, budget_steps = max(budget_steps, ?),
                        choosing_seeds = coalesce(choosing_seeds, ?)
                    WHERE id = ? AND search_space = ?
                    """,
                arguments: [
                    searchSpace, runs.count, runs.map(\.steps).max() ?? 0, choosingSeeds.map { JSONList.text($0) },
                    sweep.id,
                    sweep.plan.searchSpace,
                ])
            guard database.changesCount == 1 else {
                throw TrackingError(
                    .conflict, "the sweep '\(sweep.plan.name)' was extended by another process just now",
                    advice: "try again")
            }
            let next = try database.nextTrial(ofSweep: sweep.id)
            let experiment = try database.experimentID(named: sweep.experiment, now: time)
            try database.register(runs)
            for (offset, run) in runs.enumerated() {
                _ = try database.insertRun(
                    run, sweep: (sweep.id, next + offset), experiment: experiment, provenance: provenance, now: time)
            }
            try database.reopenSweep(sweep.id)
            try database.insertEvent(
                .sweep(sweep.id), kind: "extended", message: "\(runs.count.counted("run")): \(provenance.command)",
                now: time)
        }
    }

    /// The sweep with this name, also written as `sweep:NAME`.
    package func find(named name: String) throws(TrackingError) -> Sweep {
        if let sweep = try findIfAny(named: name) { return sweep }
        if case .sweep(let name) = RunReference(name), let sweep = try findIfAny(named: name) { return sweep }
        let names = try file.read { try String.fetchAll($0, sql: "SELECT name FROM sweeps ORDER BY id") }
        var hint = NearestName.hint(for: name, among: names)
        let isFar = hint.isEmpty
        if isFar, !names.isEmpty {
            let some = names.suffix(4).map { "'\($0)'" }.joined(separator: ", ")
            hint = "; it has \(names.count > 4 ? "..., " : "")\(some)"
        }
        if names.isEmpty { hint = ", nor any other" }
        throw TrackingError(
            .notFound, "there is no sweep '\(name)' in '\(file.path)'\(hint)",
            advice: isFar && names.count > 4 ? "\(command: "sweeps") lists them" : nil)
    }

    /// The sweep with this name; nil if there is none.
    package func findIfAny(named name: String) throws(TrackingError) -> Sweep? {
        try file.read { try $0.sweeps(where: "name = ?", [name]).first }
    }

    /// The sweep with this id.
    package func find(id: Int64) throws(TrackingError) -> Sweep {
        guard let sweep = try file.read({ try $0.sweeps(where: "id = ?", [id]).first }) else {
            throw TrackingError(.notFound, "there is no sweep \(id) in '\(file.path)'")
        }
        return sweep
    }

    /// Every sweep of the file in the order of ids.
    package func all() throws(TrackingError) -> [Sweep] {
        try file.read { try $0.sweeps(where: "TRUE", []) }
    }

    /// Gives a sweep another name, and records the command that did.
    ///
    /// A name that a run or another sweep has is `nameTaken`.
    package func rename(_ sweep: Int64, to name: String, provenance: Provenance) throws(TrackingError) {
        try file.write { database in
            if let holder = try database.holder(ofName: name), holder != .sweep(sweep) {
                throw TrackingError(nameTaken: name, by: holder)
            }
            try database.execute(sql: "UPDATE sweeps SET name = ? WHERE id = ?", arguments: [name, sweep])
            try database.insertEvent(.sweep(sweep), kind: "renamed", message: provenance.command, now: file.now())
        }
    }

    /// Takes the open sweep's queued run with the lowest position for this process; nil if none is queued.
    ///
    /// However many processes call it, no run is given out twice while it is running.
    package func claimNextRun(ofSweep sweep: Int64, as provenance: Provenance) throws(TrackingError) -> Run? {
        try file.write { try $0.claimNextRun(ofSweep: sweep, for: file.leaseHolder(provenance)) }
    }
}

extension Database {
    /// Has the file keep the steps of these runs.
    func register(_ runs: [NewRun]) throws {
        for schema in Set(runs.map(\.stepSchema)).sorted(by: { $0.model < $1.model }) { try register(schema) }
    }

    fileprivate func insertSweep(
        _ plan: SweepPlan, plannedRuns: Int, runs: [(trial: Int, run: NewRun)], provenance: Provenance,
        experiment: String?, now: String
    ) throws -> Int64 {
        let experiment = try experimentID(named: experiment, now: now)
        try execute(
            sql: """
                INSERT INTO sweeps (experiment_id, name, description, search_space, sampler, sweep_seed, target,
                    budget_steps, choosing_seeds, planned_runs, command, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                experiment, plan.name, plan.description, plan.searchSpace, plan.sampler, plan.seed, plan.target,
                plan.budgetSteps, plan.choosingSeeds.map { JSONList.text($0) }, plannedRuns, provenance.command, now,
            ])
        let sweep = lastInsertedRowID
        try register(runs.map(\.run))
        for (trial, run) in runs {
            _ = try insertRun(
                run, sweep: (sweep, trial), experiment: experiment, provenance: provenance, now: now)
        }
        return sweep
    }

    fileprivate func sweeps(where condition: String, _ arguments: StatementArguments) throws -> [Sweep] {
        try Row.fetchAll(
            cachedStatement(sql: "SELECT \(Sweep.selection) FROM sweeps WHERE \(condition) ORDER BY id"),
            arguments: arguments
        ).map { try Sweep(StoredRow($0, of: "sweep", in: self)) }
    }

    /// The place behind all runs of a sweep.
    func nextTrial(ofSweep sweep: Int64) throws -> Int {
        let row = try Row.fetchOne(
            self,
            sql: "SELECT :sweep, coalesce(max(trial_number), -1) + 1 AS trial_number FROM runs WHERE sweep_id = :sweep",
            arguments: ["sweep": sweep])
        return try row.map { try StoredRow($0, of: "sweep", in: self).count("trial_number") } ?? 0
    }
}

extension Sweep {
    /// What is selected from `sweeps`.
    fileprivate static let selection =
        "id, name, description, search_space, sampler, sweep_seed, target, budget_steps, choosing_seeds, planned_runs, "
        + "state, command, created_at, finished_at, \(Database.experimentName) AS experiment"

    fileprivate init(_ row: StoredRow) throws(TrackingError) {
        guard let state = SweepState(rawValue: try row.value("state")) else {
            throw row.damage("state", isNo: "state of a sweep")
        }
        var choosingSeeds: Set<Int64>?
        if let text: String = try row.optional("choosing_seeds") {
            guard let seeds = JSONList.values(text, as: Int64.self) else {
                throw row.damage("choosing_seeds", isNo: "list of seeds")
            }
            choosingSeeds = seeds
        }
        try self.init(
            id: row.value("id"),
            plan: SweepPlan(
                name: row.value("name"), description: row.value("description"), searchSpace: row.value("search_space"),
                sampler: row.value("sampler", .identifier), seed: row.value("sweep_seed"),
                target: row.optional("target"),
                budgetSteps: row.optionalCount("budget_steps"), choosingSeeds: choosingSeeds),
            plannedRuns: row.count("planned_runs"), experiment: row.optional("experiment"), state: state,
            command: row.value("command"), createdAt: row.value("created_at", .time),
            finishedAt: row.optional("finished_at", .time))
    }
}

extension SweepStore {
    /// How many of its runs are deleted.
    package func deletedRunCount(ofSweep sweep: Int64) throws(TrackingError) -> Int {
        try file.read { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM runs WHERE sweep_id = ? AND deleted_at IS NOT NULL",
                arguments: [sweep]) ?? 0
        }
    }

    /// How far the sweep is now; takes about a microsecond for each run.
    package func tally(ofSweep sweep: Int64) throws(TrackingError) -> SweepTally {
        let now = file.now()
        return try file.read { database in
            let recorded = try database.stepsRecorded
            let counts = try Row.fetchAll(
                database,
                sql: """
                    SELECT state, count(*) AS runs, coalesce(sum(steps), 0) AS planned,
                        sum(CASE WHEN state IN ('queued', 'running', 'cancelled') THEN \(recorded) ELSE steps_done END)
                        AS recorded
                    FROM runs WHERE sweep_id = ? AND deleted_at IS NULL GROUP BY state
                    """,
                arguments: [sweep]
            ).map { row in
                let row = StoredRow(row, of: "sweep \(sweep): the state", in: database)
                guard let state = RunState(rawValue: try row.value("state")) else {
                    throw row.damage("state", isNo: "state of a run")
                }
                return SweepTally.Count(
                    state: state, runs: try row.count("runs"), stepsPlanned: try row.count("planned"),
                    stepsRecorded: try row.count("recorded"))
            }
            return SweepTally(
                counts: RunState.allCases.compactMap { state in counts.first { $0.state == state } },
                stepsPerSecond: try database.stepsPerSecond(ofSweep: sweep, now: now))
        }
    }

    /// The sweep's runs that somebody works on, or worked on when it died, in the order of their positions.
    package func runningRuns(ofSweep sweep: Int64) throws(TrackingError) -> [Run] {
        try file.read { try $0.runs(where: "sweep_id = ? AND state = 'running' ORDER BY trial_number", [sweep]) }
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
