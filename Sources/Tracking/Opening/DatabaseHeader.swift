import GRDB
import Migrations
import TextFormats

/// What the head of a database file says about who wrote it.
struct DatabaseHeader {
    /// "GBk1", which `file` and other programs can tell from any other database.
    static let gradbook = 0x4742_6B31

    let application: Int
    /// The number of migrations it has seen.
    let schema: Int
    let isEmpty: Bool
    let isUTF8: Bool

    init(_ database: Database) throws {
        application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        schema = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        isUTF8 = try String.fetchOne(database, sql: "PRAGMA encoding") == "UTF-8"
        isEmpty = try Int.fetchOne(database, sql: "SELECT 1 FROM sqlite_schema LIMIT 1") == nil
    }

    /// Whether nobody has written anything into the file yet.
    var isUnclaimed: Bool { isEmpty && (application == 0 || application == Self.gradbook) }

    /// `known` is the newest version that this program can read.
    func mustBeOurs(in database: Database, path: String, known: Int) throws {
        guard application == Self.gradbook else {
            if try Self.version(of: database) != nil {
                throw TrackingError(
                    .alteredSchema,
                    "'\(path)' has the tables of a notebook, but not its application_id and user_version, which a copy made with "
                        + ".dump loses",
                    advice: "\(command: "doctor", options: [.init("fix"), .notebook(path)]) sets them")
            }
            throw TrackingError(
                .foreignApplication, "'\(path)' is a database of another program",
                advice: "give another path with \(option: "db")")
        }
        guard schema <= known else {
            throw TrackingError(
                .newerSchema,
                "'\(path)' has schema version \(schema), but this gradbook knows \(known) at most",
                advice: "update gradbook"
            )
        }
        guard isUTF8 else {
            throw TrackingError(
                .alteredSchema, "'\(path)' has its texts in UTF-16, and a notebook has them in UTF-8",
                advice: "restore it from a backup, or copy it with `sqlite3 FILE .dump | sqlite3 COPY`")
        }
        guard schema >= 1 else { throw Self.wrongVersion(schema, path: path) }
    }

    /// The version whose tables and indexes the file has, whatever its header says; nil if it has those of none.
    static func version(of database: Database) throws -> Int? {
        try (1...Migrations.all.count).reversed().first { version in
            try SchemaComparison(database, version: version).differences.allSatisfy { $0.isOfView }
        }
    }

    func mustBeClaimed(path: String) throws(TrackingError) {
        guard isUnclaimed else { return }
        throw TrackingError(
            .notADatabase, "'\(path)' is empty",
            advice: "\(command: "run", options: [.notebook(path)]) writes the first run into it")
    }

    func mustBeReadable(in database: Database, path: String) throws {
        try mustBeClaimed(path: path)
        try mustBeOurs(in: database, path: path, known: Migrations.all.count)
        guard schema == Migrations.all.count else {
            throw TrackingError(
                .olderSchema,
                "'\(path)' has the older schema version \(schema)",
                advice: "open it once for writing to bring it up to date")
        }
        try SchemaComparison(database, version: schema).mustBeKnown(path: path)
    }

    private static func wrongVersion(_ version: Int, path: String) -> TrackingError {
        TrackingError(
            .alteredSchema, "'\(path)' has schema version \(version), which no gradbook has written",
            advice: "\(command: "doctor", options: [.notebook(path)]) says whether it can be repaired")
    }
}
