import GRDB
import GRDBSQLite

/// What SQLite asks, for everything a statement of the user's would do: nothing but reading is allowed.
///
/// SQLite asks while it compiles a statement, and again when it has to compile it again, so the answer cannot be
/// bypassed by the statement's text.
enum ReadOnlyAuthorizer {
    /// Settings and tables of SQLite's that can be asked for and have no effect.
    private static let readingPragmas: Set<String> = [
        "application_id", "collation_list", "compile_options", "database_list", "encoding", "foreign_key_check",
        "foreign_key_list", "freelist_count", "function_list", "index_info", "index_list", "index_xinfo",
        "integrity_check", "page_count", "page_size", "quick_check", "table_info", "table_list", "table_xinfo",
        "user_version",
    ]

    /// Those of them that take an argument which is no new value.
    private static let pragmasWithSubject: Set<String> = [
        "foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo", "integrity_check",
        "quick_check", "table_info", "table_list", "table_xinfo",
    ]

    /// Tables that SQLite computes, and sets up on a connection with what looks like a CREATE TABLE.
    private static let computedTables = [
        "json_each", "json_tree", "pragma_foreign_key_list", "pragma_index_info", "pragma_index_list",
        "pragma_page_count", "pragma_page_size", "pragma_table_info", "pragma_table_list", "pragma_table_xinfo",
    ]

    /// Asks before everything that is compiled on this connection while `body` runs.
    static func withAuthorizer<Value>(on database: Database, _ body: () throws -> Value) throws -> Value {
        for table in computedTables { _ = try database.makeStatement(sql: "SELECT 1 FROM \(table)") }
        let connection = database.sqliteConnection
        sqlite3_set_authorizer(
            connection, { _, action, first, second, _, _ in ReadOnlyAuthorizer.answer(action, first, second) }, nil)
        defer { sqlite3_set_authorizer(connection, nil, nil) }
        return try body()
    }

    private static func answer(
        _ action: CInt, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?
    ) -> CInt {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_FUNCTION:
            return second.map { String(cString: $0) }?.lowercased() == "load_extension" ? SQLITE_DENY : SQLITE_OK
        case SQLITE_PRAGMA:
            guard let name = first.map({ String(cString: $0).lowercased() }), readingPragmas.contains(name) else {
                return SQLITE_DENY
            }
            return second == nil || pragmasWithSubject.contains(name) ? SQLITE_OK : SQLITE_DENY
        default: return SQLITE_DENY
        }
    }
}
