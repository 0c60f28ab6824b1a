import Foundation
import GRDB
import Migrations
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// From one version of the schema to the next: all of it or nothing, and a copy first.
struct MigrationTests {
    private static let next = Migration(
        identifier: "0003_authors",
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
        try store.notes.add("kept", to: .run(run.id))
        before = try notebook.content()
    }

    @Test
    func `an older notebook is copied, then brought up to date`() throws {
        try migrate(with: Self.next)

        #expect(try version(of: notebook.path) == Migrations.all.count + 1)
        #expect(try query("SELECT name FROM authors") == "old")
        #expect(try query("SELECT count(*) FROM quadratic_steps") == "50")
        #expect(try NotebookContent(of: URL(filePath: copyPath)) == before)
        #expect(try version(of: copyPath) == Migrations.all.count)
        #expect(try query("SELECT count(*) FROM pragma_foreign_key_check") == "0")
    }

    @Test
    func `a notebook that is up to date is not copied`() throws {
        try migrate(with: Self.next)
        try migrate(with: Self.next)

        #expect(try copies().count == 1)
    }

    @Test(arguments: [
        "INSERT INTO authors VALUES (1, 2, 3);", "DELETE FROM runs;", "DROP TABLE datasets;",
        "CREATE TABLE authors (a);",
    ])
    func `a migration that fails, or tears rows apart, leaves the old file`(sql: String) throws {
        let broken = Migration(identifier: "0003_broken", sql: Self.next.sql + sql)

        let error = #expect(throws: TrackingError.self) { try migrate(with: broken) }

        #expect(error?.description.contains("'\(notebook.path)'") == true)
        #expect(try notebook.content() == before)
        #expect(try version(of: notebook.path) == Migrations.all.count)
        try migrate(with: Self.next)
        #expect(try query("SELECT name FROM authors") == "old")
        #expect(try copies().count == 2)
    }

    @Test
    func `of many processes one migrates`() throws {
        let results = onThreads(8) { [notebook] _ in
            _ = try DatabaseFile(
                at: notebook.path, mustExist: true, migrations: Migrations.all + [Self.next],
                now: { "2026-01-02T03:04:05Z" })
        }

        try results.forEach { try $0.get() }
        #expect(try copies().count == 1)
        #expect(try query("SELECT name FROM authors") == "old")
    }

    @Test
    func `a migration that is killed leaves the old file`() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = notebook.path as String] in
            let long = Migration(
                identifier: "0003_long",
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
            _ = try DatabaseFile(
                at: path, mustExist: true, migrations: Migrations.all + [long], now: { "2026-01-02T03:04:05Z" })
        }

        #expect(try notebook.content() == before)
        #expect(try version(of: notebook.path) == Migrations.all.count)
        #expect(try query("PRAGMA integrity_check") == "ok")
        try migrate(with: Self.next)
        #expect(try query("SELECT name FROM authors") == "old")
    }

    @Test(arguments: 1...Migrations.all.count)
    func `what each version wrote can be opened, and is whole`(version: Int) throws {
        let copy = try Self.copy(of: "version-\(version).db")
        defer { withExtendedLifetime(copy) {} }
        let store = try copy.open(mustExist: true)

        #expect(try store.maintenance.check { _ in false }.isEmpty)
        #expect(try store.runs.all().map(\.state) == [.done, .diverged, .done, .diverged, .done])
        #expect(try store.runs.deleted().map(\.plan.name) == ["gone"])
        let first = try RunFinder(store).run("first")
        #expect(try store.steps.all(ofRun: first.id).map(\.step) == [0, 1, 2, 3, 4])
        #expect(first.finalLoss == 0.91394296470201764)
        #expect(try store.notes.tags(ofRun: first.id) == ["kept"])
        #expect(try store.notes.all(on: .run(first.id)).map(\.text) == ["a note"])
        #expect(try store.sweeps.find(named: "seeds").state == .done)
    }

    // MARK: - From 0.1.0

    /// Three sweeps, one by halving and one handed to Slurm, a fork, merged and hidden runs, NaN and -0.0.
    @Test
    func `a full notebook of version 1 keeps everything under the new names`() throws {
        let old = try Self.copy(of: "version-1-full.db")
        defer { withExtendedLifetime(old) {} }
        let before = try DatabaseQueue(path: old.path).read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, model, optimizer, learning_rate, seed, loss, dtype, gradients, steps, sweep_position, config_id,
                        first_bad_step, reason, final_loss, best_loss, bits, deleted_at FROM runs ORDER BY id
                    """
            ).map { Array($0.databaseValues) }
        }
        let store = try old.open(mustExist: true)

        let after = try store.file.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, model, optimizer, learning_rate, seed, loss, dtype, gradients, steps, trial_number, group_id,
                        diverged_step, state_reason, final_loss, best_loss, ieee_bytes, deleted_at FROM runs ORDER BY id
                    """
            ).map { Array($0.databaseValues) }
        }

        #expect(after == before)
        #expect(try store.maintenance.check { _ in false }.isEmpty)
        #expect(try store.query("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").rows == [[.integer(36)]])
        #expect(try store.runs.deleted().map(\.plan.name) == ["put-away"])
        let nan = try RunFinder(store).run("nan")
        #expect(nan.finalLoss?.isNaN == true)
        #expect(try store.steps.all(ofRun: nan.id)[1].values[0].isNaN)
        let zero = try RunFinder(store).run("zero")
        #expect(try store.steps.all(ofRun: zero.id)[0].values[2].sign == .minus)
        #expect(try store.runs.parameters(ofRun: zero.id).first { $0.name == "w" }?.initial.sign == .minus)
        let averaged = try RunFinder(store).run("averaged")
        #expect(try store.runs.parameters(ofRun: averaged.id).allSatisfy { $0.average != nil })
        #expect(try RunFinder(store).run("forked").plan.parentRunID == RunFinder(store).run("first").id)
    }

    @Test
    func `a notebook of version 1 can be merged, and stays what it is`() throws {
        let old = try Self.copy(of: "version-1-full.db")
        defer { withExtendedLifetime(old) {} }
        let bytes = try Data(contentsOf: URL(filePath: old.path))
        let (first, second) = (try Notebook(), try Notebook())
        let store = try first.open()

        let summary = try store.maintenance.merge(old.path)

        #expect(summary[.runsAdded] > 20)
        #expect(try store.maintenance.merge(old.path).changedSomething == false)
        #expect(try Data(contentsOf: URL(filePath: old.path)) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: old.folder.path) == ["gradbook.db"])
        try old.open(mustExist: true).close()
        _ = try second.open().maintenance.merge(old.path)
        #expect(try first.content().firstDifference(from: second.content()) == nil)
    }

    @Test
    func `rungs and Slurm jobs of version 1 move from events into tables`() throws {
        let old = try Self.copy(of: "version-1-full.db")
        defer { withExtendedLifetime(old) {} }
        let store = try old.open(mustExist: true)

        let rungs = try store.sweeps.rungs(ofSweep: store.sweeps.find(named: "halved").id)
        let jobs = try store.sweeps.slurmJobs(ofSweep: store.sweeps.find(named: "cars").id)

        #expect(rungs.map(\.number) == [1, 2])
        #expect(rungs[0].results.map(\.isPromoted) == [true, false, false, false])
        #expect(rungs[0].results[0].median == 0.25863893530493176)
        #expect(
            rungs[1].results == [RungResult(groupID: "4c4589cb2b4d", median: 0.10903015607628597, isPromoted: false)])
        #expect(jobs == [SlurmJobs(array: "4711", merge: "4711", taskCount: 2, folder: "cars.slurm/1")])
        #expect(
            try store.query("SELECT count(*) FROM events WHERE kind IN ('rung', 'submitted')").rows == [[.integer(0)]])
    }

    @Test
    func `two copies of a notebook of version 1 are the same after each was migrated`() throws {
        let (first, second) = (try Self.copy(of: "version-1-full.db"), try Self.copy(of: "version-1-full.db"))
        defer { withExtendedLifetime((first, second)) {} }
        let store = try first.open(mustExist: true)
        _ = try second.open(mustExist: true)

        let summary = try store.maintenance.merge(second.path)

        #expect(!summary.changedSomething)
        #expect(summary[.runsUnchanged] == 34)
        #expect(try store.runs.all().count == 34)
    }

    @Test
    func `a disk without room for the copy leaves the old file`() throws {
        let old = try Self.copy(of: "version-1.db")
        defer { withExtendedLifetime(old) {} }
        let setup = ConnectionSetup(
            path: old.path, mustExist: true, durability: .batch, waiting: LockWait(path: old.path, limit: 30),
            migrations: Migrations.all,
            freeSpace: { _ in 1_000_000 })

        let error = #expect(throws: TrackingError.self) {
            try DatabaseQueue(path: old.path).writeWithoutTransaction { try setup.prepare($0) }
        }

        #expect(error?.code == .diskFull)
        #expect(
            error?.description.hasSuffix("and the disk has 1 MB free; make room, or move the file to a larger disk")
                == true)
        #expect(try version(of: old.path) == 1)
    }

    // MARK: - Internals

    private static func copy(of fixture: String) throws -> Notebook {
        let notebook = try Notebook()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(fixture)")
        try FileManager.default.copyItem(at: file, to: URL(filePath: notebook.path))
        return notebook
    }

    private var copyPath: String { "\(notebook.path).version-\(Migrations.all.count)" }

    private func migrate(with migration: Migration) throws {
        _ = try DatabaseFile(
            at: notebook.path, mustExist: true, migrations: Migrations.all + [migration],
            now: { "2026-01-02T03:04:05Z" })
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
