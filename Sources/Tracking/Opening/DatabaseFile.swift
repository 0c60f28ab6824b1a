import Foundation
import GRDB
import Migrations
import Synchronization
import TextFormats

/// A notebook's file with the two connections to it, one that writes and one that reads beside it: all that the facets of
/// a ``Store`` know of it.
final class DatabaseFile: Sendable {
    /// As it was given, for messages.
    let path: String
    let access: Store.Access
    let durability: Durability
    let waiting: LockWait
    /// Seconds without a heartbeat after which a run is given to another worker.
    let lease: TimeInterval
    let bestRun: Store.BestRunFinder?
    /// The time that is written into `created_at` and its like, ISO 8601 in UTC.
    let now: @Sendable () -> String
    /// Nil where the file was opened for reading.
    let writer: DatabaseQueue?
    let reader: DatabaseQueue
    /// Where the writing connection's file is; nil where the file was opened for reading.
    private let place: WrittenFile?
    private let identity: FileIdentity?
    private let isClosed = Mutex(false)

    /// With `acceptsAlteredSchema` a file is opened whatever tables it has, so that it can be examined and repaired; it is
    /// not brought up to date then.
    init(
        at path: String, access: Store.Access = .readWrite, mustExist: Bool = false, durability: Durability = .batch,
        waiting: LockWait? = nil, lease: TimeInterval = 30, migrations: [Migration] = Migrations.all,
        acceptsAlteredSchema: Bool = false, bestRun: Store.BestRunFinder? = nil,
        now: @escaping @Sendable () -> String
    ) throws(TrackingError) {
        try Self.checkFile(at: path, mayCreate: access == .readWrite && !mustExist, mayWrite: access == .readWrite)
        self.path = path
        self.access = access
        self.durability = durability
        let waiting = waiting ?? LockWait(path: path, limit: 30)
        self.waiting = waiting
        self.lease = lease
        self.bestRun = bestRun
        self.now = now
        do {
            if access == .readWrite {
                let queue = try DatabaseQueue(
                    path: Self.literal(path), configuration: Self.configuration(waiting))
                let setup = ConnectionSetup(
                    path: path, mustExist: mustExist, durability: durability, waiting: waiting,
                    migrations: migrations, acceptsAlteredSchema: acceptsAlteredSchema)
                place = try queue.writeWithoutTransaction { database in
                    do {
                        try setup.prepare(database)
                        return try WrittenFile(database, path: path)
                    } catch {
                        throw WrittenFile.abandoning(database, path: path) ?? error
                    }
                }
                writer = queue
            } else {
                (writer, place) = (nil, nil)
            }
            identity = FileIdentity(atPath: path)
            reader = try Self.makeReader(path: path, waiting: waiting)
            if writer == nil, !acceptsAlteredSchema {
                try reader.read { try DatabaseHeader($0).mustBeReadable(in: $0, path: path) }
            }
        } catch {
            throw TrackingError(error, path: path, waited: waiting.failedAfter)
        }
        identity.map(OpenFiles.add)
    }

    deinit {
        close()
    }

    func close() {
        guard
            isClosed.withLock({ wasClosed in
                defer { wasClosed = true }
                return !wasClosed
            })
        else { return }
        // The writing connection goes last: only so does SQLite put the write-ahead log back.
        try? reader.close()
        writer?.inDatabase { database in
            place?.prepareClosing(database)
            // Where others keep the file open, closing does not copy what the log holds.
            _ = try? Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(PASSIVE)")
        }
        try? writer?.close()
        guard let identity, OpenFiles.remove(identity), access == .readOnly else { return }
        WriteAheadLog.settle(beside: path, of: identity, waiting: waiting)
    }

    func seal() throws(TrackingError) {
        try? reader.close()
        try translatingErrors {
            try writer?.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        }
        close()
    }

    // MARK: - Transactions

    /// Runs `body` on the reading connection, in one snapshot of the file.
    func read<Value>(_ body: (Database) throws -> Value) throws(TrackingError) -> Value {
        try translatingErrors { try reader.read(body) }
    }

    /// Runs `body` in one transaction that holds the file's write lock from its begin on.
    func write<Value>(_ body: (Database) throws -> Value) throws(TrackingError) -> Value {
        guard let writer else { throw TrackingError(.readOnly, "'\(path)' was opened for reading only") }
        return try translatingErrors {
            try writer.writeWithoutTransaction { try commit(in: $0, body) }
        }
    }

    /// As ``write(_:)``, on a connection of its own that may call harmless functions only and change nothing but this file.
    ///
    /// `other` is the URI of another file, which is attached under that name for reading.
    func writeGuarded<Value>(attaching other: String? = nil, _ body: (Database) throws -> Value) throws -> Value {
        guard writer != nil else { throw TrackingError(.readOnly, "'\(path)' was opened for reading only") }
        let queue = try DatabaseQueue(path: Self.literal(path), configuration: Self.configuration(waiting))
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction { database in
            if let other { try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [other]) }
            try ConnectionAuthorizer.allowChanges(on: database)
            return try commit(in: database, body)
        }
    }

    /// Nothing is committed into a file that is not in its place any more, and what was is not claimed if it went meanwhile.
    private func commit<Value>(in database: Database, _ body: (Database) throws -> Value) throws -> Value {
        let value = try database.inImmediateTransaction {
            let value = try body(database)
            try mustBeInPlace()
            return value
        }
        try mustBeInPlace()
        return value
    }

    /// Throws if the file that is written is not at its path any more; nothing can be written then.
    func mustBeInPlace() throws(TrackingError) {
        try place?.mustBeInPlace()
    }

    func translatingErrors<Value>(_ body: () throws -> Value) throws(TrackingError) -> Value {
        do {
            return try body()
        } catch {
            // What SQLite says of a file that was moved away is not why.
            try mustBeInPlace()
            throw TrackingError(error, path: path, waited: waiting.failedAfter)
        }
    }

    /// As ``translatingErrors(_:)``, for bodies that hand rows to a caller: what that throws is passed on.
    func translatingDatabaseErrors<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw TrackingError(error, path: path, waited: waiting.failedAfter)
        }
    }

    /// Somebody who starts a run now.
    func leaseHolder(_ provenance: Provenance) -> LeaseHolder {
        LeaseHolder(provenance: provenance, lease: Lease(now: now(), seconds: lease))
    }

    // MARK: - Facets, as a store has them

    var runs: RunStore { RunStore(file: self) }
    var sweeps: SweepStore { SweepStore(file: self) }
    var steps: StepStore { StepStore(file: self) }
    var datasets: DatasetStore { DatasetStore(file: self) }
    var metrics: MetricStore { MetricStore(file: self) }
    var recorded: RecordedStore { RecordedStore(file: self) }
    var notes: NoteStore { NoteStore(file: self) }
    var verdicts: VerdictStore { VerdictStore(file: self) }
    var maintenance: MaintenanceStore { MaintenanceStore(file: self) }
}

// MARK: - Connections

extension DatabaseFile {
    /// Another connection that cannot write.
    static func makeReader(path: String, waiting: LockWait) throws -> DatabaseQueue {
        var configuration = configuration(waiting)
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: literal(path), configuration: configuration)
        } catch let error as DatabaseError where isFrozen(path, error) {
            // Needs an SQLite that reads URIs, as Debian's does; another one fails as before.
            let uri = URL(filePath: path).absoluteString + "?immutable=1"
            return try DatabaseQueue(path: uri, configuration: configuration)
        }
    }

    /// Another connection that does not write, but could where the file can be written: one that cannot forgets the CHECKs of
    /// the schema, and finds no row that breaks them (SQLite 3.40.1).
    static func makeExaminer(path: String, waiting: LockWait) throws -> DatabaseQueue {
        guard FileKind(atPath: path) == .regular(names: 1), FileManager.default.isWritableFile(atPath: path) else {
            return try makeReader(path: path, waiting: waiting)
        }
        let queue = try DatabaseQueue(path: literal(path), configuration: configuration(waiting))
        try queue.inDatabase { try $0.execute(sql: "PRAGMA query_only = ON") }
        return queue
    }

    /// Whether SQLite failed only because it may not put its `-wal` and `-shm` files beside the database.
    ///
    /// Without a `-wal` file nobody is writing, so the file can be read as one that does not change. Should somebody
    /// with more rights begin to write meanwhile, a reading may fail as `damaged`; the file itself is safe.
    private static func isFrozen(_ path: String, _ error: DatabaseError) -> Bool {
        (error.resultCode == .SQLITE_READONLY || error.resultCode == .SQLITE_CANTOPEN)
            && FileManager.default.isReadableFile(atPath: path)
            && !FileManager.default.fileExists(atPath: path + "-wal")
    }

    /// Asks for the lock often, unlike SQLite's own busy timeout, whose pauses grow to 100 ms and would miss the short
    /// pauses in which a busy ``StepWriter`` lets others in.
    static func configuration(_ waiting: LockWait) -> Configuration {
        var configuration = Configuration()
        let retry = BusyRetry(waiting)
        configuration.busyMode = .callback { retry.pause(after: $0) }
        configuration.prepareDatabase { database in
            try ConnectionDefense.apply(to: database)
            database.add(function: .jsonValue)
        }
        return configuration
    }

    /// Refuses what SQLite would refuse with a less helpful text, or would not refuse.
    static func checkFile(at path: String, mayCreate: Bool, mayWrite: Bool = false) throws(TrackingError) {
        try checkCompanions(of: path)
        switch FileKind(atPath: path) {
        case .regular(let names) where names > 1 && mayWrite:
            throw TrackingError(
                .cannotOpen,
                "'\(path)' has \(names) names (hard links), and was not opened for writing: SQLite keeps a log for each name, "
                    + "and two of them damage the file",
                advice: "remove the other names, or copy the file")
        case .regular: return
        case .directory:
            throw TrackingError(
                .isDirectory, "'\(path)' is a directory", advice: "give the path of a file, such as gradbook.db")
        case .other(let kind):
            throw TrackingError(.cannotOpen, "'\(path)' is \(kind), not a file", advice: "give the path of a file")
        case .unknown(let number):
            throw TrackingError(
                .cannotOpen, "'\(path)' cannot be looked at: \(FileError.systemText(number))",
                advice: number == EACCES ? "check the permissions of its folders" : nil)
        case .missing: break
        }
        if let target = FileKind.target(ofLinkAtPath: path), !mayCreate || !hasFolder(target, from: path) {
            throw TrackingError(
                .missingFile, "'\(path)' is a symbolic link to '\(target)', which is not there",
                advice: "give the path of a file")
        }
        guard mayCreate else {
            throw TrackingError(
                .missingFile, "there is no notebook at '\(path)'",
                advice: "\(command: "run", options: [.notebook(path)]) creates one")
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw TrackingError(.missingFile, "'\(path)' cannot be created: there is no folder '\(folder)'")
        }
    }

    /// Whether there is a folder for the file to which a symbolic link at `path` leads.
    private static func hasFolder(_ target: String, from path: String) -> Bool {
        let link = URL(filePath: path).deletingLastPathComponent()
        let folder = URL(filePath: target, relativeTo: link).deletingLastPathComponent()
        return FileManager.default.fileExists(atPath: folder.path)
    }

    /// Refuses a notebook beside which something stands where SQLite keeps its own files.
    private static func checkCompanions(of path: String) throws(TrackingError) {
        // SQLite names its files after the one to which a symbolic link leads.
        let isLink = FileKind.target(ofLinkAtPath: path) != nil
        let file = isLink ? URL(filePath: path).resolvingSymlinksInPath().path : path
        for suffix in ["-journal", "-wal", "-shm"] {
            let kind: String
            switch FileKind(atPath: file + suffix) {
            case .directory: kind = "a directory"
            case .other(let name): kind = name
            case .missing, .regular, .unknown: continue
            }
            throw TrackingError(
                .cannotOpen,
                "'\(path)' cannot be used: '\(file + suffix)' is \(kind), where SQLite keeps a file of its own",
                advice: "move it away")
        }
    }

    /// Keeps SQLite from reading a meaning into names such as `:memory:` or `file:x`.
    static func literal(_ path: String) -> String {
        path.hasPrefix("/") ? path : "./" + path
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

/// How much of what was handed over may be missing after a kill or a power failure.
package enum Durability: String, Sendable, CaseIterable {
    /// Each row is committed by itself: after a kill, at most the row being written is missing.
    case step
    /// Rows are committed together, within 100 ms: after a kill, at most that much is missing, with up to twice as many training
    /// threads as processors. Where other programs keep the processors busy it was up to about 300 ms.
    case batch
    /// As `batch`, and each commit is forced to the disk: not even a power failure loses a committed row.
    case powerSafe = "power-safe"
}
