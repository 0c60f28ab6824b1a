import Foundation
import GRDB

extension Store {
    /// A run's row of `runs`, by column.
    package func storedValues(ofRun run: Int64) throws(TrackingError) -> [String: QueryValue] {
        try storedRows("SELECT * FROM runs WHERE id = ?", [run]).first ?? [:]
    }

    /// The runs with this hash of their configuration, hidden ones included.
    package func runIDs(configHash: String) throws(TrackingError) -> [Int64] {
        try read {
            try Int64.fetchAll(
                $0, sql: "SELECT id FROM runs WHERE config_hash = ? ORDER BY id", arguments: [configHash])
        }
    }

    /// A run's `config`, byte by byte.
    package func storedConfiguration(ofRun run: Int64) throws(TrackingError) -> [UInt8] {
        try read {
            let bytes = try Data.fetchOne(
                $0, sql: "SELECT CAST(config AS BLOB) FROM runs WHERE id = ?", arguments: [run])
            return [UInt8](bytes ?? Data())
        }
    }

    /// A run's rows of `run_parameters`, by column, in the order of names.
    package func storedParameters(ofRun run: Int64) throws(TrackingError) -> [[String: QueryValue]] {
        try storedRows(
            "SELECT name, initial, final, average, ieee_bytes FROM run_parameters WHERE run_id = ? ORDER BY name", [run]
        )
    }

    /// A data set's row of `datasets`, by column.
    package func storedValues(ofDataset dataset: Int64) throws(TrackingError) -> [String: QueryValue] {
        try storedRows("SELECT * FROM datasets WHERE id = ?", [dataset]).first ?? [:]
    }

    /// The rows of `optima` about a data set, by column, for each model.
    package func storedOptima(ofDataset dataset: Int64) throws(TrackingError) -> [String: [[String: QueryValue]]] {
        let rows = try storedRows("SELECT * FROM optima WHERE dataset_id = ? ORDER BY model, position", [dataset])
        return Dictionary(grouping: rows) { row in
            if case .text(let model)? = row["model"] { model } else { "" }
        }
    }

    /// The data sets with this hash, or those of a file with these columns.
    package func datasetIDs(
        contentHash: String? = nil, xColumn: String? = nil, yColumn: String? = nil
    ) throws(TrackingError) -> [Int64] {
        try read {
            try Int64.fetchAll(
                $0,
                sql: """
                    SELECT id FROM datasets WHERE content_hash = ? OR kind = 'csv' AND x_column = ? AND y_column = ?
                    ORDER BY id
                    """,
                arguments: [contentHash, xColumn, yColumn])
        }
    }

    /// A data set's rows of `dataset_rows` in the order of positions.
    package func storedSamples(ofDataset dataset: Int64) throws(TrackingError) -> [StoredSample] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT position, x, y, ieee_bytes, x_checksum, y_checksum FROM dataset_rows WHERE dataset_id = ? ORDER BY position
                    """,
                arguments: [dataset]
            ).map { StoredSample($0) }
        }
    }

    private func storedRows(
        _ sql: String, _ arguments: StatementArguments
    ) throws(TrackingError) -> [[String: QueryValue]] {
        try read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
                Dictionary(uniqueKeysWithValues: row.map { ($0, QueryValue($1)) })
            }
        }
    }
}
