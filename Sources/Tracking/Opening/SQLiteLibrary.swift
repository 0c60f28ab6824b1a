import GRDBSQLite
import SQLiteOptions

/// The SQLite that reads and writes notebooks.
package enum SQLiteLibrary {
    /// For instance "3.40.1".
    package static var version: String { String(cString: sqlite3_libversion()) }

    /// The library's file; nil if SQLite is part of the program.
    package static var path: String? { sqlite_options_library().map { String(cString: $0) } }
}
