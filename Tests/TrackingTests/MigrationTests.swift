import Foundation
import GRDB
import Migrations
import TestSupport
import Testing

@testable import Tracking

/// From one version of the schema to the next: all of it or nothing, and a copy first.
struct MigrationTests {
    private static let second = Migration(
        identifier: "0002_authors",
        sql: """
            ALTER TABLE notes ADD COLUMN author TEXT;
            CREATE TABLE authors (name TEXT PRIMARY KEY) STRICT;
            INSERT INTO authors SELECT DISTINCT name FROM runs WHERE name IS NOT NULL;
            """)
    private let notebook: Notebook
    private let before: NotebookContent

    /// A notebook of the present version.
    init() throws {
        notebook = try Notebook()
        let store = try notebook.open()
        let run = try store.startSampleRun(name: "old")
        try store.write((0..<50).map { .sample($0, loss: $0 == 7 ? -0.0 : 0.5) }, ofRun: run)
        try store.addNote("kept", to: .run(run.id))
        before = try notebook.content()
    }

    @Test
    func `an older notebook is copied, then brought up to date`() throws {
        try migrate(with: Self.second)

        #expect(try version(of: notebook.path) == Migrations.all.count + 1)
        #expect(try query("SELECT name FROM authors") == "old")
        #expect(try query("SELECT count(*) FROM quadratic_steps") == "50")
        #expect(try NotebookContent(of: URL(filePath: copyPath)) == before)
        #expect(try version(of: copyPath) == Migrations.all.count)
        #expect(try query("SELECT count(*) FROM pragma_foreign_key_check") == "0")
    }

    @Test
    func `a notebook that is up to date is not copied`() throws {
        try migrate(with: Self.second)
        try migrate(with: Self.second)

        #expect(try copies().count == 1)
    }

    @Test(arguments: [
        "INSERT INTO authors VALUES (1, 2, 3);", "DELETE FROM runs;", "DROP TABLE datasets;",
        "CREATE TABLE authors (a);",
    ])
    func `a migration that fails, or tears rows apart, leaves the old file`(sql: String) throws {
        let broken = Migration(identifier: "0002_broken", sql: Self.second.sql + sql)

        let error = #expect(throws: TrackingError.self) { try migrate(with: broken) }

        #expect(error?.description.contains("'\(notebook.path)'") == true)
        #expect(try notebook.content() == before)
        #expect(try version(of: notebook.path) == Migrations.all.count)
        try migrate(with: Self.second)
        #expect(try query("SELECT name FROM authors") == "old")
        #expect(try copies().count == 2)
    }

    @Test
    func `of many processes one migrates`() throws {
        let results = onThreads(8) { [notebook] _ in
            _ = try Connections.open(
                at: notebook.path, access: .readWrite, mustExist: true, durability: .batch, busyTimeout: 30,
                migrations: Migrations.all + [Self.second])
        }

        try results.forEach { try $0.get() }
        #expect(try copies().count == 1)
        #expect(try query("SELECT name FROM authors") == "old")
    }

    @Test
    func `a migration that is killed leaves the old file`() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = notebook.path as String] in
            let long = Migration(
                identifier: "0002_long",
                sql: """
                    CREATE TABLE long (a TEXT);
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000000)
                    INSERT INTO long SELECT hex(randomblob(50)) FROM n;
                    """)
            Thread.detachNewThread {
                // What does not fit into the cache is written before the commit.
                while true {
                    let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
                    if log?[.size] as? Int ?? 0 > 3_000_000 { kill(getpid(), SIGKILL) }
                }
            }
            _ = try Connections.open(
                at: path, access: .readWrite, mustExist: true, durability: .batch, busyTimeout: 30,
                migrations: Migrations.all + [long])
        }

        #expect(try notebook.content() == before)
        #expect(try version(of: notebook.path) == Migrations.all.count)
        #expect(try query("PRAGMA integrity_check") == "ok")
        try migrate(with: Self.second)
        #expect(try query("SELECT name FROM authors") == "old")
    }

    @Test(arguments: 1...Migrations.all.count)
    func `what each version wrote can be opened, and is whole`(version: Int) throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/version-\(version).db")
        let copy = try Notebook()
        try FileManager.default.copyItem(at: fixture, to: URL(filePath: copy.path))

        let store = try copy.open(mustExist: true)

        #expect(try store.examine { _ in false }.isEmpty)
        #expect(try store.allRuns().map(\.state) == [.done, .diverged, .done, .diverged, .done])
        #expect(try store.deletedRuns().map(\.plan.name) == ["gone"])
        let first = try store.run(named: "first")
        #expect(try store.steps(ofRun: first.id).map(\.step) == [0, 1, 2, 3, 4])
        #expect(first.finalLoss == 0.91394296470201764)
        #expect(try store.tags(ofRun: first.id) == ["kept"])
        #expect(try store.notes(on: .run(first.id)).map(\.text) == ["a note"])
        #expect(try store.sweep(named: "seeds").state == .done)
    }

    // MARK: - Internals

    private var copyPath: String { "\(notebook.path).version-\(Migrations.all.count)" }

    private func migrate(with migration: Migration) throws {
        _ = try Connections.open(
            at: notebook.path, access: .readWrite, mustExist: true, durability: .batch, busyTimeout: 30,
            migrations: Migrations.all + [migration])
    }

    private func copies() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: notebook.folder.path).filter {
            $0.hasPrefix("gradbook.db.version-")
        }
    }

    private func version(of path: String) throws -> Int? {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
    }

    private func query(_ sql: String) throws -> String? {
        try DatabaseQueue(path: notebook.path).read { try String.fetchOne($0, sql: sql) }
    }
}
