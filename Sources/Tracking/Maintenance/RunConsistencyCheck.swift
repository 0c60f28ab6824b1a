import GRDB
import TextFormats

/// A run of theirs beside the same run of ours.
struct RunPair {
    let theirs: Int64
    let ours: Int64
    let theirState: RunState
    let ourState: RunState
    let steps: StepTablePair
}

/// The table of one model's steps in their file and in ours: the columns are the same, the tables' names need not be.
struct StepTablePair {
    let theirs: StepSchema
    let ours: StepSchema
}

/// What two records of the same run must agree in: a run is a pure function of its configuration.
struct RunConsistencyCheck {
    /// What says where and when a run was made instead of what it is: never compared.
    static let circumstances: Set<String> = [
        "name", "identity", "attempt", "host", "pid", "process_started", "process_namespace", "boot_id", "lease_until",
        "version", "git_commit",
        "command", "created_at", "started_at", "finished_at",
    ]
    /// Columns that decide a run's numbers, known before it starts.
    static let planned: Set<String> = [
        "kind", "trial_number", "parent_step", "recipe", "batch_size", "config", "config_hash", "group_id",
    ]

    let path: String
    let database: Database
    /// Columns that are known when a run has ended.
    let results: [String]

    /// Compares what was planned, and the steps that both have.
    func check(_ pair: RunPair) throws {
        try compare(Self.planned.sorted(), of: pair)
        try compareSteps(of: pair)
    }

    /// Compares how two ended runs ended.
    func checkResults(of pair: RunPair) throws {
        try compare(results, of: pair)
        try compareParameters(of: pair)
    }

    // MARK: - Internals

    private func compare(_ columns: [String], of pair: RunPair) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT \(columns.map(Self.agreement).list)
                FROM main.runs AS ours, other.runs AS theirs WHERE ours.id = ? AND theirs.id = ?
                """,
            arguments: [pair.ours, pair.theirs])
        if let row, let index = columns.indices.first(where: { !(row[$0] as Bool) }) {
            throw conflict(of: pair, in: columns[index])
        }
    }

    /// Version 0.1.0 computed no initial loss, which is the third number of the bytes.
    private static func agreement(in column: String) -> String {
        let (ours, theirs) = ("ours.\(column)", "theirs.\(column)")
        return switch column {
        case "initial_loss": "\(ours) IS \(theirs) OR \(ours) IS NULL OR \(theirs) IS NULL"
        case "ieee_bytes":
            "\(ours) IS \(theirs) OR (length(\(ours)) = 16 OR length(\(theirs)) = 16) "
                + "AND substr(\(ours), 1, 16) IS substr(\(theirs), 1, 16)"
        default: "\(ours) IS \(theirs)"
        }
    }

    private func compareParameters(of pair: RunPair) throws {
        let name = try String.fetchOne(
            database,
            sql: """
                SELECT name FROM main.run_parameters AS ours
                JOIN (SELECT * FROM other.run_parameters WHERE run_id = ?) AS theirs USING (name)
                WHERE ours.run_id = ? AND NOT (
                    ours.initial IS theirs.initial AND ours.final IS theirs.final
                        AND ours.average IS theirs.average AND ours.ieee_bytes IS theirs.ieee_bytes) LIMIT 1
                """,
            arguments: [pair.theirs, pair.ours])
        if let name { throw conflict(of: pair, in: "parameter \(name)") }
    }

    private func compareSteps(of pair: RunPair) throws {
        let (ours, theirs) = (pair.steps.ours, pair.steps.theirs)
        let differences = zip(ours.comparedColumns, theirs.comparedColumns).map {
            "ours.\($0.sqlIdentifier) IS NOT theirs.\($1.sqlIdentifier)"
        }
        let statement = try database.cachedStatement(
            sql: """
                SELECT ours.step, \(differences.list) FROM main.\(ours.quotedTable) AS ours
                JOIN other.\(theirs.quotedTable) AS theirs ON theirs.run_id = ? AND theirs.step = ours.step
                WHERE ours.run_id = ? AND (\(differences.joined(separator: " OR "))) ORDER BY ours.step LIMIT 1
                """)
        guard let row = try Row.fetchOne(statement, arguments: [pair.theirs, pair.ours]) else { return }
        let column = differences.indices.first { row[$0 + 1] }.map { ours.comparedColumns[$0] } ?? "step"
        throw conflict(of: pair, in: "\(column) at step \(row[0] as Int)")
    }

    private func conflict(of pair: RunPair, in what: String) -> TrackingError {
        TrackingError(
            .conflict,
            "'\(path)' was not merged: its run \(pair.theirs) and run \(pair.ours) here are the same run, but differ in "
                + "\(what)")
    }
}
