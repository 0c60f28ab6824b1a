import GRDB
import GRDBSQLite
import SQLiteOptions

/// What is switched off on every connection, because a file may come from somebody else:
/// <https://www.sqlite.org/security.html>.
enum ConnectionDefense {
    /// Bytes of the longest text or blob, and so of a row.
    private static let largestValue: CInt = 100_000_000

    static func apply(to database: Database) throws {
        let connection = database.sqliteConnection
        var options = [(SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)]
        if acceptsUntrustedSchema { options.append((SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)) }
        for (option, value) in options {
            let code = sqlite_options_set(connection, option, CInt(value))
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        }
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, largestValue)
        sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 1)
        try database.execute(sql: "PRAGMA cell_size_check = ON")
    }

    /// Whether the SQLite that is linked can work on our own schema while it trusts none.
    ///
    /// 3.40 takes the JSON functions for unsafe, which stand in our checks, generated columns and views.
    static let acceptsUntrustedSchema: Bool = {
        do {
            return try DatabaseQueue().writeWithoutTransaction { database in
                try database.execute(
                    sql: """
                        CREATE TABLE t (a TEXT CHECK (json_valid(a)), b ANY AS (a ->> '$.x'));
                        CREATE VIEW v AS SELECT t.b, j.value FROM t, json_tree(t.a) AS j;
                        PRAGMA trusted_schema = OFF;
                        """)
                for sql in ["UPDATE t SET a = '{}'", "SELECT * FROM v"] { _ = try database.makeStatement(sql: sql) }
                return true
            }
        } catch {
            return false
        }
    }()
}
