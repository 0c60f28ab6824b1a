import Foundation
import TestSupport
import Testing

/// `gradbook doctor`, `backup`, `delete`, `restore` and `gc` on real files.
@Suite(.timeLimit(.minutes(5)))
struct UpkeepTests {
    private let scratch: Scratch

    /// Runs 1 and 2 of the sweep "s", and run 3, "single".
    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--seeds", "1..2", "--steps", "50")
        try scratch.gradbook("run", "--name", "single", "--steps", "30")
    }

    @Test
    func `a doctor finds nothing in a sound notebook`() throws {
        let invocation = try scratch.gradbook("doctor")

        #expect(invocation.exitCode == 0)
        #expect(invocation.output == "nothing found in 'gradbook.db'\n")
        #expect(invocation.error.contains("counted, not read: --deep looks at every page"))
        #expect(try scratch.gradbook("doctor", "--deep").error.isEmpty)
        #expect(try scratch.gradbook("doctor", "--format", "json").output == "[]\n")
    }

    @Test
    func `a notebook of an older release is brought up to date when it is read or merged`() throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "TrackingTests/Fixtures/version-1-full.db")
        for name in ["old.db", "other.db"] {
            try FileManager.default.copyItem(at: fixture, to: scratch.folder.appending(path: name))
        }

        let first = try scratch.gradbook("runs", "--db", "old.db", "--limit", "1", "--format", "csv")
        let second = try scratch.gradbook("runs", "--db", "old.db", "--limit", "1", "--format", "csv")

        #expect(first.exitCode == 0 && second.error.isEmpty && first.output == second.output)
        #expect(first.error.contains("'old.db' was written by an older release and is up to date now"))
        #expect(scratch.contains("old.db.version-1"))
        let merged = try scratch.gradbook("merge", "other.db", "--db", "old.db")
        #expect(merged.output == "other.db: nothing new\n", "\(merged.error)")
    }

    @Test
    func `a loss below the best one is found when the whole file is read`() throws {
        try scratch.sqlite3("UPDATE quadratic_steps SET loss = 0 WHERE run_id = 2 AND step = 20")

        let counted = try scratch.gradbook("doctor")
        let read = try scratch.gradbook("doctor", "--deep", "--format", "csv")

        #expect(counted.exitCode == 0)
        #expect(read.exitCode == 1)
        #expect(
            read.output.hasPrefix("kind,finding,remedy,is_left\nincomplete_run,run 2 has a best loss"),
            "\(read.output)")
    }

    @Test
    func `a doctor says what is missing, queues it when asked to, and the run can be finished`() throws {
        let before = try scratch.notebookContent()
        try scratch.sqlite3("DELETE FROM quadratic_steps WHERE run_id = 3 AND step IN (7, 8)")

        let found = try scratch.gradbook("doctor")
        #expect(found.exitCode == 1)
        #expect(
            found.sentences
                == "run 3 has 28 rows, but its last step is 29: there are gaps; --fix queues it, and gradbook run --resume 3 "
                + "computes it again and adds what is missing\n")
        #expect(!scratch.contains("gradbook.db.before-fix"))

        let fixed = try scratch.gradbook("doctor", "--fix")
        #expect(fixed.exitCode == 0 && fixed.output.contains("everything is repaired\n1 run queued"), "\(fixed.output)")
        #expect(fixed.error == "the file as it was is in 'gradbook.db.before-fix'\n")
        try scratch.gradbook("run", "--resume", "3")
        #expect(try scratch.notebookContent().firstDifference(from: before) == nil)
        #expect(try scratch.gradbook("doctor").exitCode == 0)
    }

    @Test
    func `a killed run and what it left behind are found`() throws {
        let died = try scratch.kill(
            ["run", "--steps", "3000000"], when: "SELECT 1 FROM quadratic_steps WHERE run_id = 4 LIMIT 1")
        try #require(died)

        let found = try scratch.gradbook("doctor")

        #expect(found.exitCode == 1)
        #expect(found.sentences.contains("a process that is gone left a write-ahead log"))
        #expect(found.sentences.contains("run 4 is called running, but its worker"))
        #expect(try scratch.gradbook("doctor", "--fix").exitCode == 0)
        #expect(try scratch.gradbook("runs", "state=queued", "--columns", "id").output.contains("4"))
    }

    @Test
    func `a copy is one file, and replaces none`() throws {
        let first = try scratch.gradbook("backup", "copy.db")
        let second = try scratch.gradbook("backup", "copy.db")

        #expect(first.exitCode == 0 && first.output == "copy.db\n")
        #expect(second.exitCode == 1)
        #expect(second.error == "gradbook: there is a file 'copy.db' already; give the copy another name\n")
        #expect(try scratch.notebookContent("copy.db") == scratch.notebookContent())
    }

    @Test
    func `deleted runs are hidden, restored, and collected`() throws {
        #expect(try scratch.gradbook("delete", "single", "--sweep", "s").error == "3 runs deleted\n")
        #expect(try scratch.gradbook("runs", "--format", "csv", "--columns", "id").output == "id\n")
        #expect(try scratch.gradbook("show", "single").error.contains("gradbook restore 3 brings it back"))
        #expect(try scratch.gradbook("report", "s").exitCode == 1)

        #expect(try scratch.gradbook("restore", "single").error == "run 3 restored\n")
        #expect(try scratch.gradbook("gc", "--yes").output == "2 runs with 100 steps removed, 1 sweep\n")
        #expect(try scratch.sqlite3("SELECT id FROM runs") == "3")
        #expect(try scratch.gradbook("restore", "1").exitCode == 1)
        #expect(try scratch.gradbook("run", "--steps", "2").output.hasPrefix("run 4:"))
    }

    @Test
    func `what would be deleted and restored is said before it is done`() throws {
        let before = try scratch.sqlite3("SELECT id, deleted_at FROM runs")
        let planned = try scratch.gradbook("delete", "1..2", "--dry-run")
        #expect(planned.exitCode == 0 && planned.output == "runs 1, 2 would be deleted\n", "\(planned.output)")
        #expect(try scratch.sqlite3("SELECT id, deleted_at FROM runs") == before)

        try scratch.gradbook("delete", "1..2")
        #expect(try scratch.gradbook("restore", "1", "--dry-run").output == "run 1 would be restored\n")
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs WHERE deleted_at IS NOT NULL") == "2")
    }

    @Test
    func `a report says that runs were deleted`() throws {
        try scratch.gradbook("delete", "2")

        let report = try scratch.gradbook("report", "s")

        #expect(report.exitCode == 0, "\(report.error)")
        let page = try String(contentsOf: scratch.file("reports/s/report.md"), encoding: .utf8)
        #expect(page.contains("The sweep's plan has 1 run more than the notebook shows: deleted, or never merged."))
    }
}
