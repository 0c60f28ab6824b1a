import GRDB
import TextFormats

/// A run of theirs beside the same run of ours.
struct RunPair {
    let theirs: Int64
    let ours: Int64
    let theirState: RunState
    let ourState: RunState
    let theirStepsDone: Int
    let ourStepsDone: Int
    let steps: StepTablePair
}

extension RunPair {
    /// Whether theirs replaces ours: more is known of it, or it came farther before it was given up.
    var isTheirsMoreCertain: Bool {
        guard theirState.certainty == ourState.certainty else { return theirState.certainty > ourState.certainty }
        return ourState.isFinal && !ourState.hasResult && theirStepsDone > ourStepsDone
    }

    /// Whether the configuration alone decided how both ended, so that they ended alike.
    fileprivate var haveSameResult: Bool { theirState.certainty == ourState.certainty && ourState.hasResult }
}

extension RunState {
    /// Whether the run's configuration alone decided how it ended.
    fileprivate var hasResult: Bool { [.done, .diverged, .pruned].contains(self) }

    /// How much is known of a run in this state; of two records of one run the more certain stays.
    fileprivate var certainty: Int {
        switch self {
        case .queued, .running: 0
        case .cancelled: 1
        case .pruned: 2
        case .failed: 3
        case .done, .diverged: 4
        }
    }
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

    let database: Database
    /// Columns that are known when a run has ended.
    let results: [String]

    /// The first thing in which the two are not the same run; nil if they are: what was planned, the steps that both have, and
    /// how they ended if both have.
    func difference(in pair: RunPair) throws -> String? {
        if let column = try difference(in: Self.planned.sorted(), of: pair) { return column }
        if let step = try differenceInSteps(of: pair) { return step }
        guard pair.haveSameResult else { return nil }
        if let column = try difference(in: results, of: pair) { return column }
        return try differenceInParameters(of: pair)
    }

    // MARK: - Internals

    private func difference(in columns: [String], of pair: RunPair) throws -> String? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(columns.map(Self.agreement).list)
                FROM main.runs AS ours, other.runs AS theirs WHERE ours.id = ? AND theirs.id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [pair.ours, pair.theirs]) else { return nil }
        return columns.indices.first { !(row[$0] as Bool) }.map { columns[$0] }
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

    private func differenceInParameters(of pair: RunPair) throws -> String? {
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
        return name.map { "parameter \($0)" }
    }

    private func differenceInSteps(of pair: RunPair) throws -> String? {
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
        guard let row = try Row.fetchOne(statement, arguments: [pair.theirs, pair.ours]) else { return nil }
        let column = differences.indices.first { row[$0 + 1] }.map { ours.comparedColumns[$0] } ?? "step"
        return "\(column) at step \(row[0] as Int64)"
    }
}
