import GRDB
import TextFormats

/// The names of the runs of a merge.
///
/// A run that is new comes with its name; a run that has none here takes the one it has there, if that is free; a name that
/// somebody gave here stays.
struct RunNames {
    private let database: Database
    private let renaming: MergeRenaming?
    /// New runs of theirs that come in under another name.
    private var newNames: [Int64: String] = [:]

    init(_ database: Database, renaming: MergeRenaming?) {
        self.database = database
        self.renaming = renaming
    }

    /// What a new run of theirs is called, if not as it is there.
    func newName(of theirs: Int64) -> String? { newNames[theirs] }

    /// Needs the translation of the runs that both have.
    mutating func match(_ clashes: inout MergeClashes) throws {
        for (run, name, holder) in try taken() {
            guard let renaming else {
                clashes.add(
                    "its run \(run) has the name '\(name)', which belongs to \(holder) here", .nameTaken, isOfName: true
                )
                continue
            }
            let newName = renaming.name(name)
            let start: MessageText = "its run \(run) cannot be called '\(newName)' here"
            if !renaming.isValid(newName) {
                clashes.add(start, isOfName: true)
            } else if let holder = try database.id(of: newName, in: "main.runs") {
                clashes.add("\(start): the name belongs to run \(holder)", .nameTaken, isOfName: true)
            } else if try database.id(of: newName, in: "main.sweeps")
                ?? database.id(of: newName, in: "other.sweeps") != nil
            {
                clashes.add("\(start): a sweep is", .nameTaken, isOfName: true)
            } else if let other = try database.id(of: newName, in: "other.runs") {
                clashes.add("\(start): its run \(other) is", .nameTaken, isOfName: true)
            } else {
                newNames[run] = newName
            }
        }
    }

    /// SQL: the sweep of ours that has the name of a run of theirs, unless a sweep of theirs has it, too.
    ///
    /// Notebooks of version 0.1.0 may have a run and a sweep of one name, which come as they are.
    private static let holdingSweep = """
        LEFT JOIN main.sweeps AS sweep ON sweep.name = theirs.name
            AND theirs.name NOT IN (SELECT name FROM other.sweeps)
        """

    /// New runs of theirs whose name something else has here, and what that is.
    private func taken() throws -> [(run: Int64, name: String, holder: MessageText)] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT theirs.id, theirs.name, run.id, run.deleted_at IS NOT NULL
                FROM other.runs AS theirs
                LEFT JOIN main.runs AS run USING (name)
                \(Self.holdingSweep)
                WHERE theirs.deleted_at IS NULL AND theirs.id NOT IN (SELECT theirs FROM temp.their_runs)
                    AND (run.id IS NOT NULL OR sweep.id IS NOT NULL)
                ORDER BY theirs.id
                """
        ).map { row in
            let holder: MessageText =
                (row[2] as Int64?).map { "\(row[3] ? "the deleted run" : "run") \($0)" } ?? "a sweep"
            return (row[0], row[1], holder)
        }
    }

    /// Gives their names to runs of ours that have none.
    func bring(_ summary: inout MergeSummary) throws {
        var kept: [String] = []
        for row in try Row.fetchAll(
            database,
            sql: """
                SELECT ours.id, ours.name, theirs.name, holder.id, sweep.id IS NOT NULL FROM temp.their_runs AS t
                JOIN main.runs AS ours ON ours.id = t.ours
                JOIN other.runs AS theirs ON theirs.id = t.theirs
                LEFT JOIN main.runs AS holder ON holder.name = theirs.name
                \(Self.holdingSweep)
                WHERE theirs.name IS NOT NULL AND theirs.name IS NOT ours.name ORDER BY ours.id
                """)
        {
            let (run, name, theirs, holder): (Int64, String?, String, Int64?) = (row[0], row[1], row[2], row[3])
            if let name {
                if name != renaming?.name(theirs) { kept.append("run \(run) is called '\(theirs)' there") }
            } else if let holder {
                kept.append("run \(run) is called '\(theirs)' there, as run \(holder) is here")
            } else if row[4] {
                kept.append("run \(run) is called '\(theirs)' there, as a sweep is here")
            } else {
                try database.execute(sql: "UPDATE main.runs SET name = ? WHERE id = ?", arguments: [theirs, run])
                summary[.names] += 1
            }
        }
        summary.keep(kept, "have other names there")
    }
}

extension Database {
    /// The run or the sweep of a name in a table of one of the two notebooks, but a run that was deleted from the other one.
    func id(of name: String, in table: String) throws -> Int64? {
        try Int64.fetchOne(
            self,
            sql: "SELECT id FROM \(table) WHERE name = ? \(table == "other.runs" ? "AND deleted_at IS NULL" : "")",
            arguments: [name])
    }
}
