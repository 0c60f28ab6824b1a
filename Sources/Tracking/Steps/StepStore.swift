import GRDB
import GRDBSQLite
import TextFormats

/// The steps of a notebook's runs.
package struct StepStore: Sendable {
    let file: DatabaseFile

    /// Every parameter of the models that the notebook keeps steps of, each once.
    package func parameterNames() throws(TrackingError) -> [String] {
        try file.read { try StepTables($0).parameters }
    }

    /// The columns of a run's steps.
    package func schema(ofRun run: Int64) throws(TrackingError) -> StepSchema {
        try file.read { try $0.stepSchema(ofRun: run) }
    }

    /// A run's rows of these steps, in order.
    package func all(ofRun run: Int64, in range: Range<Int> = 0..<Int.max) throws(TrackingError) -> [StepRow] {
        var steps: [StepRow] = []
        try file.read { database in
            let schema = try database.stepSchema(ofRun: run)
            try database.forEachStep(ofRun: run, as: schema, in: range, every: 1) { steps.append($0) }
        }
        return steps
    }

    /// Calls `body` with every `stride`-th of a run's rows, from step 0 on and in order, without holding them in memory.
    ///
    /// `body` must not call this store. What it throws is rethrown and ends the reading.
    package func forEach(ofRun run: Int64, every stride: Int = 1, _ body: (StepRow) throws -> Void) throws {
        precondition(stride > 0, "a stride is positive, not \(stride)")
        try file.reader.read { database in
            let schema = try database.stepSchema(ofRun: run)
            try database.forEachStep(ofRun: run, as: schema, in: 0..<Int.max, every: stride, body)
        }
    }

    /// Calls `body` with the parameters before each of a run's steps in `range`, in order, until it returns false.
    ///
    /// The parameters come in the order of the model. Reads no further than that, and no other column.
    package func forEachParameters(
        ofRun run: Int64, in range: Range<Int> = 0..<Int.max, while body: (_ step: Int, _ parameters: [Double]) -> Bool
    ) throws(TrackingError) {
        try file.read { database in
            let schema = try database.stepSchema(ofRun: run)
            let places = schema.indices(of: .parameter)
            let columns = places.map { schema.columns[$0].name.sqlIdentifier }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT step, \((columns + [StepSchema.bytesColumn]).joined(separator: ", ")) FROM \(schema.quotedTable)
                    WHERE run_id = ? AND step >= ? AND step < ? ORDER BY step
                    """)
            try statement.setArguments([run, range.lowerBound, range.upperBound])
            let handle = statement.sqliteStatement
            sqlite3_reset(handle)
            defer { sqlite3_reset(handle) }
            var parameters = [Double](repeating: 0, count: places.count)
            while true {
                switch sqlite3_step(handle) {
                case SQLITE_ROW:
                    for index in places.indices { parameters[index] = sqlite3_column_double(handle, CInt(index + 1)) }
                    if let exact = exactValues(handle, column: CInt(places.count + 1), count: schema.columns.count) {
                        for (index, place) in places.enumerated() { parameters[index] = exact[place] }
                    }
                    guard body(Int(sqlite3_column_int64(handle, 0)), parameters) else { return }
                case SQLITE_DONE: return
                default: throw database.lastError
                }
            }
        }
    }

    /// How many rows of a run are stored.
    package func count(ofRun run: Int64) throws(TrackingError) -> Int {
        try value(ofRun: run) { $0.count(ofRun: "\(run)") } ?? 0
    }

    /// The lowest step that is stored of a run; a fork's is not 0.
    package func first(ofRun run: Int64) throws(TrackingError) -> Int? {
        try value(ofRun: run) { $0.firstStep(ofRun: "\(run)") }
    }

    private func value(
        ofRun run: Int64, _ expression: (StepTables) -> String
    ) throws(TrackingError) -> Int? {
        try file.read { try Int.fetchOne($0, sql: "SELECT \(expression(StepTables($0)))") }
    }
}

extension Database {
    /// Through the C API, because a million rows take three times as long as GRDB's `Row`s.
    func forEachStep(
        ofRun run: Int64, as schema: StepSchema, in range: Range<Int>, every stride: Int,
        _ body: (StepRow) throws -> Void
    ) throws {
        let statement = try cachedStatement(
            sql: schema.selection(where: "step >= ? AND step < ? AND step % ? = 0"))
        try statement.setArguments([run, range.lowerBound, range.upperBound, stride])
        let handle = statement.sqliteStatement
        sqlite3_reset(handle)
        defer { sqlite3_reset(handle) }
        // One row for all, so that nothing is allocated for a step that `body` does not keep.
        var row = StepRow(
            step: 0, epoch: 0, elapsedNanoseconds: 0, values: [Double](repeating: 0, count: schema.columns.count))
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                row.read(handle)
                try body(row)
            case SQLITE_DONE: return
            default: throw lastError
            }
        }
    }

    var lastError: DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)), message: lastErrorMessage)
    }
}

extension StepRow {
    /// Takes the numbers of a row of ``StepSchema/selection(where:)``.
    fileprivate mutating func read(_ row: SQLiteStatement) {
        let count = values.count
        step = Int(sqlite3_column_int64(row, 0))
        epoch = Int(sqlite3_column_int64(row, 1))
        for index in 0..<count { values[index] = sqlite3_column_double(row, CInt(index + 2)) }
        elapsedNanoseconds = Int(sqlite3_column_int64(row, CInt(count + 2)))
        if let exact = exactValues(row, column: CInt(count + 3), count: count) { values = exact }
    }
}

/// The numbers of a row that holds one which SQLite cannot keep; nil for any other row.
private func exactValues(_ row: SQLiteStatement, column: CInt, count: Int) -> [Double]? {
    guard let bytes = sqlite3_column_blob(row, column) else { return nil }
    let length = Int(sqlite3_column_bytes(row, column))
    return ExactReals.decode(UnsafeRawBufferPointer(start: bytes, count: length), count: count)
}
