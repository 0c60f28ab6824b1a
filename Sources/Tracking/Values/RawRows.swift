import Foundation
import GRDB

// Rows exactly as SQLite has them, for a comparison that overlooks nothing.

extension RunStore {
    /// A run's row of `runs`, by column.
    package func storedValues(ofRun run: Int64) throws(TrackingError) -> [String: SQLValue] {
        try file.rows("SELECT * FROM runs WHERE id = ?", [run]).first ?? [:]
    }

    /// The runs with this hash of their configuration, hidden ones included.
    package func ids(configHash: String) throws(TrackingError) -> [Int64] {
        try file.read {
            try Int64.fetchAll(
                $0, sql: "SELECT id FROM runs WHERE config_hash = ? ORDER BY id", arguments: [configHash])
        }
    }

    /// A run's `config`, byte by byte.
    package func storedConfiguration(ofRun run: Int64) throws(TrackingError) -> [UInt8] {
        try file.read {
            let bytes = try Data.fetchOne(
                $0, sql: "SELECT CAST(config AS BLOB) FROM runs WHERE id = ?", arguments: [run])
            return [UInt8](bytes ?? Data())
        }
    }

    /// A run's rows of `run_parameters`, by column, in the order of names.
    package func storedParameters(ofRun run: Int64) throws(TrackingError) -> [[String: SQLValue]] {
        try file.rows(
            "SELECT name, initial, final, average, ieee_bytes FROM run_parameters WHERE run_id = ? ORDER BY name", [run]
        )
    }
}

extension DatasetStore {
    /// A data set's row of `datasets`, by column.
    package func storedValues(ofDataset dataset: Int64) throws(TrackingError) -> [String: SQLValue] {
        try file.rows("SELECT * FROM datasets WHERE id = ?", [dataset]).first ?? [:]
    }

    /// The rows of `optima` about a data set, by column, for each model.
    package func storedOptima(ofDataset dataset: Int64) throws(TrackingError) -> [String: [[String: SQLValue]]] {
        let rows = try file.rows("SELECT * FROM optima WHERE dataset_id = ? ORDER BY model, position", [dataset])
        return Dictionary(grouping: rows) { row in
            if case .text(let model)? = row["model"] { model } else { "" }
        }
    }

    /// The data sets with this hash, or those of a file with these columns.
    package func ids(
        contentHash: String? = nil, xColumn: String? = nil, yColumn: String? = nil
    ) throws(TrackingError) -> [Int64] {
        try file.read {
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
        try file.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT position, x, y, ieee_bytes, x_checksum, y_checksum FROM dataset_rows WHERE dataset_id = ? ORDER BY position
                    """,
                arguments: [dataset]
            ).map { try StoredSample($0, in: database) }
        }
    }
}

extension DatabaseFile {
    fileprivate func rows(
        _ sql: String, _ arguments: StatementArguments
    ) throws(TrackingError) -> [[String: SQLValue]] {
        try read { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
                Dictionary(uniqueKeysWithValues: row.map { ($0, SQLValue($1)) })
            }
        }
    }
}
