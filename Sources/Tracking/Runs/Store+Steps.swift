import GRDB
import GRDBSQLite

extension Store {
    /// A run's rows of these steps, in order.
    package func steps(
        ofRun run: Int64, in range: Range<Int> = 0..<Int.max
    ) throws(TrackingError) -> [QuadraticStep] {
        var steps: [QuadraticStep] = []
        try read { database in
            try database.forEachStep(ofRun: run, in: range, every: 1) { steps.append($0) }
        }
        return steps
    }

    /// Calls `body` with every `stride`-th of a run's rows, from step 0 on and in order, without holding them in memory.
    ///
    /// `body` must not call this store. What it throws is rethrown and ends the reading.
    package func forEachStep(
        ofRun run: Int64, every stride: Int = 1, _ body: (QuadraticStep) throws -> Void
    ) throws {
        precondition(stride > 0, "a stride is positive, not \(stride)")
        try connections.reader.read { try $0.forEachStep(ofRun: run, in: 0..<Int.max, every: stride, body) }
    }

    /// The first step of a run, below `limit`, at whose parameters w and b `condition` holds; nil if it holds at none.
    ///
    /// Reads no further than that. `condition` must not call this store.
    package func firstStep(
        ofRun run: Int64, before limit: Int = .max, where condition: (_ w: Double, _ b: Double) -> Bool
    ) throws(TrackingError) -> Int? {
        try read { try $0.firstStep(ofRun: run, before: limit, where: condition) }
    }

    /// How many rows of a run are stored.
    package func stepCount(ofRun run: Int64) throws(TrackingError) -> Int {
        try read {
            try Int.fetchOne(
                $0, sql: "SELECT count(*) FROM quadratic_steps WHERE run_id = ?", arguments: [run]) ?? 0
        }
    }
}

extension Database {
    /// Through the C API, because a million rows take three times as long as GRDB's `Row`s.
    func forEachStep(
        ofRun run: Int64, in range: Range<Int>, every stride: Int, _ body: (QuadraticStep) throws -> Void
    ) throws {
        let statement = try cachedStatement(
            sql: """
                SELECT step, epoch, loss, learning_rate, w, b, grad_w, grad_b, elapsed_ns, bits FROM quadratic_steps
                WHERE run_id = ? AND step >= ? AND step < ? AND step % ? = 0
                ORDER BY step
                """)
        try statement.setArguments([run, range.lowerBound, range.upperBound, stride])
        let handle = statement.sqliteStatement
        sqlite3_reset(handle)
        defer { sqlite3_reset(handle) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body(QuadraticStep(handle))
            case SQLITE_DONE: return
            default: throw lastError
            }
        }
    }

    fileprivate func firstStep(
        ofRun run: Int64, before limit: Int, where condition: (Double, Double) -> Bool
    ) throws -> Int? {
        let statement = try cachedStatement(
            sql: "SELECT step, w, b, bits FROM quadratic_steps WHERE run_id = ? AND step < ? ORDER BY step")
        try statement.setArguments([run, limit])
        let handle = statement.sqliteStatement
        sqlite3_reset(handle)
        defer { sqlite3_reset(handle) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                let exact = QuadraticStep.exactReals(handle, column: 3)
                let w = exact?[2] ?? sqlite3_column_double(handle, 1)
                let b = exact?[3] ?? sqlite3_column_double(handle, 2)
                if condition(w, b) { return Int(sqlite3_column_int64(handle, 0)) }
            case SQLITE_DONE: return nil
            default: throw lastError
            }
        }
    }

    var lastError: DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)), message: lastErrorMessage)
    }
}

extension QuadraticStep {
    fileprivate init(_ row: SQLiteStatement) {
        let exact = Self.exactReals(row, column: 9)
        self.init(
            step: Int(sqlite3_column_int64(row, 0)), epoch: Int(sqlite3_column_int64(row, 1)),
            loss: exact?[0] ?? sqlite3_column_double(row, 2), learningRate: exact?[1] ?? sqlite3_column_double(row, 3),
            w: exact?[2] ?? sqlite3_column_double(row, 4), b: exact?[3] ?? sqlite3_column_double(row, 5),
            gradW: exact?[4] ?? sqlite3_column_double(row, 6), gradB: exact?[5] ?? sqlite3_column_double(row, 7),
            elapsedNanoseconds: Int(sqlite3_column_int64(row, 8)))
    }

    /// All real numbers of a row that holds one SQLite cannot keep, from the column with their bytes.
    fileprivate static func exactReals(_ row: SQLiteStatement, column: Int32) -> [Double]? {
        sqlite3_column_blob(row, column).flatMap {
            ExactReals.decode(
                UnsafeRawBufferPointer(start: $0, count: Int(sqlite3_column_bytes(row, column))), count: 6)
        }
    }
}
