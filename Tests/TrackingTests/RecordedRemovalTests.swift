import Foundation
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// What leaves a notebook leaves nothing behind.
struct RecordedRemovalTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    private func rowCounts(ofRun run: Int64) throws -> [String: Int64] {
        let tables = try store.query(
            """
            SELECT s.name FROM sqlite_schema AS s, pragma_table_info(s.name) AS c WHERE s.type = 'table' AND c.name = 'run_id'
            """
        ).rows.compactMap { if case .text(let name) = $0[0] { name } else { nil } }
        var counts: [String: Int64] = [:]
        for table in tables {
            if case .integer(let count) = try store.query("SELECT count(*) FROM \(table) WHERE run_id = \(run)").rows[
                0][0], count > 0
            {
                counts[table] = count
            }
        }
        return counts
    }

    @Test func `a deleted run comes back with everything, and a removed one leaves no row`() throws {
        let run = try store.recordSample(1, name: "gone")
        try store.recordSample(2)
        let (content, all) = (try store.everything(of: run.id), try rowCounts(ofRun: run.id))
        #expect(
            Set(all.keys) == [
                "train_steps", "logged_steps", "points", "texts", "tensor_steps", "run_summary", "run_output",
                "run_usage",
                "run_files", "run_environment", "run_tags", "notes", "events",
            ])

        try store.runs.delete([run.id]) { _ in false }
        try store.runs.restore([run.id])
        #expect(try store.everything(of: run.id) == content)

        try store.runs.delete([run.id]) { _ in false }
        #expect(try store.runs.removable().steps == 6)
        let removed = try store.runs.removeDeleted()
        #expect(removed.runs == 1 && removed.steps == 6)
        #expect(try rowCounts(ofRun: run.id) == [:])
        #expect(try rowCounts(ofRun: 2).keys.sorted() == all.keys.sorted())
        #expect(try store.maintenance.check { _ in false } == [])
    }

    @Test func `a copy has everything`() throws {
        let run = try store.recordSample(1)
        let copy = try Notebook()

        try notebook.copy(to: copy)

        #expect(try copy.open().everything(of: run.id) == store.everything(of: run.id))
        #expect(try copy.dump() == notebook.dump())
    }

    // MARK: - Redaction

    private static let secrets = ["s3cr3t-word", "/home/somebody/secret", "s3cr3t-output", "s3cr3t-event"]

    private func recordSecrets(_ number: Int) throws -> Run {
        let run = try store.startRecording(number, command: ["train", "--token", "s3cr3t-word", "--seed", "3"])
        try store.log([(0, ["loss": .real(1)])], to: run)
        var changes = RecordedChanges()
        changes.events = [.init("left out", "such as s3cr3t-event")]
        var configuration = RecordedConfiguration(command: [
            "train", "--token", String(repeating: "s3cr3t-word", count: 3000),
        ])
        _ = configuration.set([.init(name: "lr", value: .number("0.1"))])
        changes.configuration = configuration
        try store.write(changes, to: run)
        try store.recorded.finish(
            run.currentAttempt, state: .done, reason: nil,
            output: [
                StreamExcerpt(
                    stream: "stdout", byteCount: 40_000, head: Array("s3cr3t-output".utf8),
                    tail: Array(String(repeating: "s3cr3t-output", count: 5000).utf8))
            ], usage: ProcessUsage(exitCode: 0))
        return try store.runs.find(id: run.id)
    }

    @Test func `nothing private is left in the file or beside it, and everything else stays`() throws {
        let runs = try [recordSecrets(1), recordSecrets(2)]
        let numbers = try store.metrics.values(ofRun: 1, key: "loss").map(\.value)

        #expect(try store.recorded.redact([1, 2]) { _ in false })

        // In a copy: who closes a file takes the locks away that this process has on it.
        let copy = notebook.folder.appending(path: "copy")
        try #expect(
            #require(Program.named("cp")).run(["-R", ".", copy.path + "-of-it"], in: notebook.folder).exitCode != 2)
        for file in try FileManager.default.contentsOfDirectory(
            at: URL(filePath: copy.path + "-of-it"), includingPropertiesForKeys: nil)
        {
            let bytes = try Data(contentsOf: file)
            for secret in Self.secrets {
                #expect(bytes.firstRange(of: Data(secret.utf8)) == nil, "\(secret) in \(file.lastPathComponent)")
            }
        }
        let run = try store.runs.find(id: 1)
        #expect(run.command == "" && run.process == runs[0].process && run.gitCommit == runs[0].gitCommit)
        #expect(run.plan.config == #"{"settings":{"lr":0.1}}"#)
        #expect(try store.metrics.values(ofRun: 1, key: "loss").map(\.value) == numbers)
        #expect(try store.notes.tags(ofRun: 1) == ["tagged"] && store.notes.all(on: .run(1)).count == 1)
        #expect(try store.recorded.usage(ofRun: 1)?.exitCode == 0)
        #expect(try store.query("SELECT kind FROM events WHERE run_id = 1").rows == [[.text("redacted")]])
        #expect(try store.maintenance.check { _ in false } == [])
        // A second time there is nothing to do.
        let before = try notebook.dump()
        #expect(try store.recorded.redact([1, 2]) { _ in false })
        #expect(try notebook.dump() == before)
    }

    @Test func `built-in runs, and those that are being recorded, are refused, and none is redacted`() throws {
        let (first, running) = (try recordSecrets(1), try store.startRecording(2))
        let trained = try store.startSampleRun()
        let before = try notebook.content()

        for (ids, sentence) in [
            ([first.id, trained.id], "run 3 is a built-in run"), ([first.id, running.id], "run 2 is being recorded"),
        ] {
            let error = try #require(throws: TrackingError.self) { try store.recorded.redact(ids) { _ in true } }
            #expect(error.code == .conflict && error.message.description.contains(sentence))
        }
        #expect(try notebook.content() == before)
    }

    @Test func `what was redacted here does not come back, and what was redacted there stays here`() throws {
        let original = try Notebook()
        _ = try recordSecrets(1)
        try notebook.copy(to: original)
        let other = try original.open()
        let content = try other.everything(of: 1)
        #expect(try store.recorded.redact([1]) { _ in false })

        #expect(try !other.maintenance.merge(notebook.path).changedSomething)
        #expect(try other.everything(of: 1) == content)
        _ = try store.maintenance.merge(original.path)
        for secret in Self.secrets { #expect(try !notebook.dump().contains(secret)) }

        // It goes on there.
        let run = try other.recorded.resume(other.runs.find(id: 1), as: .sample()) { _ in false }
        try other.log([(1, ["loss": .real(2)])], to: run)
        try other.endRecording(run)
        #expect(try store.maintenance.merge(original.path)[.runsCompleted] == 1)
        for secret in Self.secrets { #expect(try !notebook.dump().contains(secret)) }
        #expect(try store.metrics.values(ofRun: 1, key: "loss").count == 2)
        #expect(try store.runs.find(id: 1).plan.config == #"{"settings":{"lr":0.1}}"#)
    }
}
