import GRDBSQLite
import Migrations
import TestRows
import Tracking

/// The floor of everything that writes steps: a loop over the C interface of SQLite, with the notebook's schema and
/// settings, one prepared statement, and nothing checked but the answers.
enum BareInsertion {
    /// Writes `runs` runs of `steps` steps into a new file, in transactions of `runsInTransaction` runs.
    static func write(runs: Int, steps: Int, runsInTransaction: Int, to path: String) {
        var connection: OpaquePointer?
        check(sqlite3_open(path, &connection), connection)
        defer { sqlite3_close(connection) }
        execute("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", connection)
        for migration in Migrations.all { execute(migration.sql, connection) }
        var statement: OpaquePointer?
        check(
            sqlite3_prepare_v2(
                connection, "INSERT INTO quadratic_steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", -1, &statement,
                nil), connection)
        defer { sqlite3_finalize(statement) }
        var run = 0
        while run < runs {
            execute("BEGIN IMMEDIATE", connection)
            for _ in 0..<min(runsInTransaction, runs - run) {
                run += 1
                sqlite3_bind_int64(statement, 1, Int64(run))
                for index in 0..<steps {
                    bind(LargeSweep.step(index), to: statement)
                    guard sqlite3_step(statement) == SQLITE_DONE else { return check(SQLITE_ERROR, connection) }
                    sqlite3_reset(statement)
                }
            }
            execute("COMMIT", connection)
        }
    }

    private static func bind(_ step: QuadraticStep, to statement: OpaquePointer?) {
        sqlite3_bind_int64(statement, 2, Int64(step.step))
        sqlite3_bind_int64(statement, 3, Int64(step.epoch))
        sqlite3_bind_double(statement, 4, step.loss)
        sqlite3_bind_double(statement, 5, step.learningRate)
        sqlite3_bind_double(statement, 6, step.w)
        sqlite3_bind_double(statement, 7, step.b)
        sqlite3_bind_double(statement, 8, step.gradW)
        sqlite3_bind_double(statement, 9, step.gradB)
        sqlite3_bind_int64(statement, 10, Int64(step.elapsedNanoseconds))
    }

    private static func execute(_ sql: String, _ connection: OpaquePointer?) {
        check(sqlite3_exec(connection, sql, nil, nil, nil), connection)
    }

    private static func check(_ code: Int32, _ connection: OpaquePointer?) {
        precondition(code == SQLITE_OK, "SQLite: \(String(cString: sqlite3_errmsg(connection)))")
    }
}
