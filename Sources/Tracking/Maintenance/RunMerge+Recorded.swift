import GRDB
import TextFormats

/// A recorded run of theirs beside the same run of ours.
struct RecordedPair {
    let theirs: Int64
    let ours: Int64
    let theirVersion: RecordedVersion
    let ourVersion: RecordedVersion
    fileprivate var brought = RecordedMerge.Brought()

    fileprivate var isTheirsNewer: Bool { ourVersion < theirVersion }
    fileprivate var haveSameVersion: Bool { !(ourVersion < theirVersion) && !(theirVersion < ourVersion) }
}

/// How far a recording had come when a copy of its run was made: of two copies the later one has what the earlier one has.
struct RecordedVersion {
    let attempt: Int
    let startedAt: String?
    let state: RunState
    let stepsDone: Int
    /// Moves on with every row that is stored.
    let leaseUntil: String?
    let isRedacted: Bool
}

extension RecordedVersion: Comparable {
    static func < (first: RecordedVersion, second: RecordedVersion) -> Bool {
        if first.attempt != second.attempt { return first.attempt < second.attempt }
        if first.state.isFinal || second.state.isFinal { return !first.state.isFinal && second.state.isFinal }
        if first.stepsDone != second.stepsDone { return first.stepsDone < second.stepsDone }
        return (first.leaseUntil ?? "") < (second.leaseUntil ?? "")
    }

    static func == (first: RecordedVersion, second: RecordedVersion) -> Bool {
        !(first < second) && !(second < first)
    }
}

/// Recorded runs that both have.
///
/// Nobody can compute them again, so what both have must be equal, and the union of their rows is kept. All is brought while it is
/// compared: a difference undoes the whole transaction.
extension RunMerge {
    mutating func matchRecorded(_ clashes: inout MergeClashes) throws {
        try recorded.registerKeys()
        for var pair in try knownRecordedPairs(&clashes) {
            let start: MessageText = "its run \(pair.theirs) and run \(pair.ours) here are the same run, but"
            if let difference = try difference(in: pair) {
                clashes.add("\(start) \(difference)")
                continue
            }
            pair.brought = try bring(pair)
            if let difference = pair.brought.difference {
                let others = pair.brought.differenceCount - 1
                clashes.add("\(start) differ in \(difference)\(others > 0 ? ", and in \(others) more" : "")")
            }
            recordedPairs.append(pair)
            meter.count(pair.theirVersion.stepsDone)
        }
    }

    /// Says what was brought, and adds what needs the translation of other tables.
    func finish(_ pair: RecordedPair, _ summary: inout MergeSummary) throws {
        try database.execute(
            sql: """
                UPDATE main.runs SET experiment_id = theirs.ours
                FROM (SELECT ours FROM temp.their_experiments JOIN other.runs ON experiment_id = theirs WHERE runs.id = ?)
                    AS theirs
                WHERE id = ? AND experiment_id IS NULL
                """, arguments: [pair.theirs, pair.ours])
        let isChanged = pair.brought.hasChanges || pair.isTheirsNewer || database.changesCount > 0
        summary[.steps] += pair.brought.steps
        if pair.isTheirsNewer, pair.theirVersion.state.isFinal {
            summary[.runsCompleted] += 1
        } else {
            summary[isChanged ? .runsContinued : .runsUnchanged] += 1
        }
    }

    /// Gives a run that has just been added its rows, and returns how many steps these are.
    mutating func addRecorded(_ theirs: Int64, _ ours: Int64, _ summary: inout MergeSummary) throws -> Int {
        let brought = try recorded.bring(theirs, to: ours, isTheirsNewer: true, isSame: false, isRedacted: false)
        if let difference = brought.difference {
            throw TrackingError(
                .damaged, "'\(path)' was not merged: its run \(theirs) has two values of \(difference)")
        }
        try database.execute(
            sql: """
                INSERT INTO main.events (run_id, kind, message, created_at)
                SELECT ?, kind, message, created_at FROM other.events WHERE run_id = ? AND kind = 'redacted' ORDER BY id
                """, arguments: [ours, theirs])
        summary[.events] += database.changesCount
        try leaveAlone(ours)
        try countSteps(ours)
        return brought.steps
    }

    // MARK: - Internals

    /// Those that are the same run but of two kinds are a difference.
    private func knownRecordedPairs(_ clashes: inout MergeClashes) throws -> [RecordedPair] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT theirs.id, ours.id, theirs.kind, ours.kind FROM temp.their_runs AS t
                JOIN other.runs AS theirs ON theirs.id = t.theirs
                JOIN main.runs AS ours ON ours.id = t.ours
                WHERE theirs.kind <> 'trained' OR ours.kind <> 'trained' ORDER BY ours.id
                """
        ).compactMap { row in
            let (theirs, ours): (Int64, Int64) = (row[0], row[1])
            guard row[2] as String == row[3] as String else {
                clashes.add("its run \(theirs) and run \(ours) here are the same run, but differ in kind")
                return nil
            }
            return RecordedPair(
                theirs: theirs, ours: ours, theirVersion: try version(of: theirs, in: "other"),
                ourVersion: try version(of: ours, in: "main"))
        }
    }

    private func version(of run: Int64, in file: String) throws -> RecordedVersion {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT attempt, started_at, state, steps_done, lease_until,
                        EXISTS (SELECT 1 FROM \(file).events WHERE run_id = runs.id AND kind = 'redacted')
                    FROM \(file).runs WHERE id = ?
                    """), arguments: [run])
        guard let row else { throw TrackingError(.damaged, "'\(path)' was not merged: its run \(run) is gone") }
        return RecordedVersion(
            attempt: row[0], startedAt: row[1], state: try state(row[2]), stepsDone: row[3], leaseUntil: row[4],
            isRedacted: row[5])
    }

    /// Why the two cannot be one run, such as "attempt 2 of it was another one there".
    private func difference(in pair: RecordedPair) throws -> MessageText? {
        let (theirs, ours) = (pair.theirVersion, pair.ourVersion)
        if theirs.attempt == ours.attempt, theirs.startedAt != ours.startedAt {
            return "attempt \(ours.attempt) of it was another one there: both were gone on with"
        }
        guard pair.haveSameVersion else { return nil }
        var columns = ["state", "state_reason"]
        if !theirs.isRedacted, !ours.isRedacted { columns.append("config") }
        let tests = columns.map { "ours.\($0) IS theirs.\($0)" }
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql:
                    "SELECT \(tests.list) FROM main.runs AS ours, other.runs AS theirs WHERE ours.id = ? AND theirs.id = ?"
            ),
            arguments: [pair.ours, pair.theirs])
        return columns.indices.first { row?[$0] == false }.map { "differ in \(columns[$0])" }
    }

    private mutating func bring(_ pair: RecordedPair) throws -> RecordedMerge.Brought {
        let configuration = try pair.isTheirsNewer ? configuration(of: pair) : nil
        if pair.isTheirsNewer {
            let columns =
                copied.filter { !["created_at", "command", "config", "config_hash", "group_id"].contains($0) } + [
                    "state"
                ]
            try database.execute(
                sql: """
                    UPDATE main.runs SET (\(columns.list)) = (
                        SELECT \(columns.list) FROM other.runs AS theirs WHERE theirs.id = ?) WHERE id = ?
                    """, arguments: [pair.theirs, pair.ours])
            if let configuration {
                try database.execute(
                    sql: "UPDATE main.runs SET config = ?, config_hash = ?, group_id = ? WHERE id = ?",
                    arguments: [configuration.json, configuration.hash, configuration.groupID, pair.ours])
            }
            try leaveAlone(pair.ours)
        }
        let brought = try recorded.bring(
            pair.theirs, to: pair.ours, isTheirsNewer: pair.isTheirsNewer, isSame: pair.haveSameVersion,
            isRedacted: pair.ourVersion.isRedacted)
        if brought.steps > 0 { try countSteps(pair.ours) }
        return brought
    }

    /// What theirs was asked to do, with the command that ours has if one of the two was redacted.
    private func configuration(of pair: RecordedPair) throws -> RecordedConfiguration? {
        let texts = try [("other", pair.theirs), ("main", pair.ours)].map { file, run in
            try String.fetchOne(database, sql: "SELECT config FROM \(file).runs WHERE id = ?", arguments: [run])
        }
        guard let theirs = texts[0].flatMap({ RecordedConfiguration(json: $0) }) else { return nil }
        guard pair.theirVersion.isRedacted || pair.ourVersion.isRedacted else { return theirs }
        return theirs.withCommand(of: texts[1].flatMap { RecordedConfiguration(json: $0) } ?? RecordedConfiguration())
    }

    /// Of a run that has ended: rows whose values were all taken back do not come.
    private func countSteps(_ ours: Int64) throws {
        let steps = try MetricTables(database).stepCount(ofRun: ours, in: database)
        try database.execute(
            sql: """
                UPDATE main.runs SET steps_done = :steps
                WHERE id = :run AND steps_done <> :steps AND state NOT IN ('queued', 'running')
                """, arguments: ["steps": steps, "run": ours])
    }

    /// Of a run that was being recorded there nobody writes rows here: it is interrupted, and can be gone on with.
    private func leaveAlone(_ ours: Int64) throws {
        try database.execute(
            sql: """
                UPDATE main.runs SET pid = NULL, process_started = NULL, process_namespace = NULL, boot_id = NULL
                WHERE id = ? AND state = 'running'
                """, arguments: [ours])
    }
}
