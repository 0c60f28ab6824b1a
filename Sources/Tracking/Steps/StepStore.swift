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
        try file.translatingDatabaseErrors {
            try file.reader.read { database in
                let schema = try database.stepSchema(ofRun: run)
                try database.forEachStep(ofRun: run, as: schema, in: 0..<Int.max, every: stride, body)
            }
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
                    let step = try database.step(handle, ofRun: run)
                    for index in places.indices {
                        parameters[index] = try database.real(handle, column: CInt(index + 1), ofRun: run, step: step)
                    }
                    if let exact = exactValues(handle, column: CInt(places.count + 1), count: schema.columns.count) {
                        for (index, place) in places.enumerated() { parameters[index] = exact[place] }
                    }
                    guard body(step, parameters) else { return }
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
                try row.read(handle, ofRun: run, in: self)
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
    fileprivate mutating func read(_ row: SQLiteStatement, ofRun run: Int64, in database: Database) throws {
        let count = values.count
        step = try database.step(row, ofRun: run)
        epoch = try database.count(row, column: 1, largest: Int64(StoredRow.largestCount), ofRun: run, step: step)
        for index in 0..<count {
            values[index] = try database.real(row, column: CInt(index + 2), ofRun: run, step: step)
        }
        elapsedNanoseconds = try database.count(row, column: CInt(count + 2), largest: .max, ofRun: run, step: step)
        if let exact = exactValues(row, column: CInt(count + 3), count: count) { values = exact }
    }
}

/// The numbers of a row of steps, checked as those of a ``StoredRow`` are.
extension Database {
    /// The first column, which says which step it is.
    func step(_ row: SQLiteStatement, ofRun run: Int64) throws(TrackingError) -> Int {
        try count(row, column: 0, largest: Int64(StoredRow.largestCount), ofRun: run, step: nil)
    }

    fileprivate func count(
        _ row: SQLiteStatement, column: CInt, largest: Int64, ofRun run: Int64, step: Int?
    ) throws(TrackingError) -> Int {
        let number = sqlite3_column_int64(row, column)
        guard sqlite3_column_type(row, column) == SQLITE_INTEGER, number >= 0, number <= largest else {
            throw damage(row, column, isNo: "number from 0 to \(largest)", ofRun: run, step: step)
        }
        return Int(number)
    }

    /// NaN where the column is empty: SQLite keeps NaN as NULL.
    fileprivate func real(
        _ row: SQLiteStatement, column: CInt, ofRun run: Int64, step: Int
    ) throws(TrackingError) -> Double {
        switch sqlite3_column_type(row, column) {
        case SQLITE_FLOAT, SQLITE_INTEGER: return sqlite3_column_double(row, column)
        case SQLITE_NULL: return .nan
        default: throw damage(row, column, isNo: "number", ofRun: run, step: step)
        }
    }

    private func damage(
        _ row: SQLiteStatement, _ column: CInt, isNo kind: String, ofRun run: Int64, step: Int?
    ) -> TrackingError {
        let name = sqlite3_column_name(row, column).map { String(cString: $0) } ?? ""
        let value = StoredRow.text(DatabaseValue(sqliteStatement: row, index: column).storage)
        let place = step.map { " at step \($0)" } ?? ""
        return TrackingError(damaged: self, "run \(run) has \(value) as \(name)\(place), which is no \(kind)")
    }
}

/// The numbers of a row that holds one which SQLite cannot keep; nil for any other row.
private func exactValues(_ row: SQLiteStatement, column: CInt, count: Int) -> [Double]? {
    guard let bytes = sqlite3_column_blob(row, column) else { return nil }
    let length = Int(sqlite3_column_bytes(row, column))
    return ExactReals.decode(UnsafeRawBufferPointer(start: bytes, count: length), count: count)
}
