package import Foundation
import GRDB

/// A notebook: one SQLite file with every run, sweep and step.
///
/// Any number of stores, in any number of processes, may have the same file open; readers never wait for writers.
/// All calls may come from any thread. Writes take the file's lock for one transaction each and wait for other writers
/// up to the busy timeout.
package final class Store: Sendable {
    /// What a store may do to its file.
    package enum Access: Sendable {
        case readWrite
        /// Never writes, not even to create or to migrate the file.
        case readOnly
    }

    /// As it was given, for messages.
    package let path: String
    package let access: Access
    package let durability: Durability
    /// The time that is written into `created_at` and its like, ISO 8601 in UTC.
    let now: @Sendable () -> String
    let busyTimeout: TimeInterval
    /// Seconds without a sign of life after which a run is given to another worker.
    let lease: TimeInterval
    let connections: Connections

    /// Opens the notebook at `path`, or creates it there.
    ///
    /// A file that is no notebook, or is a newer one, is refused untouched. Several processes may create the same file
    /// at the same moment. With `mustExist` or `readOnly` a missing file is refused instead of created. A call that
    /// has waited `busyTimeout` seconds for other writers fails as `busy`. A run that this store starts is another's to
    /// take when `lease` seconds have gone by without a sign of life of its ``StepWriter``.
    package static func open(
        at path: String, access: Access = .readWrite, mustExist: Bool = false, durability: Durability = .batch,
        busyTimeout: TimeInterval = 30, lease: TimeInterval = 30, now: @escaping @Sendable () -> String
    ) throws(TrackingError) -> Store {
        let connections = try Connections.open(
            at: path, access: access, mustExist: mustExist, durability: durability, busyTimeout: busyTimeout)
        return Store(
            path: path, access: access, durability: durability, busyTimeout: busyTimeout, lease: lease, now: now,
            connections: connections)
    }

    private init(
        path: String, access: Access, durability: Durability, busyTimeout: TimeInterval, lease: TimeInterval,
        now: @escaping @Sendable () -> String, connections: Connections
    ) {
        self.path = path
        self.access = access
        self.durability = durability
        self.busyTimeout = busyTimeout
        self.lease = lease
        self.now = now
        self.connections = connections
    }

    deinit {
        close()
    }

    /// Puts everything into the one file, unless another program has it open; the store cannot be used afterwards.
    ///
    /// A store that goes away closes itself. Nothing that was committed depends on it: what cannot be put into the file
    /// stays in the write-ahead log beside it.
    package func close() {
        // The writing connection goes last: only so does SQLite put the write-ahead log back.
        try? connections.reader.close()
        try? connections.writer?.close()
        if access == .readOnly { Connections.removeEmptyLog(beside: path, busyTimeout: busyTimeout) }
    }

    /// Closes the store and leaves a file that can be read from anywhere without a file being made beside it.
    ///
    /// To be called when nobody else has the file open; it can be opened for writing again.
    package func seal() throws(TrackingError) {
        try? connections.reader.close()
        try translatingErrors {
            try connections.writer?.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        }
        close()
    }

    // MARK: - Internals

    /// Runs `body` on the reading connection, in one snapshot of the file.
    func read<Value>(_ body: (Database) throws -> Value) throws(TrackingError) -> Value {
        try translatingErrors { try connections.reader.read(body) }
    }

    /// Runs `body` in one transaction that holds the file's write lock from its begin on.
    func write<Value>(_ body: (Database) throws -> Value) throws(TrackingError) -> Value {
        guard let writer = connections.writer else {
            throw TrackingError(.readOnly, "'\(path)' was opened for reading only")
        }
        return try translatingErrors {
            try writer.writeWithoutTransaction { database in
                try database.inImmediateTransaction { try body(database) }
            }
        }
    }

    func translatingErrors<Value>(_ body: () throws -> Value) throws(TrackingError) -> Value {
        do {
            return try body()
        } catch {
            throw TrackingError(error, path: path)
        }
    }
}

extension Database {
    /// Begins with the write lock taken, so that nothing read inside can be out of date when it writes.
    func inImmediateTransaction<Value>(_ body: () throws -> Value) throws -> Value {
        try inTransaction(.immediate, returning: body)
    }

    /// Everything read inside is from one moment.
    func inSnapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try inTransaction(.deferred, returning: body)
    }

    private func inTransaction<Value>(_ kind: TransactionKind, returning body: () throws -> Value) throws -> Value {
        var value: Value?
        try inTransaction(kind) {
            value = try body()
            return .commit
        }
        guard let value else { preconditionFailure("a committed transaction has a value") }
        return value
    }
}
