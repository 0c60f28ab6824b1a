import Foundation
import GRDB
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// The file that is written is moved, deleted or replaced under the program's hands, or has a second name.
struct WrittenFileTests {
    private let notebook: Notebook
    /// Another notebook, with one run.
    private let other: Notebook
    private let otherContent: NotebookContent

    init() throws {
        notebook = try Notebook()
        other = try Notebook()
        let store = try other.open()
        let run = try store.startSampleRun(name: "precious")
        try store.write((0..<50).map { .sample($0) }, ofRun: run)
        store.close()
        otherContent = try other.content()
    }

    enum Event: CaseIterable {
        case deleted, moved, movedAndLinked, replaced, linkedElsewhere, logDeleted, sharedMemoryDeleted, copiedOver

        var sentence: String {
            switch self {
            case .deleted, .moved, .movedAndLinked: "was moved or deleted while it was being written"
            case .replaced, .linkedElsewhere, .copiedOver: "was replaced by another file while it was being written"
            case .logDeleted: "-wal', which is a part of"
            case .sharedMemoryDeleted: "-shm', which is a part of"
            }
        }
    }

    @Test(arguments: Event.allCases)
    func `what happens to the file ends the writing with a sentence`(_ event: Event) throws {
        let store = try notebook.open()
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()
        try writer.append((0..<300).map { .sample($0) }, to: run)
        try writer.flush()

        try cause(event)

        let error = #expect(throws: TrackingError.self) {
            try writer.append([.sample(300)], to: run)
            try writer.flush()
        }
        #expect(error?.code == .replaced)
        #expect(error?.description.contains(event.sentence) == true, "\(error?.description ?? "")")
        try? writer.close()
        store.close()
        try mustBeUntouched(event)
    }

    @Test(arguments: Event.allCases)
    func `without a row to write it is noticed, too`(_ event: Event) throws {
        let store = try notebook.open()
        let run = try store.startSampleRun()
        let writer = store.steps.makeWriter()
        let recorder = writer.recorder(forRun: run)
        defer { withExtendedLifetime(recorder) {} }

        try cause(event)

        // The writing thread looks by itself while a run is in training.
        var error: TrackingError?
        for _ in 0..<600 where error == nil {
            do { try writer.append([], to: run) } catch let failure { error = failure }
            Thread.sleep(forTimeInterval: 0.05)
        }
        #expect(error?.code == .replaced)
        try? writer.close()
        store.close()
        try mustBeUntouched(event)
    }

    @Test(arguments: Event.allCases)
    func `a single change is not claimed`(_ event: Event) throws {
        let store = try notebook.open()
        let run = try store.startSampleRun()
        try cause(event)

        let error = #expect(throws: TrackingError.self) { try store.notes.add("a note", to: .run(run.id)) }

        #expect(error?.code == .replaced)
        store.close()
        try mustBeUntouched(event)
    }

    @Test
    func `a reader that closes last touches no file that replaced its own`() throws {
        let store = try notebook.open()
        _ = try store.startSampleRun()
        let reader = try notebook.open(access: .readOnly)
        try cause(.replaced)
        store.close()
        reader.close()

        try mustBeUntouched(.replaced)
    }

    @Test(arguments: [Event.replaced, .copiedOver, .deleted, .moved])
    func `a file that goes while it is being opened leaves nothing beside another one`(_ event: Event) throws {
        let queue = try DatabaseQueue(path: notebook.path)
        let error = try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)")
            #expect(WrittenFile.abandoning(database, path: notebook.path) == nil)
            try cause(event)
            return WrittenFile.abandoning(database, path: notebook.path)
        }
        try queue.close()

        #expect(error?.description.contains(event.sentence) == true, "\(error?.description ?? "")")
        try mustBeUntouched(event)
    }

    @Test
    func `a file with a second name is read, but not written`() throws {
        try notebook.open().close()
        let second = notebook.folder.appending(path: "second.db").path
        try FileManager.default.linkItem(atPath: notebook.path, toPath: second)

        for path in [notebook.path, second] {
            let error = #expect(throws: TrackingError.self) { _ = try Store.open(at: path, now: { "" }) }
            #expect(error?.description.contains("has 2 names (hard links)") == true)
            #expect(try Store.open(at: path, access: .readOnly, now: { "" }).runs.all().isEmpty)
        }
        try FileManager.default.removeItem(atPath: second)
        _ = try notebook.open()
    }

    @Test(arguments: [("a named pipe", S_IFIFO), ("a socket", S_IFSOCK)])
    func `what is no file is refused at once`(name: String, kind: mode_t) throws {
        #expect(mknod(notebook.path, kind | 0o600, 0) == 0)

        for access in [Store.Access.readOnly, .readWrite] {
            let error = #expect(throws: TrackingError.self) { _ = try notebook.open(access: access) }
            #expect(error?.description.contains("is \(name), not a file") == true)
        }
    }

    @Test
    func `everything is in the file when a reader closes last`() throws {
        let store = try notebook.open()
        let run = try store.startSampleRun()
        try store.write((0..<300).map { .sample($0) }, ofRun: run)
        let reader = try notebook.open(access: .readOnly)
        _ = try reader.runs.all()
        store.close()
        reader.close()

        #expect(!FileManager.default.fileExists(atPath: notebook.path + "-wal"))
        let copy = try Notebook()
        try FileManager.default.copyItem(atPath: notebook.path, toPath: copy.path)
        #expect(try copy.open().steps.count(ofRun: run.id) == 300)
    }

    // MARK: - Internals

    private var elsewhere: String { notebook.folder.appending(path: "elsewhere.db").path }

    private func cause(_ event: Event) throws {
        let files = FileManager.default
        switch event {
        case .deleted: try files.removeItem(atPath: notebook.path)
        case .moved: try files.moveItem(atPath: notebook.path, toPath: elsewhere)
        case .movedAndLinked:
            try files.moveItem(atPath: notebook.path, toPath: elsewhere)
            try files.createSymbolicLink(atPath: notebook.path, withDestinationPath: elsewhere)
        case .replaced: #expect(rename(other.path, notebook.path) == 0)
        case .linkedElsewhere:
            try files.removeItem(atPath: notebook.path)
            try files.createSymbolicLink(atPath: notebook.path, withDestinationPath: other.path)
        case .logDeleted: try files.removeItem(atPath: notebook.path + "-wal")
        case .sharedMemoryDeleted: try files.removeItem(atPath: notebook.path + "-shm")
        case .copiedOver:
            let copy = notebook.folder.appending(path: "copy").path
            try files.copyItem(atPath: other.path, toPath: copy)
            #expect(rename(copy, notebook.path) == 0)
        }
    }

    /// The other file is whole, and nothing stands beside it that would be written into it later.
    private func mustBeUntouched(_ event: Event) throws {
        let log = notebook.path + "-wal"
        if ![.logDeleted, .sharedMemoryDeleted].contains(event) {
            #expect(!FileManager.default.fileExists(atPath: log))
        }
        switch event {
        case .replaced, .copiedOver, .linkedElsewhere:
            #expect(try notebook.content() == otherContent)
            #expect(
                try DatabaseQueue(path: notebook.path).read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
                    == "ok")
        case .moved, .movedAndLinked:
            #expect(
                try DatabaseQueue(path: elsewhere).read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
                    == "ok")
        case .deleted, .logDeleted, .sharedMemoryDeleted: break
        }
    }
}
