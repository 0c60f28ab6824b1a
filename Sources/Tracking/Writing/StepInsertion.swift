import Foundation
import GRDB
import GRDBSQLite

/// Inserts rows of `quadratic_steps` inside one transaction, through the C API: GRDB's convenience costs more per row
/// than the row.
struct StepInsertion {
    private typealias Row = (run: Int64, step: QuadraticStep)

    /// So many rows go into one statement where there are as many: starting a statement costs nearly as much as its row
    /// (measured: 0.6 instead of 0.95 us a row).
    private static let groupSize = 64
    private static let columnCount: CInt = 11
    private static let insertionOfOne = insertion(rowCount: 1)
    private static let insertionOfGroup = insertion(rowCount: groupSize)

    private let database: Database
    private let single: SQLiteStatement
    private let group: SQLiteStatement
    /// Rows that wait for their group to be whole.
    private var waiting: [Row] = []

    init(_ database: Database) throws {
        self.database = database
        single = try database.cachedStatement(sql: Self.insertionOfOne).sqliteStatement
        group = try database.cachedStatement(sql: Self.insertionOfGroup).sqliteStatement
        waiting.reserveCapacity(Self.groupSize)
    }

    /// Inserts the rows of a transaction, each chunk only if its attempt is still the run's own, and returns the attempts
    /// that are not.
    ///
    /// Of ten rows the tenth comes after all others. Appending in order, SQLite leaves each page of a WITHOUT ROWID
    /// table seven eighths full when it goes on to the next; the late rows fill them up (measured: 73 instead of 81
    /// bytes a step, in the same time).
    ///
    /// `betweenChunks` is called at least once.
    mutating func insert(_ chunks: [StepChunk], betweenChunks: () throws -> Void) throws -> Set<RunAttempt> {
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
        try insertWaitingOneByOne()
        return refused
    }

    // MARK: - Internals

    private func isCurrent(_ attempt: RunAttempt) throws -> Bool {
        let current = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT attempt FROM runs WHERE id = ? AND state = 'running'"),
            arguments: [attempt.run])
        return current == attempt.number
    }

    // Of a group that fails, the rows before the failing one stay: with FAIL, and a foreign key that is looked at later,
    // SQLite needs no copies of what a group changes.
    private static func insertion(rowCount: Int) -> String {
        let row = "(" + Array(repeating: "?", count: Int(columnCount)).joined(separator: ", ") + ")"
        return """
            INSERT OR FAIL INTO quadratic_steps
                (run_id, step, epoch, loss, learning_rate, w, b, grad_w, grad_b, elapsed_ns, bits)
            VALUES \(Array(repeating: row, count: rowCount).joined(separator: ", "))
            """
    }

    private mutating func insert(_ chunk: StepChunk, where isIncluded: (Int) -> Bool) throws {
        for step in chunk.rows where isIncluded(step.step) {
            waiting.append((chunk.attempt.run, step))
            if waiting.count == Self.groupSize { try insertGroup() }
        }
    }

    private mutating func insertGroup() throws {
        for (position, row) in waiting.enumerated() {
            bind(row, to: group, after: CInt(position) * Self.columnCount)
        }
        if let failure = run(group) {
            guard failure.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY else { throw failure }
            try insertWaitingOneByOne()
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Inserts what waits; rows that are stored already must be stored with the same numbers.
    private mutating func insertWaitingOneByOne() throws {
        for row in waiting {
            bind(row, to: single, after: 0)
            guard let failure = run(single) else { continue }
            guard failure.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY else { throw failure }
            try mustEqualStored(row.step, run: row.run)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// Returns why it failed, if it did.
    private func run(_ statement: SQLiteStatement) -> DatabaseError? {
        let code = sqlite3_step(statement)
        let failure = code == SQLITE_DONE ? nil : database.lastError
        sqlite3_reset(statement)
        return failure
    }

    private func bind(_ row: Row, to statement: SQLiteStatement, after first: CInt) {
        let step = row.step
        sqlite3_bind_int64(statement, first + 1, row.run)
        sqlite3_bind_int64(statement, first + 2, Int64(step.step))
        sqlite3_bind_int64(statement, first + 3, Int64(step.epoch))
        sqlite3_bind_double(statement, first + 4, step.loss)
        sqlite3_bind_double(statement, first + 5, step.learningRate)
        sqlite3_bind_double(statement, first + 6, step.w)
        sqlite3_bind_double(statement, first + 7, step.b)
        sqlite3_bind_double(statement, first + 8, step.gradW)
        sqlite3_bind_double(statement, first + 9, step.gradB)
        sqlite3_bind_int64(statement, first + 10, Int64(step.elapsedNanoseconds))
        if let bits = ExactReals.bits(of: step) {
            bits.withUnsafeBytes { bytes in
                // The destructor -1 (SQLITE_TRANSIENT) has SQLite copy the bytes.
                _ = sqlite3_bind_blob(
                    statement, first + 11, bytes.baseAddress, CInt(bytes.count),
                    unsafeBitCast(-1, to: sqlite3_destructor_type.self))
            }
        } else {
            sqlite3_bind_null(statement, first + 11)
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
