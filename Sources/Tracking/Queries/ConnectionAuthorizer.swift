import Foundation
import GRDB
import GRDBSQLite

/// What SQLite asks before a statement is compiled on a connection that reads what somebody else wrote: which actions and
/// which functions are allowed.
///
/// SQLite asks while it compiles a statement, and again when it has to compile it again, so the answer cannot be
/// bypassed by the statement's text, nor by what stands in the file's schema.
enum ConnectionAuthorizer {
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
        "json_each", "json_tree", "pragma_foreign_key_check", "pragma_foreign_key_list", "pragma_index_info",
        "pragma_index_list", "pragma_page_count", "pragma_page_size", "pragma_table_info", "pragma_table_list",
        "pragma_table_xinfo",
    ]

    /// Functions of SQLite, and ours, that compute a value from their arguments and do nothing else.
    private static let functions: Set<String> = Set(
        """
        -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws cos \
        cosh count cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp first_value \
        floor format glob group_concat hex highlight if ifnull iif instr json json_array json_array_length json_each \
        json_error_position json_extract json_group_array json_group_object json_insert json_object json_patch json_pretty \
        json_quote json_remove json_replace json_set json_type json_valid jsonb jsonb_array jsonb_extract \
        jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set \
        julianday lag last_insert_rowid last_value lead length like likelihood likely ln log log10 log2 lower ltrim match \
        max min mod nth_value ntile nullif octet_length percent_rank pi pow power printf quote radians random randomblob \
        rank regexp replace round row_number rtrim sign sin sinh snippet sqlite_source_id sqlite_version sqrt string_agg \
        strftime substr substring subtype sum tan tanh time timediff total total_changes trim trunc typeof unhex \
        unicode unixepoch unlikely upper zeroblob
        """.split(separator: " ").map(String.init)
    ).union([DatabaseFunction.jsonValue.name.lowercased()])

    /// Allows nothing but reading while `body` runs.
    static func whileReading<Value>(on database: Database, _ body: () throws -> Value) throws -> Value {
        try setUpComputedTables(database)
        let connection = database.sqliteConnection
        sqlite3_set_authorizer(
            connection, { _, action, first, second, _, _ in ConnectionAuthorizer.answerReading(action, first, second) },
            nil)
        defer { sqlite3_set_authorizer(connection, nil, nil) }
        return try body()
    }

    /// Allows changes of the notebook's own rows, tables, views and indexes, and none of another file's, until the connection
    /// is closed.
    static func allowChanges(on database: Database) throws {
        try setUpComputedTables(database)
        sqlite3_set_authorizer(
            database.sqliteConnection,
            { _, action, first, second, file, _ in ConnectionAuthorizer.answerChanging(action, first, second, file) },
            nil)
    }

    // MARK: - Internals

    private static func setUpComputedTables(_ database: Database) throws {
        for table in computedTables { _ = try database.makeStatement(sql: "SELECT 1 FROM \(table)") }
    }

    private static func answerReading(
        _ action: CInt, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?
    ) -> CInt {
        switch action {
        case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
        case SQLITE_FUNCTION:
            guard let name = second.map({ String(cString: $0).lowercased() }) else { return SQLITE_DENY }
            return functions.contains(name) ? SQLITE_OK : SQLITE_DENY
        case SQLITE_PRAGMA:
            guard let name = first.map({ String(cString: $0).lowercased() }), readingPragmas.contains(name) else {
                return SQLITE_DENY
            }
            return second == nil || pragmasWithSubject.contains(name) ? SQLITE_OK : SQLITE_DENY
        default: return SQLITE_DENY
        }
    }

    private static func answerChanging(
        _ action: CInt, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?, _ file: UnsafePointer<CChar>?
    ) -> CInt {
        switch action {
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE, SQLITE_CREATE_TABLE, SQLITE_CREATE_VIEW, SQLITE_CREATE_INDEX,
            SQLITE_CREATE_TEMP_TABLE, SQLITE_DROP_TABLE, SQLITE_DROP_TEMP_TABLE, SQLITE_DROP_VIEW, SQLITE_DROP_INDEX,
            SQLITE_DROP_TRIGGER, SQLITE_REINDEX:
            return file.map { strcmp($0, "other") == 0 } ?? false ? SQLITE_DENY : SQLITE_OK
        case SQLITE_ALTER_TABLE:
            guard let file = first.map({ String(cString: $0) }), let table = second.map({ String(cString: $0) }) else {
                return SQLITE_DENY
            }
            // Tables of logged numbers grow; no other one does.
            return file == "main" && KnownSchema.common[table] == nil
                ? SQLITE_OK : SQLITE_DENY
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_DETACH: return SQLITE_OK
        default: return answerReading(action, first, second)
        }
    }
}
