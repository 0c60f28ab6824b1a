import Foundation
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// What cannot be of a recorded run is found, named and, where no number changes by it, repaired.
struct RecordedCheckTests {
    struct Flaw: CustomTestStringConvertible {
        let change: String
        let finding: String
        /// What must hold afterwards; nil for a flaw that nothing repairs.
        var repaired: String?
        /// Whether it shows when the steps are only counted.
        var isCounted = true
        var testDescription: String { change }
    }

    private let notebook: Notebook

    /// Runs 1 and 2 are recorded, run 3 is a built-in one.
    init() throws {
        notebook = try Notebook()
        let store = try notebook.open()
        try store.recordSample(1)
        try store.recordSample(2)
        _ = try store.startSampleRun()
        store.close()
    }

    private func check(readsEverything: Bool = true) throws -> [IntegrityIssue] {
        try notebook.open().maintenance.check(readsEverything: readsEverything) { _ in true }
    }

    @Test func `nothing is found in a sound notebook`() throws {
        #expect(try check() == [])
        #expect(try check(readsEverything: false) == [])
    }

    @Test(arguments: [
        Flaw(
            change: "UPDATE runs SET steps_done = 4 WHERE id = 1",
            finding: "run 1 is done with steps_done 4, but has 6 different steps",
            repaired: "(SELECT steps_done FROM runs WHERE id = 1) = 6"),
        Flaw(
            change: "DELETE FROM texts WHERE run_id = 1",
            finding: "run 1 is done with steps_done 6, but has 5 different steps",
            repaired: "(SELECT steps_done FROM runs WHERE id = 1) = 5"),
        Flaw(
            change: "UPDATE runs SET state = 'queued' WHERE id = 1",
            finding: "run 1 is called queued, but nobody will start a recorded program",
            repaired: "(SELECT state = 'running' AND pid IS NULL FROM runs WHERE id = 1)"),
        Flaw(
            change: "UPDATE runs SET finished_at = NULL WHERE id = 1",
            finding: "run 1 is done, but has no time at which it ended",
            repaired: "(SELECT finished_at IS NOT NULL FROM runs WHERE id = 1)"),
        Flaw(
            change: "UPDATE runs SET group_id = 'x' WHERE id = 1",
            finding: "run 1 has a config_hash or group_id that is not that of its configuration",
            repaired: "(SELECT count(DISTINCT group_id) FROM runs WHERE id < 3) = 1"),
        Flaw(
            change: #"UPDATE runs SET config = '{"command":[1],"settings":{}}' WHERE id = 1"#,
            finding: "the configuration of run 1 is none that a recorded program has"),
        Flaw(
            change: "INSERT INTO train_steps (run_id, step, loss) VALUES (3, 0, 1)",
            finding: "run 3 is a built-in run, but has rows in train_steps, where those of recorded programs are"),
        Flaw(
            change: "INSERT INTO run_output VALUES (3, 1, 'stdout', 0, x'', x'')",
            finding: "run 3 is a built-in run, but has rows in run_output, where those of recorded programs are"),
        Flaw(
            change: "INSERT INTO run_usage (run_id, attempt) VALUES (3, 1)",
            finding: "run 3 is a built-in run, but has rows in run_usage, where those of recorded programs are"),
        Flaw(
            change: "INSERT INTO quadratic_steps (run_id, step, epoch, elapsed_ns) VALUES (1, 0, 0, 0)",
            finding: "run 1 is a recorded program, but has steps in quadratic_steps"),
        Flaw(
            change: "UPDATE train_steps SET loss = 5.5 WHERE run_id = 2 AND step = 2",
            finding: "1 row of train_steps with ieee_bytes that are not those of its NaNs, the first of run 2",
            repaired: "(SELECT loss = 5.5 AND ieee_bytes IS NULL FROM train_steps WHERE run_id = 2 AND step = 2)",
            isCounted: false),
        Flaw(
            change: "UPDATE points SET ieee_bytes = x'000000000000f83f' WHERE run_id = 1 AND key = 'Train/loss'",
            finding: "5 rows of points with ieee_bytes that are not those of its NaNs, the first of run 1",
            repaired: "NOT EXISTS (SELECT 1 FROM points WHERE key = 'Train/loss' AND ieee_bytes IS NOT NULL)",
            isCounted: false),
        Flaw(
            change: "UPDATE tensor_steps SET gradient_norm = 1 WHERE run_id = 1 AND step = 0",
            finding: "1 row of tensor_steps with ieee_bytes that are not those of its NaNs, the first of run 1",
            repaired:
                "(SELECT gradient_norm = 1 AND ieee_bytes IS NULL FROM tensor_steps WHERE run_id = 1 AND step = 0)",
            isCounted: false),
        Flaw(
            change: "UPDATE logged_steps SET lr = 'fast' WHERE run_id = 1 AND step = 3",
            finding: "1 row of logged_steps with what is no number, the first of run 1",
            repaired: "(SELECT lr IS NULL FROM logged_steps WHERE run_id = 1 AND step = 3) AND "
                + "(SELECT value = 'fast' FROM texts WHERE run_id = 1 AND key = 'lr' AND step = 3)", isCounted: false),
        Flaw(
            change: "UPDATE logged_steps SET lr = x'00' WHERE run_id = 1 AND step = 3",
            finding: "1 row of logged_steps with what is no number, the first of run 1", isCounted: false),
        Flaw(
            change: "UPDATE tensor_steps SET norm = 'x' WHERE run_id = 2 AND step = 1",
            finding: "1 row of tensor_steps with what is no number, the first of run 2", isCounted: false),
        Flaw(
            change: "PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE id = 2",
            finding: "10 rows of points without the row of runs to refer to",
            repaired:
                "NOT EXISTS (SELECT 1 FROM points WHERE run_id = 2) AND NOT EXISTS (SELECT 1 FROM train_steps WHERE run_id = 2)"
        ),
    ])
    func `a flaw is found and repaired without a change of a number`(_ flaw: Flaw) throws {
        try notebook.execute(flaw.change)

        let found = try check()
        #expect(found.map(\.description).contains(flaw.finding), "\(found.map(\.description))")
        let counted = try check(readsEverything: false)
        #expect(counted.map(\.description).contains(flaw.finding) == flaw.isCounted)
        let store = try notebook.open()
        _ = try store.maintenance.repair(found, copying: false)

        let left = try check()
        if let repaired = flaw.repaired {
            #expect(left.filter { !$0.isHarmless } == [])
            #expect(try store.query("SELECT \(repaired)").rows == [[.integer(1)]])
        } else {
            #expect(left == found)
            #expect(found.filter(\.isRepairable).isEmpty)
        }
    }

    @Test(arguments: [
        (
            "ALTER TABLE train_steps ADD COLUMN extra ANY; UPDATE train_steps SET extra = 7 WHERE run_id = 1",
            "train_steps has 1 column that series does not register, the first is 'extra'", "train/extra", 5
        ),
        (
            "INSERT INTO series (step_table, position, column_name, name, role) VALUES ('train_steps', 1, 'gone', 'train/gone', 'metric')",
            "series registers 1 column that train_steps does not have, the first is 'gone'", "train/gone", 0
        ),
    ])
    func `a column without a key and a key without a column are found, and nothing is lost`(
        change: String, finding: String, key: String, count: Int
    ) throws {
        let content = try notebook.open().everything(of: 1)
        try notebook.execute(change)
        let store = try Store.open(
            at: notebook.path, acceptsAlteredSchema: true, now: { "2026-01-02T03:04:05Z" })

        for _ in 0..<3 {
            let found = try store.maintenance.check { _ in true }
            if found.isEmpty { break }
            #expect(
                found.contains { $0.description == finding } || found.allSatisfy { $0.kind.name == "schema" },
                "\(found)")
            _ = try store.maintenance.repair(found, copying: false)
        }

        #expect(try check() == [])
        let repaired = try notebook.open()
        #expect(try repaired.metrics.values(ofRun: 1, key: key).count == count)
        #expect(try repaired.everything(of: 1).filter { !$0.hasPrefix(key) } == content)
    }

    @Test(arguments: [
        "INSERT INTO series (step_table, position, column_name, name, role) VALUES ('train_steps', -1, 'gone', 'train/gone', 'metric')",
        "ALTER TABLE train_steps ADD COLUMN extra INTEGER",
        "UPDATE series SET column_name = 'gone' WHERE step_table = 'train_steps'",
    ])
    func `a table of which nobody knows what its columns held is left alone`(change: String) throws {
        try notebook.execute(change)
        let store = try Store.open(
            at: notebook.path, acceptsAlteredSchema: true, now: { "2026-01-02T03:04:05Z" })

        let found = try store.maintenance.check { _ in true }

        #expect(
            found.contains { $0.description == "the table train_steps has another definition" && !$0.isRepairable },
            "\(found)")
    }

    @Test func `an interrupted recording is worth knowing, and stays as it is`() throws {
        let store = try notebook.open()
        let run = try store.startRecording(4)

        let found = try store.maintenance.check { _ in false }.filter {
            $0.kind == .interruptedRecording(run.currentAttempt)
        }

        #expect(found.map(\.description) == ["run 4 was interrupted: its recorder, process 4711 on bench, has ended"])
        #expect(found.allSatisfy { $0.isHarmless && !$0.isRepairable })
    }
}
