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

    var lastError: DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)), message: lastErrorMessage)
    }
}

extension QuadraticStep {
    fileprivate init(_ row: SQLiteStatement) {
        let bits = sqlite3_column_blob(row, 9)
        let exact = bits.flatMap {
            ExactReals.decode(UnsafeRawBufferPointer(start: $0, count: Int(sqlite3_column_bytes(row, 9))), count: 6)
        }
        self.init(
            step: Int(sqlite3_column_int64(row, 0)), epoch: Int(sqlite3_column_int64(row, 1)),
            loss: exact?[0] ?? sqlite3_column_double(row, 2), learningRate: exact?[1] ?? sqlite3_column_double(row, 3),
            w: exact?[2] ?? sqlite3_column_double(row, 4), b: exact?[3] ?? sqlite3_column_double(row, 5),
            gradW: exact?[4] ?? sqlite3_column_double(row, 6), gradB: exact?[5] ?? sqlite3_column_double(row, 7),
            elapsedNanoseconds: Int(sqlite3_column_int64(row, 8)))
    }
}
