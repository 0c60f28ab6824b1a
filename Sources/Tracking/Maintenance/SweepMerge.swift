import GRDB
import TextFormats

/// The sweeps of a merge: which of theirs is which of ours, and under which names the others come in.
///
/// A sweep is known by its name, else by runs that both have, else by the name that it was given by an earlier merge; and
/// always by its plan. A sweep all of whose runs were deleted there is left out.
struct SweepMerge {
    private let database: Database
    private let renaming: MergeRenaming?
    /// The columns that make a plan.
    private let plan: [String]
    private var additions: [(theirs: Int64, name: String)] = []
    /// What those that both have were before.
    private var known: [Int64: State] = [:]

    private struct State: Equatable {
        let state: String
        let choosingSeeds: String?
    }

    private struct Theirs {
        let id: Int64
        let name: String
    }

    init(_ database: Database, renaming: MergeRenaming?) throws {
        self.database = database
        self.renaming = renaming
        plan = try database.columns(
            ofTable: "sweeps",
            except: ["id", "experiment_id", "name", "description", "state", "command", "created_at", "finished_at"])
    }

    /// Leaves the translation `temp.their_sweeps` of those that both have.
    mutating func match(_ clashes: inout MergeClashes, _ summary: inout MergeSummary) throws {
        try database.makeTranslation("sweeps")
        let theirs = try Row.fetchAll(
            database, sql: "SELECT id, name FROM other.sweeps AS sweeps WHERE \(Self.isVisible) ORDER BY id"
        ).map { Theirs(id: $0[0], name: $0[1]) }
        // One of the same name goes first: of two copies under different names each stays what it is.
        var unmatched: [Theirs] = []
        for sweep in theirs {
            if let ours = try database.id(of: sweep.name, in: "main.sweeps"), try differences(sweep, ours).isEmpty {
                try add(sweep, ours)
            } else {
                unmatched.append(sweep)
            }
        }
        var remarks: [String] = []
        for sweep in unmatched {
            if let ours = try renamed(sweep) {
                try add(sweep, ours)
                let name = try name(of: ours)
                if name == renaming?.name(sweep.name) { continue }
                remarks.append("sweep '\(name)' is called '\(sweep.name)' there")
            } else {
                try addNew(sweep, among: theirs, &clashes)
            }
        }
        summary.keep(remarks, "have other names there")
        known = try states()
    }

    /// Brings in those that are new, and what known ones lack; completes the translation.
    func run(_ summary: inout MergeSummary) throws {
        let columns = try database.columns(
            ofTable: "sweeps", except: ["id", "experiment_id", "name", "state", "finished_at"])
        for (theirs, name) in additions {
            try database.execute(
                sql: """
                    INSERT INTO main.sweeps (experiment_id, name, \(columns.list))
                    SELECT (SELECT ours FROM temp.their_experiments WHERE theirs = experiment_id), ?, \(columns.list)
                    FROM other.sweeps WHERE id = ?
                    """, arguments: [name, theirs])
            try database.execute(
                sql: "INSERT INTO temp.their_sweeps VALUES (?, ?)", arguments: [theirs, database.lastInsertedRowID])
        }
        summary[.sweeps] += additions.count
        // One that version 0.1.0 planned has none.
        try database.execute(
            sql: """
                UPDATE main.sweeps SET choosing_seeds = theirs.choosing_seeds
                FROM other.sweeps AS theirs JOIN temp.their_sweeps AS t ON t.theirs = theirs.id
                WHERE sweeps.id = t.ours AND sweeps.choosing_seeds IS NULL AND theirs.choosing_seeds IS NOT NULL
                """)
    }

    /// Ends what was given up there, and what has all its runs now.
    ///
    /// Whichever of the two is merged into the other: what has all its runs is done, else what was cancelled in one of
    /// them is cancelled, else what was stopped is stopped.
    func close(now: String, _ summary: inout MergeSummary) throws {
        for (state, weaker) in [("stopped", "'open'"), ("cancelled", "'open', 'stopped'")] {
            try database.execute(
                sql: """
                    UPDATE main.sweeps SET state = theirs.state, finished_at = theirs.finished_at
                    FROM other.sweeps AS theirs JOIN temp.their_sweeps AS t ON t.theirs = theirs.id
                    WHERE sweeps.id = t.ours AND theirs.state = ? AND sweeps.state IN (\(weaker))
                    """, arguments: [state])
        }
        try database.execute(
            sql: """
                UPDATE main.sweeps SET state = 'open', finished_at = NULL
                WHERE state IN ('cancelled', 'stopped') AND id IN (SELECT ours FROM temp.their_sweeps)
                    AND NOT EXISTS (
                        SELECT 1 FROM main.runs WHERE sweep_id = sweeps.id AND deleted_at IS NULL
                            AND state IN ('queued', 'running', 'cancelled'))
                    AND planned_runs <= (SELECT count(*) FROM main.runs WHERE sweep_id = sweeps.id)
                """)
        for sweep in try Int64.fetchAll(database, sql: "SELECT DISTINCT ours FROM temp.their_sweeps ORDER BY ours") {
            try database.closeSweepIfFinished(sweep, now: now)
        }
        let after = try states()
        summary[.sweepsUpdated] += known.count { $0.value != after[$0.key] }
    }

    // MARK: - Internals

    /// SQL: whether a sweep of theirs has not had all its runs deleted.
    private static let isVisible = """
        coalesce((SELECT max(deleted_at IS NULL) FROM other.runs AS r WHERE r.sweep_id = sweeps.id), true)
        """

    private func add(_ theirs: Theirs, _ ours: Int64) throws {
        try database.execute(sql: "INSERT INTO temp.their_sweeps VALUES (?, ?)", arguments: [theirs.id, ours])
    }

    private mutating func addNew(_ sweep: Theirs, among theirs: [Theirs], _ clashes: inout MergeClashes) throws {
        guard let clash = try clash(of: sweep) else {
            additions.append((sweep.id, sweep.name))
            return
        }
        guard let renaming else {
            clashes.add(clash, try holdingRun(of: sweep) == nil ? .conflict : .nameTaken, isOfName: true)
            return
        }
        let name = renaming.name(sweep.name)
        if !renaming.isValid(name) {
            clashes.add("its sweep '\(sweep.name)' cannot be called '\(name)' here", isOfName: true)
        } else if let ours = try database.id(of: name, in: "main.sweeps") {
            let differences = try differences(sweep, ours)
            clashes.add(
                "its sweep '\(sweep.name)' cannot be called '\(name)' here: there is a sweep of this name"
                    + (differences.isEmpty
                        ? ", which another one of its sweeps is" : " with other \(differences.list)"),
                .nameTaken, isOfName: true)
        } else if try database.id(of: name, in: "main.runs") ?? database.id(of: name, in: "other.runs") != nil {
            clashes.add(
                "its sweep '\(sweep.name)' cannot be called '\(name)' here: a run is", .nameTaken, isOfName: true)
        } else if theirs.contains(where: { $0.name == name }) {
            clashes.add(
                "its sweep '\(sweep.name)' cannot be called '\(name)' here: it has a sweep of this name, too",
                .nameTaken,
                isOfName: true)
        } else {
            additions.append((sweep.id, name))
        }
    }

    /// Why a sweep that is none of ours cannot come in as it is.
    private func clash(of sweep: Theirs) throws -> MessageText? {
        if let ours = try database.id(of: sweep.name, in: "main.sweeps") {
            let differences = try differences(sweep, ours)
            return differences.isEmpty
                ? "its sweep '\(sweep.name)' is the sweep of this name here, and so is another one of its sweeps"
                : "its sweep '\(sweep.name)' has another plan than the sweep of this name here: other \(differences.list)"
        }
        if let run = try holdingRun(of: sweep) {
            return "its sweep '\(sweep.name)' has the name of run \(run) here"
        }
        // Copies of one sweep that were extended in different ways.
        guard let ours = try withCommonRuns(sweep).first else { return nil }
        return
            "its sweep '\(sweep.name)' has runs in common with the sweep '\(try name(of: ours))' here, but another plan: "
            + "other \(try differences(sweep, ours).list)"
    }

    /// The run of ours that has its name, unless one of theirs has it, too.
    ///
    /// Notebooks of version 0.1.0 may have a run and a sweep of one name, which come as they are.
    private func holdingRun(of sweep: Theirs) throws -> Int64? {
        guard try database.id(of: sweep.name, in: "other.runs") == nil else { return nil }
        return try database.id(of: sweep.name, in: "main.runs")
    }

    /// The sweep of ours that this one is under another name.
    private func renamed(_ sweep: Theirs) throws -> Int64? {
        var candidates = try withCommonRuns(sweep)
        if let name = renaming?.name(sweep.name), let ours = try database.id(of: name, in: "main.sweeps"),
            try !isTaken(ours)
        {
            candidates.append(ours)
        }
        return try candidates.first { try differences(sweep, $0).isEmpty }
    }

    /// Those of ours that have a run of this one's at its place, and are not another one of theirs.
    private func withCommonRuns(_ sweep: Theirs) throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: """
                SELECT DISTINCT ours.sweep_id FROM other.runs AS theirs JOIN main.runs AS ours USING (identity)
                WHERE theirs.sweep_id = ? AND ours.trial_number = theirs.trial_number AND theirs.deleted_at IS NULL
                    AND ours.sweep_id NOT IN (SELECT ours FROM temp.their_sweeps)
                ORDER BY ours.sweep_id
                """, arguments: [sweep.id])
    }

    private func isTaken(_ ours: Int64) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT TRUE FROM temp.their_sweeps WHERE ours = ?", arguments: [ours]) ?? false
    }

    private func name(of ours: Int64) throws -> String {
        try String.fetchOne(database, sql: "SELECT name FROM main.sweeps WHERE id = ?", arguments: [ours]) ?? ""
    }

    /// In what two plans differ, as columns are called; choosing seeds that one of them lacks are no difference.
    private func differences(_ sweep: Theirs, _ ours: Int64) throws -> [String] {
        let tests = plan.map { column in
            column == "choosing_seeds"
                ? "coalesce(ours.\(column) <> theirs.\(column), FALSE)" : "ours.\(column) IS NOT theirs.\(column)"
        }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT \(tests.list) FROM main.sweeps AS ours, other.sweeps AS theirs
                WHERE ours.id = ? AND theirs.id = ?
                """,
            arguments: [ours, sweep.id])
        return plan.indices.filter { row?[$0] ?? false }.map { plan[$0] }
    }

    /// Of those of ours that are also theirs.
    private func states() throws -> [Int64: State] {
        var states: [Int64: State] = [:]
        for row in try Row.fetchAll(
            database,
            sql: "SELECT id, state, choosing_seeds FROM main.sweeps WHERE id IN (SELECT ours FROM temp.their_sweeps)")
        {
            states[row[0]] = State(state: row[1], choosingSeeds: row[2])
        }
        return states
    }
}

extension MergeSummary {
    /// Says that names of ours were kept: the first of the `sentences`, and how many others there are.
    mutating func keep(_ sentences: [String], _ others: String) {
        self[.namesKept] += sentences.count
        guard let first = sentences.first else { return }
        let rest = sentences.count - 1
        remarks.append(
            rest == 0
                ? "\(first); the name here stays" : "\(first), and \(rest) more \(others); the names here stay")
    }
}
