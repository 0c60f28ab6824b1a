import GRDB
import Migrations
import TextFormats

/// The rows of `step_tables` and `series` about the tables of steps that every notebook has.
struct StepRegistry: Equatable {
    /// In an order of their own, each as SQLite has it.
    let rows: [[DatabaseValue]]

    /// `tables` are the names in lower case.
    init(_ database: Database, of tables: [String]) throws {
        let list = Array(repeating: "?", count: tables.count).joined(separator: ", ")
        rows =
            try Row.fetchAll(
                database, sql: "SELECT * FROM step_tables WHERE lower(name) IN (\(list)) ORDER BY name",
                arguments: StatementArguments(tables)
            ).map { Array($0.databaseValues) }
            + Row.fetchAll(
                database,
                sql: "SELECT * FROM series WHERE lower(step_table) IN (\(list)) ORDER BY step_table, position",
                arguments: StatementArguments(tables)
            ).map { Array($0.databaseValues) }
    }

    /// The tables that a new notebook registers.
    private static func new<Value>(_ body: (Database, [String]) throws -> Value) throws -> Value {
        try DatabaseQueue().writeWithoutTransaction { database in
            try database.execute(sql: Migrations.tables)
            return try body(database, String.fetchAll(database, sql: "SELECT lower(name) FROM step_tables"))
        }
    }

    /// Whether a notebook registers what a new one does, and it as it does.
    static func isKnown(in database: Database) throws -> Bool {
        try new { try StepRegistry($0, of: $1) == StepRegistry(database, of: $1) }
    }

    /// Registers it again; inside a transaction of the caller.
    static func restore(in database: Database) throws {
        let (tables, rows) = try new { new, tables in
            let rows = try ["step_tables", "series"].map { table in
                (table, try Row.fetchAll(new, sql: "SELECT * FROM \(table)").map { Array($0.databaseValues) })
            }
            return (tables, rows)
        }
        let models = rows[0].1.map { $0[1] }
        for table in tables {
            try database.execute(sql: "DELETE FROM series WHERE lower(step_table) = ?", arguments: [table])
            try database.execute(sql: "DELETE FROM step_tables WHERE lower(name) = ?", arguments: [table])
        }
        for model in models {
            try database.execute(sql: "DELETE FROM step_tables WHERE model IS ?", arguments: [model])
        }
        for (table, rows) in rows {
            for row in rows {
                let places = Array(repeating: "?", count: row.count).joined(separator: ", ")
                try database.execute(
                    sql: "INSERT INTO \(table) VALUES (\(places))", arguments: StatementArguments(row))
            }
        }
    }
}
