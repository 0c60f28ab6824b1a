import GRDB

extension Store {
    /// Runs one SELECT of the user, which cannot write anything, and hands out its rows as they come.
    ///
    /// What is no single statement that only reads is an `invalidQuery`. The query has a connection of its own, so the
    /// closures may call this store; what they throw is rethrown and ends the query. `columns` is called once, with
    /// the names, before `row` is called with each row's values.
    package func query(
        _ sql: String, columns: ([String]) throws -> Void, row: ([QueryValue]) throws -> Void
    ) throws {
        // A connection's settings can be changed by a PRAGMA; those of the store's own must not be.
        let queue = try Connections.makeReader(path: path, busyTimeout: busyTimeout)
        try queue.read { database in
            try ReadOnlyAuthorizer.withAuthorizer(on: database) {
                let statement = try ReadOnlyStatement(sql, on: database)
                try columns(statement.columnNames)
                while let values = try statement.next() { try row(values) }
            }
        }
    }
}
