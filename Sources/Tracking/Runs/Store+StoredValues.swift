import Foundation
import GRDB
import GRDBSQLite

/// A row of `quadratic_steps` exactly as SQLite has it, for a comparison that overlooks nothing.
package struct StoredStep: Sendable, Equatable {
    package var step: QueryValue
    package var epoch: QueryValue
    package var loss: QueryValue
    package var learningRate: QueryValue
    package var w: QueryValue
    package var b: QueryValue
    package var gradW: QueryValue
    package var gradB: QueryValue
    package var bits: QueryValue

    /// The row that a step writer makes of a step.
    package init(_ step: QuadraticStep) {
        let reals = [step.loss, step.learningRate, step.w, step.b, step.gradW, step.gradB]
        self.step = .integer(Int64(step.step))
        epoch = .integer(Int64(step.epoch))
        loss = QueryValue(kept: step.loss)
        learningRate = QueryValue(kept: step.learningRate)
        w = QueryValue(kept: step.w)
        b = QueryValue(kept: step.b)
        gradW = QueryValue(kept: step.gradW)
        gradB = QueryValue(kept: step.gradB)
        bits = QueryValue(bitsOf: reals)
    }

    /// Which step it is.
    package var number: Int {
        if case .integer(let number) = step { Int(number) } else { 0 }
    }

    /// Name and value of each column, in the order of the table.
    package var columns: [(name: String, value: QueryValue)] {
        [
            ("step", step), ("epoch", epoch), ("loss", loss), ("learning_rate", learningRate), ("w", w), ("b", b),
            ("grad_w", gradW), ("grad_b", gradB), ("bits", bits),
        ]
    }

    fileprivate init(_ row: SQLiteStatement) {
        step = QueryValue(row, column: 0)
        epoch = QueryValue(row, column: 1)
        loss = QueryValue(row, column: 2)
        learningRate = QueryValue(row, column: 3)
        w = QueryValue(row, column: 4)
        b = QueryValue(row, column: 5)
        gradW = QueryValue(row, column: 6)
        gradB = QueryValue(row, column: 7)
        bits = QueryValue(row, column: 8)
    }
}

extension QueryValue {
    /// What SQLite keeps of a double: of NaN nothing, of -0.0 no sign.
    package init(kept value: Double) {
        self = value.isNaN ? .null : .real(value == 0 ? 0 : value)
    }

    /// A row's `bits`: NULL unless one of the doubles is NaN or -0.0.
    package init(bitsOf values: [Double]) {
        self = ExactReals.bits(of: values).map { .blob([UInt8]($0)) } ?? .null
    }

    /// The `bits` of a row in which NaN stands for a number that does not exist, which NULL says well enough.
    package init(bitsOfDescription values: [Double]) {
        let isPlain = !values.contains { !$0.isNaN && ExactReals.needsBits($0) }
        self = isPlain ? .null : .blob([UInt8](ExactReals.encode(values)))
    }
}

extension Store {
    /// Calls `body` with each of a run's rows in the order of steps, as SQLite has them.
    ///
    /// `body` must not call this store.
    package func forEachStoredStep(ofRun run: Int64, _ body: (StoredStep) throws -> Void) throws {
        try connections.reader.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT step, epoch, loss, learning_rate, w, b, grad_w, grad_b, bits FROM quadratic_steps
                    WHERE run_id = ? ORDER BY step
                    """)
            try statement.setArguments([run])
            let handle = statement.sqliteStatement
            sqlite3_reset(handle)
            defer { sqlite3_reset(handle) }
            while true {
                switch sqlite3_step(handle) {
                case SQLITE_ROW: try body(StoredStep(handle))
                case SQLITE_DONE: return
                default: throw database.lastError
                }
            }
        }
    }

    /// The lowest step that is stored of a run; a fork's is not 0.
    package func firstStep(ofRun run: Int64) throws(TrackingError) -> Int? {
        try read {
            try Int.fetchOne($0, sql: "SELECT min(step) FROM quadratic_steps WHERE run_id = ?", arguments: [run])
        }
    }

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
            "SELECT name, initial, final, average, bits FROM run_parameters WHERE run_id = ? ORDER BY name", [run])
    }

    /// A data set's row of `datasets`, by column.
    package func storedValues(ofDataset dataset: Int64) throws(TrackingError) -> [String: QueryValue] {
        try storedRows("SELECT * FROM datasets WHERE id = ?", [dataset]).first ?? [:]
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
                    SELECT position, x, y, bits, x_check, y_check FROM dataset_rows WHERE dataset_id = ? ORDER BY position
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
