import Foundation
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// Runs of other programs come from another notebook with all they have, and none is doubled or changed.
struct RecordedMergeTests {
    private let ours: Notebook
    private let theirs: Notebook

    init() throws {
        ours = try Notebook()
        theirs = try Notebook()
    }

    private func refusal(_ comment: Comment? = nil) throws -> TrackingError {
        let store = try ours.open()
        let before = try ours.content()
        let error = try #require(throws: TrackingError.self, comment) { try store.maintenance.merge(theirs.path) }
        #expect(try ours.content() == before, comment)
        return error
    }

    // MARK: - What comes

    @Test func `a recorded run comes with every row, to the last bit, wherever its keys have their places here`() throws
    {
        let other = try theirs.open()
        let run = try other.recordSample(1, name: "guest")
        let store = try ours.open()
        // Our tables have other columns in other slots, and a key that stands in a column there has none here.
        let here = try store.startRecording(2)
        try store.log(
            [(0, ["train/acc": .real(.nan), "train/LOSS": .real(1), "done/x": .real(2), "LR": .integer(4)])], to: here)
        try store.endRecording(here)
        let before = try store.everything(of: here.id)

        let summary = try store.maintenance.merge(theirs.path)

        let merged = try RunFinder(store).run("guest")
        #expect(summary[.runsAdded] == 1 && summary[.steps] == 6 && summary[.experiments] == 1 && summary[.notes] == 2)
        #expect(try store.everything(of: merged.id) == other.everything(of: run.id))
        #expect(try store.everything(of: here.id) == before)
        #expect(merged.kind == .recorded && merged.state == .done && merged.stepsDone == 6)
        #expect(merged.plan.identity == run.plan.identity && merged.plan.config == run.plan.config)
        #expect(merged.experiment == "digits")
        #expect(
            try store.query(
                "SELECT DISTINCT source || precision FROM series WHERE name IN ('train/loss', 'train/Loss')"
            ).rows
                == [[.text("protocolfloat32")]])
        #expect(try store.maintenance.check { _ in false } == [])
    }

    @Test func `merging twice, or a copy, changes no byte`() throws {
        try theirs.open().recordSample(1, name: "guest")
        let running = try theirs.open().startRecording(2)
        try theirs.open().log([(0, ["loss": .real(.nan)])], to: running)
        let store = try ours.open()
        _ = try store.maintenance.merge(theirs.path)
        let before = try ours.dump()

        let again = try store.maintenance.merge(theirs.path)
        let copy = try Notebook()
        try ours.copy(to: copy)
        let back = try store.maintenance.merge(copy.path)

        #expect(!again.changedSomething && !back.changedSomething)
        #expect(again[.runsUnchanged] == 2)
        #expect(try ours.dump() == before)
        #expect(before.contains("digits"))
    }

    @Test func `the order of merging does not matter`() throws {
        let third = try Notebook()
        try ours.open().recordSample(1)
        try theirs.open().recordSample(2, steps: 8)
        let run = try third.open().startRecording(3)
        try third.open().log([(4, ["val/loss": .real(.nan), "train/loss": .integer(1)])], to: run)
        let (forth, back) = (try Notebook(), try Notebook())

        for path in [ours.path, theirs.path, third.path] { _ = try forth.open().maintenance.merge(path) }
        for path in [third.path, theirs.path, ours.path] { _ = try back.open().maintenance.merge(path) }

        for number in 1...3 {
            let identity = String(format: "%032x", number)
            let runs = try [forth, back].map { try #require(try $0.open().recorded.find(identity: identity)) }
            #expect(try forth.open().everything(of: runs[0].id) == back.open().everything(of: runs[1].id))
        }
    }

    @Test func `two runs of one configuration are two runs`() throws {
        try theirs.open().recordSample(1)
        let store = try ours.open()
        try store.recordSample(2)

        #expect(try store.maintenance.merge(theirs.path)[.runsAdded] == 1)

        #expect(
            try store.query("SELECT count(*), count(DISTINCT config_hash) FROM runs").rows == [
                [.integer(2), .integer(1)]
            ])
    }

    @Test func `a run that was being recorded there is interrupted here, and its end comes later`() throws {
        let other = try theirs.open()
        let run = try other.startRecording(1)
        try other.log([(0, ["loss": .real(1)]), (1, ["loss": .real(.nan)])], to: run)
        let store = try ours.open()
        _ = try store.maintenance.merge(theirs.path)

        let half = try store.runs.find(id: 1)
        #expect(half.state == .running && half.process == nil && half.stepsDone == 2)
        #expect(try store.runs.interrupted { _ in true }.map(\.id) == [1])

        try other.log([(1, ["acc": .real(0.5)]), (2, ["loss": .real(2)])], to: run)
        var changes = RecordedChanges()
        changes.summary = [("best", .number(.integer(1)))]
        changes.configuration = RecordedConfiguration(command: ["other"])
        try other.write(changes, to: run)
        #expect(try store.maintenance.merge(theirs.path) == [.runsContinued: 1, .steps: 1])
        #expect(try store.everything(of: 1) == other.everything(of: run.id))
        #expect(try store.runs.find(id: 1).plan.config == other.runs.find(id: run.id).plan.config)

        try other.endRecording(run, .failed)
        #expect(try store.maintenance.merge(theirs.path) == [.runsCompleted: 1])
        let ended = try store.runs.find(id: 1)
        #expect(ended.state == .failed && ended.stepsDone == 3 && ended.stateReason == "exit status 3")
        #expect(try store.everything(of: 1) == other.everything(of: run.id))
        // The older copy brings nothing any more.
        #expect(try other.maintenance.merge(ours.path) == [.runsUnchanged: 1])
        #expect(try store.maintenance.check { _ in false } == [])
    }

    @Test func `a run that was gone on with there goes on here`() throws {
        let other = try theirs.open()
        let run = try other.recordSample(1)
        let store = try ours.open()
        _ = try store.maintenance.merge(theirs.path)
        let next = try other.recorded.resume(other.runs.find(id: run.id), as: .sample(pid: 2)) { _ in false }
        try other.log([(200, ["new/key": .real(.nan)])], to: next)

        #expect(try store.maintenance.merge(theirs.path) == [.runsContinued: 1, .steps: 1])
        #expect(try store.runs.find(id: 1).state == .running && store.runs.find(id: 1).process == nil)

        try other.endRecording(next)
        #expect(try store.maintenance.merge(theirs.path)[.runsCompleted] == 1)
        #expect(try store.everything(of: 1) == other.everything(of: run.id))
        #expect(try store.runs.find(id: 1).attempt == 2)
    }

    @Test func `a run that comes can be gone on with here`() throws {
        let other = try theirs.open()
        try other.startRecording(1)
        let store = try ours.open()
        _ = try store.maintenance.merge(theirs.path)

        let run = try store.recorded.resume(store.runs.find(id: 1), as: .sample()) { _ in true }
        try store.log([(0, ["loss": .real(1)])], to: run)
        try store.endRecording(run)

        #expect(try store.runs.find(id: 1).state == .done)
        #expect(try !store.maintenance.merge(theirs.path).changedSomething)
    }

    @Test func `keys beyond the columns of a table are points, and so are those that differ in case`() throws {
        let other = try theirs.open()
        let run = try other.startRecording(1)
        let keys = (0..<250).map { "k\($0)" } + ["K1"]
        try other.log([(0, Dictionary(uniqueKeysWithValues: keys.map { ($0, .real(.nan)) }))], to: run)
        try other.endRecording(run)
        let store = try ours.open()
        let here = try store.startRecording(2)
        try store.log(
            [(0, Dictionary(uniqueKeysWithValues: (0..<150).map { ("h\($0)", .real(1)) } + [("K1", .real(2))]))],
            to: here)

        _ = try store.maintenance.merge(theirs.path)

        #expect(try store.everything(of: 2) == other.everything(of: run.id))
        #expect(try MetricTablesProbe.counts(store) == [200])
        #expect(try store.maintenance.check { _ in true } == [])
    }

    // MARK: - What differs

    @Test(arguments: [
        ("UPDATE train_steps SET loss = 0.125 WHERE step = 1", "differ in train/loss at step 1"),
        ("UPDATE train_steps SET loss = 1 WHERE step = 1", "differ in train/loss at step 1"),
        ("UPDATE points SET value = 0.0", "differ in Train/loss at step 0, and in 9 more"),
        ("UPDATE texts SET value = 'cold' WHERE step = 90", "differ in phase at step 90"),
        ("UPDATE tensor_steps SET norm = 0.0 WHERE step = 1", "differ in the tensor w at step 1"),
        ("UPDATE run_summary SET value = 4 WHERE key = 'n'", "differ in the summary of n"),
        ("UPDATE run_output SET tail = x'00'", "differ in the stdout of attempt 1"),
        ("UPDATE run_usage SET user_seconds = 0.25", "differ in the usage of attempt 1"),
        ("UPDATE run_files SET size = 13", "differ in the file /home/somebody/model.pt"),
        ("UPDATE runs SET state_reason = 'why'", "differ in state_reason"),
        (
            "UPDATE runs SET started_at = '2026-01-02T03:04:06Z'",
            "attempt 1 of it was another one there: both were gone on with"
        ),
    ])
    func `what differs is a conflict, and nothing is merged`(change: String, sentence: String) throws {
        try theirs.open().recordSample(1)
        _ = try ours.open().maintenance.merge(theirs.path)
        try theirs.execute(change)
        try theirs.open().recordSample(2)

        let error = try refusal("\(change)")

        #expect(error.code == .conflict)
        #expect(
            error.message.description
                == "'\(theirs.path)' was not merged: its run 1 and run 1 here are the same run, but \(sentence)")
    }

    @Test func `a recorded run and a built-in one of one identity are a conflict`() throws {
        try theirs.open().recordSample(1)
        let store = try ours.open()
        _ = try store.startSampleRun()
        try ours.execute("UPDATE runs SET identity = '\(String(format: "%032x", 1))'")

        #expect(try refusal().message.description.contains("are the same run, but differ in kind"))
    }

    // MARK: - What somebody else may have written

    @Test(arguments: [
        ("INSERT INTO step_tables (name) VALUES ('runs')", "another definition"),
        ("INSERT INTO step_tables (name) VALUES ('sqlite_schema')", "missing"),
        ("INSERT INTO step_tables (name) VALUES ('gone_steps')", "gone_steps is missing"),
        (
            "INSERT INTO series (step_table, position, column_name, name, role) VALUES ('train_steps', 9, 'no', 'train/no', 'metric')",
            "another definition"
        ),
        ("UPDATE series SET column_name = 'x) VALUES (1); --' WHERE name = 'train/loss'", "another definition"),
        (
            "INSERT INTO series (step_table, position, column_name, name, role) VALUES ('quadratic_steps', 9, 'no', 'no', 'metric')",
            "unknown role"
        ),
        (
            "INSERT INTO series (step_table, position, column_name, name, role) VALUES ('points', -1, 'twice', 'train/loss', 'metric')",
            "registers the key 'train/loss' twice"
        ),
        ("UPDATE points SET key = '' WHERE step = 1 AND key = 'train/Loss'", "a key that no program can log"),
        (
            "UPDATE points SET key = printf('%1001c', 'x') WHERE step = 1 AND key = 'train/Loss'",
            "a key that no program can log"
        ),
        (
            "UPDATE points SET key = 'a' || char(0) || 'b' WHERE step = 1 AND key = 'train/Loss'",
            "a key that no program can log"
        ),
        ("UPDATE train_steps SET loss = 'text' WHERE step = 3", "its run 1 has no number as train/loss at step 3"),
        ("UPDATE train_steps SET loss = x'00' WHERE step = 3", "its run 1 has no number as train/loss at step 3"),
        (
            "UPDATE train_steps SET ieee_bytes = zeroblob(80000) WHERE step = 3",
            "has bytes in train_steps that are none of its columns"
        ),
        (
            "UPDATE train_steps SET ieee_bytes = x'00' WHERE step = 3",
            "has bytes in train_steps that are none of its columns"
        ),
        ("UPDATE points SET value = 'text' WHERE step = 3", "has a logged number that is none"),
        ("UPDATE points SET ieee_bytes = zeroblob(16) WHERE step = 3", "has a logged number that is none"),
        ("UPDATE tensor_steps SET norm = x'00' WHERE step = 1", "has a norm of a tensor that is none"),
        ("UPDATE run_summary SET value = x'00' WHERE key = 'n'", "has a value of the summary that is none"),
        ("UPDATE runs SET steps_done = 7", "should have 7 steps, but has 6"),
        ("UPDATE runs SET state = 'queued'", "waits for somebody to train it"),
        ("UPDATE runs SET config = '[1]'", "a configuration that no recorded program has"),
        (
            "UPDATE runs SET config = '{\"settings\":{},\"model\":\"quadratic\"}'",
            "a configuration that no recorded program has"
        ),
        ("UPDATE runs SET group_id = 'x'", "a configuration that no recorded program has"),
        (
            "UPDATE runs SET kind = 'trained', steps_done = 0",
            "is of a built-in model, but has numbers that a program logged"
        ),
        (
            "INSERT INTO quadratic_steps (run_id, step, epoch, elapsed_ns) VALUES (1, 0, 0, 0)",
            "but has steps of a built-in model"
        ),
        ("UPDATE run_files SET size = -1", "has in run_files a size that cannot be"),
    ])
    func `a file that no program wrote is refused with a sentence`(change: String, sentence: String) throws {
        try theirs.open().recordSample(1)
        try theirs.execute(change)

        let error = try refusal("\(change)")

        #expect(error.message.description.contains(sentence), "\(change): \(error.message)")
        #expect(error.message.description.count < 500)
    }

    @Test func `keys are never SQL`() throws {
        let other = try theirs.open()
        let run = try other.startRecording(1)
        let keys = [
            #"a"; DROP TABLE runs; --"#, "'; DROP TABLE runs; --/x", "select", "a b/c\"d", "\u{1F600}/x", "1/2", "__/x",
        ]
        try other.log([(0, Dictionary(uniqueKeysWithValues: keys.map { ($0, .real(.nan)) }))], to: run)
        try other.endRecording(run)
        let store = try ours.open()

        _ = try store.maintenance.merge(theirs.path)

        #expect(try store.metrics.keys(ofRun: 1) == keys.sorted())
        #expect(try store.everything(of: 1) == other.everything(of: run.id))
    }

    @Test func `more keys than a notebook takes are refused`() throws {
        for (notebook, prefix) in [(theirs, "a"), (ours, "b")] {
            let store = try notebook.open()
            let run = try store.startRecording(prefix == "a" ? 1 : 2)
            try store.log(
                [(0, Dictionary(uniqueKeysWithValues: (0..<10_001).map { ("\(prefix)\($0)", .integer(1)) }))], to: run)
            try store.endRecording(run)
        }

        let error = try refusal()

        #expect(error.code == .tooManyKeys)
        #expect(error.message.description.hasPrefix("'\(theirs.path)' was not merged: the notebook has 10001 keys"))
    }
}

enum MetricTablesProbe {
    /// How many columns each table of logged numbers has.
    static func counts(_ store: Store) throws -> [Int] {
        try store.query(
            "SELECT count(*) FROM series JOIN step_tables ON step_table = step_tables.name WHERE model IS NULL AND step_table <> 'points' GROUP BY step_table"
        ).rows.map {
            if case .integer(let count) = $0[0] { Int(count) } else { 0 }
        }
    }
}
