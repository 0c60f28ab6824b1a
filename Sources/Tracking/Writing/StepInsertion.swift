import Foundation
import GRDB
import GRDBSQLite

/// Inserts rows of `quadratic_steps` inside one transaction, through the C API: GRDB's convenience costs more per row
/// than the row.
struct StepInsertion {
    private let database: Database
    private let statement: SQLiteStatement

    init(_ database: Database) throws {
        self.database = database
        statement = try database.cachedStatement(
            sql: """
                INSERT INTO quadratic_steps
                    (run_id, step, epoch, loss, learning_rate, w, b, grad_w, grad_b, elapsed_ns, bits)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).sqliteStatement
    }

    /// Inserts the rows of a transaction, each chunk only if its attempt is still the run's own, and returns the attempts
    /// that are not.
    ///
    /// Of ten rows the tenth comes after all others. Appending in order, SQLite leaves each page of a WITHOUT ROWID
    /// table seven eighths full when it goes on to the next; the late rows fill them up (measured: 73 instead of 81
    /// bytes a step, in the same time).
    ///
    /// `betweenChunks` is called at least once.
    func insert(_ chunks: [StepChunk], betweenChunks: () throws -> Void) throws -> Set<RunAttempt> {
        var refused: Set<RunAttempt> = []
        try betweenChunks()
        // Neighbors in the table are also neighbors here, whichever thread was quicker.
        let order = chunks.indices.sorted { (chunks[$0].attempt.run, $0) < (chunks[$1].attempt.run, $1) }
        for index in order {
            guard try isCurrent(chunks[index].attempt) else {
                refused.insert(chunks[index].attempt)
                continue
            }
            try insert(chunks[index]) { $0 % 10 != 9 }
            try betweenChunks()
        }
        for index in order where !refused.contains(chunks[index].attempt) {
            try insert(chunks[index]) { $0 % 10 == 9 }
        }
        return refused
    }

    // MARK: - Internals

    private func isCurrent(_ attempt: RunAttempt) throws -> Bool {
        let current = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT attempt FROM runs WHERE id = ? AND state = 'running'"),
            arguments: [attempt.run])
        return current == attempt.number
    }

    private func insert(_ chunk: StepChunk, where isIncluded: (Int) -> Bool) throws {
        let run = chunk.attempt.run
        sqlite3_bind_int64(statement, 1, run)
        for row in chunk.rows where isIncluded(row.step) {
            bind(row)
            let code = sqlite3_step(statement)
            let failure = code == SQLITE_DONE ? nil : database.lastError
            sqlite3_reset(statement)
            guard let failure else { continue }
            guard failure.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY else { throw failure }
            try mustEqualStored(row, run: run)
        }
    }

    private func bind(_ row: QuadraticStep) {
        sqlite3_bind_int64(statement, 2, Int64(row.step))
        sqlite3_bind_int64(statement, 3, Int64(row.epoch))
        sqlite3_bind_double(statement, 4, row.loss)
        sqlite3_bind_double(statement, 5, row.learningRate)
        sqlite3_bind_double(statement, 6, row.w)
        sqlite3_bind_double(statement, 7, row.b)
        sqlite3_bind_double(statement, 8, row.gradW)
        sqlite3_bind_double(statement, 9, row.gradB)
        sqlite3_bind_int64(statement, 10, Int64(row.elapsedNanoseconds))
        if let bits = ExactReals.bits(of: row) {
            bits.withUnsafeBytes { bytes in
                // The destructor -1 (SQLITE_TRANSIENT) has SQLite copy the bytes.
                _ = sqlite3_bind_blob(
                    statement, 11, bytes.baseAddress, CInt(bytes.count),
                    unsafeBitCast(-1, to: sqlite3_destructor_type.self))
            }
        } else {
            sqlite3_bind_null(statement, 11)
        }
    }

    private func mustEqualStored(_ row: QuadraticStep, run: Int64) throws {
        try database.forEachStep(ofRun: run, in: row.step..<row.step + 1, every: 1) { stored in
            guard let column = row.firstDifference(from: stored) else { return }
            throw TrackingError(
                .conflict,
                "step \(row.step) of run \(run) is stored with another \(column) than the one computed now; nothing was "
                    + "overwritten")
        }
    }
}

extension ExactReals {
    /// As ``bits(of:)-([Double])``, without an array for the rows that need none, which are nearly all.
    fileprivate static func bits(of row: QuadraticStep) -> Data? {
        let isPlain =
            !needsBits(row.loss) && !needsBits(row.learningRate) && !needsBits(row.w) && !needsBits(row.b)
            && !needsBits(row.gradW) && !needsBits(row.gradB)
        return isPlain ? nil : encode(row.reals)
    }
}

extension QuadraticStep {
    /// In the order of the table's REAL columns.
    fileprivate var reals: [Double] { [loss, learningRate, w, b, gradW, gradB] }

    /// The column, as the table has it, of the first number with other bits; the time does not count.
    fileprivate func firstDifference(from other: QuadraticStep) -> String? {
        if epoch != other.epoch { return "epoch" }
        let columns = ["loss", "learning_rate", "w", "b", "grad_w", "grad_b"]
        return zip(columns, zip(reals, other.reals)).first { $1.0.bitPattern != $1.1.bitPattern }?.0
    }
}
