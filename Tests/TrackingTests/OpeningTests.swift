import Foundation
import GRDB
import Testing
import TextFormats

@testable import Tracking

struct OpeningTests {
    private let notebook: Notebook

    init() throws {
        notebook = try Notebook()
    }

    @Test
    func `a missing file is created as a notebook of the current version`() throws {
        _ = try notebook.open()

        let header = try pragmas("application_id", "user_version", "journal_mode", "foreign_key_check")
        #expect(header == ["1195535153", "2", "wal", nil])
    }

    @Test
    func `an existing notebook is opened with its runs`() throws {
        let run = try notebook.open().startSampleRun()

        #expect(try notebook.open(mustExist: true).runs.find(id: run.id) == run)
    }

    @Test
    func `a closed notebook is one file`() throws {
        try makeNotebook()

        #expect(try FileManager.default.contentsOfDirectory(atPath: notebook.folder.path) == ["gradbook.db"])
    }

    @Test
    func `reading a notebook leaves nothing beside it`() throws {
        try makeNotebook()
        let before = try contents()

        let store = try notebook.open(access: .readOnly)
        _ = try (store.runs.all(), store.query("SELECT 1"))
        store.close()

        #expect(try FileManager.default.contentsOfDirectory(atPath: notebook.folder.path) == ["gradbook.db"])
        #expect(try contents() == before)
    }

    @Test
    func `many stores can create one file at the same moment`() throws {
        let runs = onThreads(16) { [notebook] index in
            try notebook.open().startSampleRun(name: "run \(index)").id
        }

        let ids = try runs.map { try $0.get() }
        #expect(ids.sorted() == Array(1...16))
    }

    @Test(arguments: [Store.Access.readOnly, .readWrite])
    func `a missing file that must exist is named and not created`(_ access: Store.Access) {
        let error = #expect(throws: TrackingError.self) { try notebook.open(access: access, mustExist: true) }

        #expect(error?.code == .missingFile)
        #expect(
            error?.description
                == "there is no notebook at '\(notebook.path)'; gradbook run db \(notebook.path) creates one")
        #expect(!FileManager.default.fileExists(atPath: notebook.path))
    }

    @Test
    func `a file in a folder that does not exist is refused`() throws {
        let path = notebook.folder.appending(path: "no/such/file.db").path

        let error = #expect(throws: TrackingError.self) { try Store.open(at: path) { "" } }

        #expect(
            error?.description
                == "'\(path)' cannot be created: there is no folder '\(notebook.folder.appending(path: "no/such").path)'"
        )
    }

    @Test(arguments: [Store.Access.readOnly, .readWrite])
    func `a directory is refused`(_ access: Store.Access) throws {
        try FileManager.default.createDirectory(atPath: notebook.path, withIntermediateDirectories: false)

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: access) }

        #expect(error?.code == .isDirectory)
        #expect(
            error?.description == "'\(notebook.path)' is a directory; give the path of a file, such as gradbook.db")
    }

    @Test(
        arguments: [Store.Access.readOnly, .readWrite], ["short", String(repeating: "not a database\n", count: 1000)])
    func `a text file is refused untouched`(_ access: Store.Access, text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: notebook.path))

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: access) }

        #expect(error?.code == .notADatabase)
        #expect(
            error?.description == "'\(notebook.path)' is not an SQLite database; give another path with db")
        #expect(try contents() == Data(text.utf8))
    }

    @Test(arguments: ["-journal", "-wal", "-shm"])
    func `a folder where SQLite keeps a file is named`(_ suffix: String) throws {
        try makeNotebook()
        try FileManager.default.createDirectory(atPath: notebook.path + suffix, withIntermediateDirectories: false)

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: .readOnly) }

        #expect(
            error?.description
                == "'\(notebook.path)' cannot be used: '\(notebook.path)\(suffix)' is a directory, where SQLite keeps a file of "
                + "its own; move it away")
    }

    @Test func `a symbolic link that leads nowhere is called one`() throws {
        try FileManager.default.createSymbolicLink(atPath: notebook.path, withDestinationPath: "none/x.db")

        for access in [Store.Access.readOnly, .readWrite] {
            let error = #expect(throws: TrackingError.self) { try notebook.open(access: access) }
            #expect(
                error?.description
                    == "'\(notebook.path)' is a symbolic link to 'none/x.db', which is not there; give the path of a file"
            )
        }
    }

    @Test func `a path that cannot be looked at is not called missing`() throws {
        let path = String(repeating: "n", count: 5000)

        let error = #expect(throws: TrackingError.self) { try Store.open(at: path, access: .readOnly) { "" } }

        #expect(error?.description.contains("cannot be looked at: file name too long") == true)
    }

    @Test(arguments: [Store.Access.readOnly, .readWrite])
    func `a truncated notebook is called damaged`(_ access: Store.Access) throws {
        try makeNotebook()
        try contents().prefix(20_000).write(to: URL(filePath: notebook.path))

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: access) }

        #expect(error?.code == .damaged)
        #expect(
            error?.description
                == "'\(notebook.path)' is damaged, or its disk fails to read it (database disk image is malformed); "
                + "restore it from a backup")
    }

    @Test(
        arguments: [Store.Access.readOnly, .readWrite],
        ["CREATE TABLE t (a)", "PRAGMA application_id = 99", "PRAGMA application_id = 99; CREATE TABLE runs (a)"])
    func `another program's database is refused untouched`(_ access: Store.Access, sql: String) throws {
        try notebook.execute(sql)
        let before = try contents()

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: access) }

        #expect(error?.code == .foreignApplication)
        #expect(
            error?.description
                == "'\(notebook.path)' is a database of another program; give another path with db")
        #expect(try contents() == before)
    }

    @Test(arguments: [Store.Access.readOnly, .readWrite])
    func `a newer notebook is refused untouched`(_ access: Store.Access) throws {
        try makeNotebook()
        try notebook.execute("PRAGMA user_version = 9")
        let before = try contents()

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: access) }

        #expect(error?.code == .newerSchema)
        #expect(
            error?.description
                == "'\(notebook.path)' has schema version 9, but this gradbook knows 2 at most; update gradbook")
        #expect(try contents() == before)
    }

    @Test
    func `an empty file is no notebook to read, but one to write`() throws {
        try Data().write(to: URL(filePath: notebook.path))

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: .readOnly) }

        #expect(
            error?.description
                == "'\(notebook.path)' is empty; gradbook run db \(notebook.path) writes the first run into it")
        #expect(throws: Never.self) { try notebook.open().startSampleRun() }
    }

    @Test
    func `a name that SQLite would give a meaning is a name`() throws {
        let name = "file:a?mode=memory"
        let notebook = try Notebook()

        _ = try Store.open(at: notebook.folder.appending(path: name).path) { "" }

        #expect(try FileManager.default.contentsOfDirectory(atPath: notebook.folder.path).contains(name))
    }

    @Test
    func `a store for reading does not write`() throws {
        try makeNotebook()

        let error = #expect(throws: TrackingError.self) { try notebook.open(access: .readOnly).startSampleRun() }

        #expect(error?.description == "'\(notebook.path)' was opened for reading only")
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
    func `a notebook in a folder without write permission can be read`() throws {
        try makeNotebook()
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: notebook.folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: notebook.folder.path) }

        #expect(try notebook.open(access: .readOnly).runs.all().count == 1)
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere"), arguments: [0o555, 0o755])
    func `a notebook without write permission is not written`(folderPermissions: Int) throws {
        try makeNotebook()
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: notebook.path)
        try FileManager.default.setAttributes(
            [.posixPermissions: folderPermissions], ofItemAtPath: notebook.folder.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: notebook.folder.path) }

        let error = #expect(throws: TrackingError.self) { try notebook.open().startSampleRun() }

        #expect(
            error?.description
                == "'\(notebook.path)' cannot be written; check the permissions of the file and its folder")
    }

    @Test
    func `a lock held by another program is waited for, then named`() throws {
        let store = try notebook.open(busyTimeout: 0.05)
        let other = try DatabaseQueue(path: notebook.path)

        let error = try other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE")
            defer { try? database.execute(sql: "ROLLBACK") }
            return #expect(throws: TrackingError.self) { try store.startSampleRun() }
        }

        #expect(error?.code == .busy)
        #expect(
            error?.description
                == "'\(notebook.path)' is locked by another program; try again when it has finished writing")
    }

    @Test
    func `a full disk is named, and what was committed stays`() throws {
        let store = try notebook.open()
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()
        try writer.append([.sample(0)], to: run)
        try writer.flush()
        try store.limitPages()

        let error = #expect(throws: TrackingError.self) {
            try writer.append((1..<100_000).map { .sample($0) }, to: run)
            try writer.flush()
        }

        #expect(
            error?.description
                == "'\(notebook.path)' cannot grow: the disk is full; everything committed before is safe")
        #expect(try store.steps.all(ofRun: run.id) == [.sample(0)])
    }

    // MARK: - Internals

    /// A closed notebook with one run, all in its main file.
    private func makeNotebook() throws {
        _ = try notebook.open().startSampleRun()
    }

    private func contents() throws -> Data {
        try Data(contentsOf: URL(filePath: notebook.path))
    }

    private func pragmas(_ names: String...) throws -> [String?] {
        try DatabaseQueue(path: notebook.path).read { database in
            try names.map { try String.fetchOne(database, sql: "PRAGMA \($0)") }
        }
    }
}

extension Store {
    /// Lets the file grow no more, as a full disk does.
    fileprivate func limitPages() throws {
        try file.writer?.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA max_page_count = 1")
        }
    }
}
