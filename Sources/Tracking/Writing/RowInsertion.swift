import Foundation
import GRDB
import GRDBSQLite

/// What all that inserts rows by step has in common, through the C API: GRDB's convenience costs more per row than the row.
enum RowInsertion {
    /// So many rows go into one statement where there are as many: starting a statement costs nearly as much as its row
    /// (measured: 0.6 instead of 0.95 us a row).
    private static let largestGroup = 64
    /// SQLite's default for the number of values bound in one statement.
    private static let largestBoundCount = 32_766

    /// Of rows with so many values.
    static func groupSize(boundCount: Int) -> Int { min(largestGroup, largestBoundCount / boundCount) }

    /// Runs a statement whose values are bound, and returns why it failed, if it did.
    static func run(_ statement: SQLiteStatement, in database: Database) -> DatabaseError? {
        let code = sqlite3_step(statement)
        let failure = code == SQLITE_DONE ? nil : database.lastError
        sqlite3_reset(statement)
        return failure
    }

    /// Whether it failed because there is a row of that step.
    static func isOfStoredRow(_ failure: DatabaseError) -> Bool {
        failure.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
    }

    static func bind(_ bytes: Data, to statement: SQLiteStatement, at index: CInt) {
        bytes.withUnsafeBytes {
            // The destructor -1 (SQLITE_TRANSIENT) has SQLite copy the bytes.
            _ = sqlite3_bind_blob(
                statement, index, $0.baseAddress, CInt($0.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
        }
    }
}
