import GRDB

extension SweepStore {
    /// Every sweep as a row, oldest first: its runs are those that are not deleted, its configurations and seeds theirs.
    ///
    /// Of halving a configuration counts once, in however many rungs it is. Takes about a microsecond for each run.
    package func list() throws(TrackingError) -> RunListing {
        let final = RunState.allCases.filter(\.isFinal).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        let columns = ["name", "state", "runs", "ended", "configurations", "seeds", "created_at"]
        return try file.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT sweeps.name, sweeps.state, count(runs.id), count(CASE WHEN runs.state IN (\(final)) THEN 1 END),
                        count(DISTINCT CASE WHEN sweeps.sampler = 'halving' AND json_valid(runs.config)
                            THEN json_remove(runs.config, '$.steps', '$.seed') ELSE runs.group_id END),
                        count(DISTINCT runs.seed), sweeps.created_at
                    FROM sweeps LEFT JOIN runs ON runs.sweep_id = sweeps.id AND runs.deleted_at IS NULL
                    GROUP BY sweeps.id ORDER BY sweeps.id
                    """)
            return RunListing(
                constants: [], columns: columns, rows: rows.map { $0.databaseValues.map { SQLValue($0) } })
        }
    }
}
