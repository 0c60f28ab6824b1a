import GRDB

/// The texts that a run logged under a key.
package struct LoggedTexts: Sendable, Equatable {
    package let key: String
    package let count: Int
    /// The last one, and its step.
    package let step: Int64
    package let value: String
}

/// How much a run said of its tensors.
package struct LoggedTensors: Sendable, Equatable {
    package let tensorCount: Int
    package let stepCount: Int
    /// The steps at which a tensor had a value that is not finite.
    package let firstNonfiniteStep: Int64?
}

extension RecordedStore {
    /// The texts of a run, by key.
    package func texts(ofRun run: Int64) throws(TrackingError) -> [LoggedTexts] {
        try file.read { database in
            // Beside max(), SQLite gives the other columns of the same row.
            try Row.fetchAll(
                database,
                sql: """
                    SELECT key, count(*) AS texts, max(step) AS step, value FROM texts WHERE run_id = ? GROUP BY key ORDER BY key
                    """, arguments: [run]
            ).map { row in
                let row = StoredRow(row, of: "run \(run): the text", in: database)
                return try LoggedTexts(
                    key: row.value("key"), count: row.count("texts"), step: row.value("step"), value: row.value("value")
                )
            }
        }
    }

    /// What a run said of its tensors; nil where it said nothing.
    package func tensors(ofRun run: Int64) throws(TrackingError) -> LoggedTensors? {
        try file.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(DISTINCT tensor), count(DISTINCT step), min(CASE WHEN nonfinite > 0 THEN step END)
                    FROM tensor_steps WHERE run_id = ?
                    """, arguments: [run])
            guard let row, let tensors = Int.fromDatabaseValue(row[0]), tensors > 0 else { return nil }
            return LoggedTensors(
                tensorCount: tensors, stepCount: Int.fromDatabaseValue(row[1]) ?? 0,
                firstNonfiniteStep: Int64.fromDatabaseValue(row[2]))
        }
    }
}
