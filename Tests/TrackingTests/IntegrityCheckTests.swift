import Foundation
import GRDB
import TestSupport
import Testing

@testable import Tracking

/// Every flaw is found, named and, where that is possible without a computation, repaired after a copy.
struct IntegrityCheckTests {
    struct Flaw: CustomTestStringConvertible {
        let change: String
        let finding: String
        var isRepairable = true
        /// Whether it shows when the steps are only counted.
        var isCounted = true
        var testDescription: String { change }
    }

    private let notebook: Notebook

    /// Run 1 is done and in no sweep, runs 2 and 3 in the sweep "seeds".
    init() throws {
        notebook = try Notebook()
        let store = try notebook.open()
        let single = try store.startSampleRun(name: "single")
        let sweep = try store.createSampleSweep(runs: 2)
        let runs =
            try [single] + (0..<2).compactMap { _ in try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()) }
        for run in runs {
            try store.write((0..<20).map { .sample($0, loss: 0.125 + 0.5 * Double($0 == 3 ? 0 : 1)) }, ofRun: run)
            try store.runs.finish(run.id, attempt: 1, outcome: .sample(stepsDone: 20))
        }
        store.close()
    }

    @Test
    func `nothing is found in a sound notebook, and nothing is done to it`() throws {
        let store = try notebook.open()

        #expect(try store.maintenance.check { _ in false }.isEmpty)
        #expect(try store.maintenance.check(readsEverything: false) { _ in false }.isEmpty)
        #expect(try store.maintenance.repair([]) == nil)
        #expect(try store.maintenance.check { _ in false }.isEmpty)
    }

    @Test(arguments: [
        Flaw(
            change: "DELETE FROM quadratic_steps WHERE run_id = 1 AND step = 5",
            finding: "run 1 has 19 rows, but its last step is 19: there are gaps"),
        Flaw(
            change: "DELETE FROM quadratic_steps WHERE run_id = 2 AND step > 9",
            finding: "run 2 is done after 20 steps, but has 10 rows"),
        Flaw(
            change: "UPDATE runs SET steps_done = 21 WHERE id = 1",
            finding: "run 1 is done after 21 steps, but has 20 rows"),
        Flaw(
            change: "UPDATE runs SET final_loss = NULL WHERE id = 1",
            finding: "run 1 is done, but has no final loss or no time at which it ended"),
        Flaw(
            change: "UPDATE runs SET best_loss = 0.1 WHERE id = 1",
            finding: "run 1 has a best loss that is not the lowest of its rows"),
        Flaw(
            change: "UPDATE quadratic_steps SET loss = 0.01 WHERE run_id = 1 AND step = 4",
            finding: "run 1 has a best loss that is not the lowest of its rows", isCounted: false),
        Flaw(
            change: "UPDATE quadratic_steps SET loss = 0.01 WHERE run_id = 1 AND step = 3",
            finding: "run 1 has a best loss that is not the lowest of its rows"),
        Flaw(
            change: "DELETE FROM quadratic_steps WHERE run_id = 3 AND step = 0",
            finding: "run 3 does not begin with its first step: there are gaps"),
        Flaw(
            change: "DELETE FROM quadratic_steps WHERE run_id = 2",
            finding: "run 2 is done after 20 steps, but has 0 rows"),
        Flaw(
            change: "PRAGMA foreign_keys = OFF; DELETE FROM quadratic_steps WHERE run_id = 1 AND step = 5; INSERT INTO "
                + "quadratic_steps SELECT 9, step, epoch, loss, learning_rate, w, b, grad_w, grad_b, elapsed_ns, ieee_bytes "
                + "FROM quadratic_steps WHERE run_id = 1 AND step = 4",
            finding: "run 1 has 19 rows, but its last step is 19: there are gaps"),
        Flaw(
            change: "UPDATE runs SET state = 'running' WHERE id = 1",
            finding: "run 1 is called running, but its worker, process 4711 on bench, is gone"),
        Flaw(
            change: "UPDATE quadratic_steps SET step = -5 WHERE run_id = 1 AND step = 0",
            finding: "run 1 does not begin with its first step: there are gaps"),
        Flaw(
            change: "PRAGMA foreign_keys = OFF; DELETE FROM sweeps",
            finding: "2 rows of runs without the row of sweeps to refer to"),
        Flaw(
            change: "PRAGMA foreign_keys = OFF; DELETE FROM datasets",
            finding: "3 rows of runs without the row of datasets to refer to", isRepairable: false),
        Flaw(
            change: "PRAGMA foreign_keys = OFF; UPDATE runs SET parent_run_id = 77 WHERE id = 1",
            finding: "1 row of runs without the row of runs to refer to"),
        Flaw(
            change: "UPDATE runs SET dataset_id = NULL WHERE id = 1",
            finding: "run 1 has no data set, and so cannot be computed again", isRepairable: false),
        Flaw(
            change: "UPDATE sweeps SET state = 'open'",
            finding: "all runs of sweep 'seeds' have ended, but it is called open"),
        Flaw(
            change: "UPDATE sweeps SET choosing_seeds = '{\"a\":1}'",
            finding: "the seeds that choose a configuration of sweep 'seeds' are no list of seeds"),
        Flaw(
            change: "PRAGMA foreign_keys = OFF; INSERT INTO run_tags VALUES (99, 'a'), (98, 'b')",
            finding: "2 rows of run_tags without the row of runs to refer to"),
        Flaw(
            change: "PRAGMA foreign_keys = OFF; UPDATE quadratic_steps SET run_id = 77 WHERE run_id = 3",
            finding: "20 rows of quadratic_steps without the row of runs to refer to"),
        Flaw(
            change: "DELETE FROM dataset_rows WHERE position = 1",
            finding: "data set 1 should have 3 samples, but has 2", isRepairable: false),
        Flaw(
            change: "UPDATE dataset_rows SET x = x + 1e-9 WHERE position = 1",
            finding: "1 sample of data set 1 changed since stored, the first at position 1", isRepairable: false),
        Flaw(
            change: "UPDATE dataset_rows SET y = NULL WHERE position > 0",
            finding: "2 samples of data set 1 changed since stored, the first at position 1", isRepairable: false),
        Flaw(
            change: "DELETE FROM run_parameters WHERE run_id = 1",
            finding: "run 1 is done, but its parameters are missing"),
        Flaw(
            change: "UPDATE sweeps SET planned_runs = 1", finding: "sweep 'seeds' has planned_runs 1, but 2 runs"),
        Flaw(
            change: "UPDATE sweeps SET planned_runs = -9223372036854775808",
            finding: "sweep 'seeds' has planned_runs -9223372036854775808, but 2 runs"),
        Flaw(
            change: "UPDATE runs SET steps_done = 9223372036854775807, parent_step = -9223372036854775808 WHERE id = 1",
            finding: "run 1 does not begin with its first step: there are gaps"),
    ])
    func `a flaw is named, and repaired after a copy of the file`(_ flaw: Flaw) throws {
        try notebook.execute(flaw.change)
        let before = try notebook.content()
        let store = try notebook.open()

        let findings = try store.maintenance.check { _ in false }
        #expect(findings.map(\.description).contains(flaw.finding), "\(findings)")
        let counted = try store.maintenance.check(readsEverything: false) { _ in false }
        #expect(counted == (flaw.isCounted ? findings : []))
        #expect(try notebook.content() == before)
        guard flaw.isRepairable else {
            #expect(try store.maintenance.repair(findings) == nil)
            return
        }
        let copy = try #require(try store.maintenance.repair(findings))

        #expect(copy == notebook.path + ".before-fix")
        #expect(try NotebookContent(of: URL(filePath: copy)) == before)
        // Removing what belonged to nothing may show that something is missing.
        let rest = try store.maintenance.check { _ in false }
        if !rest.isEmpty { _ = try store.maintenance.repair(rest) }
        #expect(try store.maintenance.check { _ in false }.isEmpty)
        // Whatever is repaired, no result is thrown away.
        #expect(try query("SELECT count(*) FROM runs") == 3)
    }

    private func query(_ sql: String) throws -> Int? {
        try DatabaseQueue(path: notebook.path).read { try Int.fetchOne($0, sql: sql) }
    }

    @Test
    func `a run that is not whole is queued with the rows it has, and can be finished`() throws {
        try notebook.execute("DELETE FROM quadratic_steps WHERE run_id = 1 AND step = 5")
        let store = try notebook.open()

        _ = try store.maintenance.repair(store.maintenance.check { _ in false })

        #expect(try store.runs.find(id: 1).state == .queued)
        #expect(try store.steps.count(ofRun: 1) == 19)
        let run = try store.runs.resume(1, as: .sample(pid: 2)) { _ in false }
        try store.write([.sample(5, loss: 0.625)], ofRun: run)
        try store.runs.finish(1, attempt: run.attempt, outcome: .sample(stepsDone: 20))
        #expect(try store.maintenance.check { _ in false }.isEmpty)
    }

    @Test
    func `a damaged page is found`() throws {
        let store = try notebook.open()
        let run = try store.startSampleRun()
        try store.write((0..<5000).map { .sample($0) }, ofRun: run)
        store.close()
        let file = try FileHandle(forUpdating: URL(filePath: notebook.path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: size - 3 * 8192 + 100)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4000))
        try file.close()

        let findings = try notebook.open(access: .readOnly).maintenance.check { _ in true }

        #expect(findings.first?.kind == .damage, "\(findings)")
        #expect(findings.first?.description.hasPrefix("the file is damaged: ") == true)
    }

    /// A connection that cannot write forgets the CHECKs.
    @Test(arguments: [true, false])
    func `a row that breaks a rule of its table is found`(readsEverything: Bool) throws {
        try notebook.execute("PRAGMA ignore_check_constraints = ON; UPDATE runs SET kind = 'mine' WHERE id = 1")

        let findings = try notebook.open(access: .readOnly).maintenance.check(readsEverything: readsEverything) { _ in
            false
        }

        #expect(findings.map(\.description) == ["the file is damaged: CHECK constraint failed in runs"])
    }

    @Test
    func `a log that is in use is not abandoned`() throws {
        #expect(WriteAheadLog.state(beside: notebook.path) == .inFile)
        let store = try notebook.open()
        _ = try store.startSampleRun()
        // This process's own locks do not count, so another one has to ask.
        let copy = try Notebook()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: notebook.path + suffix, toPath: copy.path + suffix)
        }

        #expect(WriteAheadLog.state(beside: copy.path) != .inFile)
    }
}
