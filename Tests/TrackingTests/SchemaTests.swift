import Foundation
import GRDB
import Migrations
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// A file from somebody else has a schema that somebody else wrote: it is compared before anything is read.
struct SchemaTests {
    private let notebook: Notebook

    init() throws {
        notebook = try Notebook()
        let store = try notebook.open()
        let run = try store.startSampleRun(name: "only")
        try store.write((0..<20).map { .sample($0, loss: 0.125 + 0.5 * Double($0 == 3 ? 0 : 1)) }, ofRun: run)
        try store.runs.finish(run.id, attempt: 1, outcome: .sample(stepsDone: 20))
        store.close()
    }

    // MARK: - What is known

    @Test
    func `all migrations lead to the tables that a new notebook is made from`() throws {
        let (migrated, new) = (try DatabaseQueue(), try DatabaseQueue())
        for migration in Migrations.all { try migrated.write { try $0.execute(sql: migration.sql) } }
        try new.write { try $0.execute(sql: Migrations.tables) }

        let objects = try [migrated, new].map { try $0.read { try SchemaObject.all(in: $0) } }
        #expect(objects[0].count == objects[1].count)
        for object in objects[0] {
            let other = try #require(objects[1].first { $0.name == object.name }, "\(object.name)")
            #expect(SQLTokens(object.definition) == SQLTokens(other.definition), "\(object.name)")
        }
        for table in ["step_tables", "series"] {
            let rows = try [migrated, new].map { try $0.read { try Row.fetchAll($0, sql: "SELECT * FROM \(table)") } }
            #expect(rows[0] == rows[1])
            #expect(!rows[0].isEmpty)
        }
    }

    @Test
    func `a new notebook has what is known, and nothing else`() throws {
        let comparison = try DatabaseQueue(path: notebook.path).read { try SchemaComparison($0, version: 2) }

        #expect(comparison.differences.isEmpty)
        #expect(comparison.additions.isEmpty)
        #expect(KnownSchema.common.objects.count > 25)
    }

    @Test(arguments: [
        ("CREATE TABLE a (b TEXT)", "CREATE  TABLE\n \"a\" (`b` TEXT -- which\n )", true),
        ("SELECT 'it''s' AS b", "SELECT 'it''s' /* a ; text */ AS [b]", true),
        ("SELECT a", "SELECT A", false), ("SELECT ''", "SELECT \"\"", false), ("SELECT 'a b'", "SELECT 'a  b'", false),
        ("SELECT a, b", "SELECT \"a, b\"", false), ("SELECT 1", "SELECT 1; DROP TABLE a", false),
        ("a CHECK (b)", "a \"CHECK\" (b)", false), ("SELECT a", "SELECT a /* open", true),
        ("SELECT 'a", "SELECT 'a'", false),
    ])
    func `definitions are the same that differ in spaces, comments and needless quotes`(
        first: String, second: String, isSame: Bool
    ) {
        #expect((SQLTokens(first) == SQLTokens(second)) == isSame)
    }

    // MARK: - What differs

    struct Change: CustomTestStringConvertible {
        let sql: String
        let finding: String
        /// Whether `doctor --fix` leaves nothing of it.
        var isRepairable = true
        var testDescription: String { sql }
    }

    private static let registry = "step_tables and series do not register the tables of steps as gradbook does"
    private static let evil = "DELETE FROM notes"

    @Test(arguments: [
        Change(sql: "DROP VIEW leaderboard", finding: "the view leaderboard is missing"),
        Change(sql: "DROP VIEW steps", finding: "the view steps is missing"),
        Change(sql: "DROP INDEX runs_by_identity", finding: "the index runs_by_identity is missing"),
        Change(
            sql: "DROP INDEX runs_by_identity; CREATE INDEX runs_by_identity ON runs (name)",
            finding: "the index runs_by_identity has another definition"),
        Change(
            sql: "DROP INDEX runs_by_identity; CREATE INDEX runs_by_identity ON notes (id)",
            finding: "the index runs_by_identity has another definition"),
        Change(
            sql: "DROP VIEW excess; CREATE VIEW excess AS SELECT run_id, step, 0.0 AS excess FROM quadratic_steps",
            finding: "the view excess has another definition"),
        Change(
            sql: "DROP VIEW leaderboard; CREATE VIEW LeaderBoard AS SELECT 1 AS rank",
            finding: "the view leaderboard has another definition"),
        Change(sql: "DROP TABLE events", finding: "the table events is missing"),
        Change(sql: "DROP TABLE run_parameters", finding: "the table run_parameters is missing"),
        Change(sql: "DROP TABLE quadratic_steps", finding: "the table quadratic_steps is missing"),
        Change(
            sql: "CREATE TRIGGER t AFTER INSERT ON runs BEGIN \(evil); END",
            finding: "it has the trigger 't' on 'runs', which runs SQL of whoever made it"),
        Change(
            sql: "CREATE TRIGGER \"a\"\"; --\" INSTEAD OF UPDATE ON steps BEGIN \(evil); END",
            finding: "it has the trigger 'a\"; --' on 'steps', which runs SQL of whoever made it"),
        Change(
            sql: "DROP TABLE events; CREATE VIEW events AS SELECT 1 AS id",
            finding: "a view stands in the place of the table events",
            isRepairable: false),
        Change(
            sql: "DROP VIEW leaderboard; CREATE TABLE leaderboard (a)",
            finding: "a table stands in the place of the view leaderboard", isRepairable: false),
        Change(
            sql: "ALTER TABLE datasets ADD COLUMN \"a) SELECT 1; --\" TEXT",
            finding: "the table datasets has another definition",
            isRepairable: false),
        Change(
            sql: "ALTER TABLE runs ADD COLUMN x ANY AS (zeroblob(1000000000))",
            finding: "the table runs has another definition",
            isRepairable: false),
        Change(
            sql: "ALTER TABLE notes DROP COLUMN text", finding: "the table notes has another definition",
            isRepairable: false),
        Change(
            sql: "UPDATE series SET column_name = 'x\"\"; DROP TABLE notes; --' WHERE position = 2",
            finding: Self.registry),
        Change(sql: "DELETE FROM series", finding: Self.registry),
        Change(sql: "DELETE FROM step_tables", finding: Self.registry),
        Change(sql: "UPDATE series SET role = 'zz' WHERE position = 1", finding: Self.registry),
        Change(sql: "UPDATE series SET parameter = 'x' WHERE parameter = 'w'", finding: Self.registry),
        Change(
            sql:
                "INSERT INTO step_tables VALUES ('QUADRATIC_STEPS', 'm'); INSERT INTO series SELECT 'QUADRATIC_STEPS', position, "
                + "column_name, name, role, parameter, goal, source, precision FROM series", finding: Self.registry),
        Change(
            sql:
                "INSERT INTO step_tables VALUES ('a\"\"; --', 'm'); INSERT INTO series VALUES ('a\"\"; --', 0, 'x', 'x', 'loss', NULL, NULL, NULL, NULL)",
            finding: "the table a\"\"; -- is missing"),
        Change(
            sql:
                "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_evil', 'runs', 0, 'CREATE TRIGGER sqlite_evil AFTER INSERT ON runs BEGIN DELETE FROM notes; END')",
            finding: "it has 'sqlite_evil', which is nothing that SQLite makes", isRepairable: false),
        Change(
            sql:
                "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('TRIGGER', 'evil', 'runs', 0, 'CREATE TRIGGER evil AFTER INSERT ON runs BEGIN DELETE FROM notes; END')",
            finding: "it has 'evil', which is nothing that SQLite makes", isRepairable: false),
    ])
    func `a schema that is not the notebook's is refused, named, and repaired where nothing is lost`(
        _ change: Change
    ) throws {
        try notebook.execute(change.sql)

        for access in [Store.Access.readOnly, .readWrite] {
            let error = #expect(throws: TrackingError.self) { _ = try notebook.open(access: access) }
            #expect(error?.code == .alteredSchema)
            #expect(error?.description.contains("'\(notebook.path)'") == true)
        }
        let findings = try altered { try $0.check { _ in false } }
        #expect(findings.map(\.description).contains(change.finding), "\(findings)")
        #expect(!findings.contains { !$0.isRepairable } == change.isRepairable)
        for _ in 0..<4 {
            let rest = try altered { try $0.check { _ in false } }
            _ = try altered { try $0.repair(rest, copying: false) }
        }
        let left = try altered { try $0.check { _ in false } }
        #expect(left.isEmpty == change.isRepairable)
        if change.isRepairable { _ = try notebook.open() }
    }

    @Test(arguments: [
        "CREATE TABLE mine (a); CREATE VIEW \"my view\" AS SELECT * FROM runs; CREATE INDEX my_index ON runs (state)",
        "CREATE TABLE \"notes WHERE 0; DROP TABLE run_tags; --\" (r INTEGER REFERENCES runs (id)); "
            + "INSERT INTO \"notes WHERE 0; DROP TABLE run_tags; --\" VALUES (4711)",
        "CREATE TABLE \"x\"\"; DROP TABLE run_tags; --\" (\"y\"\"; DROP TABLE notes; --\" REFERENCES runs (id)); "
            + "INSERT INTO \"x\"\"; DROP TABLE run_tags; --\" VALUES (4711)",
        "CREATE VIRTUAL TABLE words USING fts5 (text)",
    ])
    func `people's own tables, views and indexes are left alone and named`(sql: String) throws {
        let configuration = Configuration()
        try DatabaseQueue(path: notebook.path, configuration: configuration).writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA foreign_keys = OFF; " + sql)
        }
        let before = try objects()
        let store = try notebook.open()

        let findings = try store.maintenance.check { _ in false }
        #expect(!findings.isEmpty)
        #expect(!findings.contains { !$0.isHarmless }, "\(findings)")
        #expect(try store.maintenance.repair(findings) == nil)
        #expect(try objects() == before)
        #expect(try store.maintenance.check(readsEverything: false) { _ in false } == findings)
    }

    @Test
    func `a copy made with .dump is recognized and gets its header again`() throws {
        try notebook.execute("PRAGMA application_id = 0; PRAGMA user_version = 0")
        let error = #expect(throws: TrackingError.self) { _ = try notebook.open() }
        #expect(error?.description.contains("which a copy made with .dump loses") == true)

        let findings = try altered { try $0.check { _ in false } }
        #expect(findings.map(\.kind) == [.header(version: Migrations.all.count)])
        _ = try altered { try $0.repair(findings) }

        #expect(try notebook.open().runs.all().map(\.plan.name) == ["only"])
    }

    @Test(arguments: [-1, 0, 1])
    func `a header that says another version than the tables is found`(version: Int) throws {
        try notebook.execute("PRAGMA user_version = \(version)")

        let error = #expect(throws: TrackingError.self) { _ = try notebook.open() }
        #expect(error?.code == .alteredSchema)
        let findings = try altered { try $0.check { _ in false } }
        _ = try altered { try $0.repair(findings) }
        #expect(try notebook.open().maintenance.check { _ in false }.isEmpty)
    }

    // MARK: - Connections

    @Test
    func `no connection can write the schema as text or fire a trigger`() throws {
        try notebook.execute("CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM runs; END")
        let store = try Store.open(at: notebook.path, acceptsAlteredSchema: true, now: { "2026-01-02T03:04:05Z" })
        try #require(store.file.writer).writeWithoutTransaction { database in
            #expect(throws: DatabaseError.self) {
                try database.execute(sql: "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'x'")
            }
            try database.execute(
                sql: "INSERT INTO notes (run_id, text, created_at) VALUES (1, 'a', 'b')")
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM runs") == 1)
            let isTrusted = try Bool.fetchOne(database, sql: "PRAGMA trusted_schema")
            #expect(isTrusted == !ConnectionDefense.acceptsUntrustedSchema)
        }
    }

    /// 3.40.1, which Debian 12 has, does not.
    @Test
    func `where SQLite accepts our schema without trusting it, all of it works`() throws {
        let version = try #require(try DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") })
        if version == "3.40.1" { #expect(!ConnectionDefense.acceptsUntrustedSchema) }
        guard ConnectionDefense.acceptsUntrustedSchema else { return }
        let store = try notebook.open()
        for entry in try store.schema() {
            let sql = "SELECT count(*) FROM \(entry.name.sqlIdentifier)"
            let count = try store.file.read { try Int.fetchOne($0, sql: sql) }
            #expect(count != nil)
        }
    }

    @Test(arguments: [
        "SELECT load_extension('x')", "SELECT sqlite_compileoption_get(1)", "ATTACH 'x' AS y",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE", "UPDATE other.runs SET name = 'x'", "DELETE FROM other.notes",
        "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM runs; END", "CREATE TABLE other.x (a)",
        "CREATE VIRTUAL TABLE x USING fts5 (a)", "ALTER TABLE runs ADD COLUMN x", "DROP TABLE other.notes",
    ])
    func `what a merge and a repair write with can change nothing but the notebook's rows and tables`(sql: String)
        throws
    {
        let other = try Notebook()
        try other.open().close()
        let store = try notebook.open()

        let error = #expect(throws: DatabaseError.self) {
            try store.file.writeGuarded(attaching: URL(filePath: other.path).absoluteString) {
                try $0.execute(sql: sql)
            }
        }

        #expect(
            error?.resultCode == .SQLITE_AUTH || error?.message?.contains("not authorized") == true,
            "\(error ?? DatabaseError())")
    }

    // MARK: - Internals

    private func altered<Value>(_ body: (MaintenanceStore) throws -> Value) throws -> Value {
        let store = try Store.open(at: notebook.path, acceptsAlteredSchema: true, now: { "2026-01-02T03:04:05Z" })
        defer { store.close() }
        return try body(store.maintenance)
    }

    private func objects() throws -> [SchemaObject] {
        try DatabaseQueue(path: notebook.path).read { try SchemaObject.all(in: $0) }
    }
}
