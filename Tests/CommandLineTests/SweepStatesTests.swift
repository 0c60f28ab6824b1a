import Foundation
import TestSupport
import Testing

/// `sweep status`, `cancel` and `retry`.
@Suite(.timeLimit(.minutes(5)))
struct SweepStatesTests {
    private let scratch: Scratch

    /// Three queued runs of ten steps.
    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("sweep", "first", "--enqueue-only", "--seeds", "1..3", "--steps", "10")
    }

    private func status() throws -> [String: Any] {
        let output = try scratch.gradbook("sweep", "status", "first", "--format", "json").output
        return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    @Test(arguments: [["--dry-run"], ["--lr", "0.1", "--dry-run"], [], ["--lr", "0.1"]])
    func `a name that is taken is refused before anything else is said`(arguments: [String]) throws {
        try scratch.gradbook("sweep", "rates", "--lr", "0.1,0.2", "--seeds", "1..2", "--steps", "3")

        let again = try scratch.gradbook(["sweep", "rates"] + arguments)

        #expect(again.exitCode == 1 && again.output.isEmpty)
        #expect(
            again.error.contains(
                "the name 'rates' belongs to a sweep; choose another one, or add to it, such as a seed with gradbook sweep extend "
                    + "rates --seeds 3"), "\(again.error)")
    }

    @Test
    func `a sweep begins in an empty file, which a kill may leave`() throws {
        try scratch.write("", to: "empty.db")

        let sweep = try scratch.gradbook(
            "sweep", "s", "--lr", "0.1", "--seeds", "1", "--steps", "3", "--db", "empty.db")

        #expect(sweep.exitCode == 0, "\(sweep.error)")
    }

    @Test
    func `the status names runs that are deleted`() throws {
        try scratch.gradbook("sweep", "resume", "first")
        try scratch.gradbook("delete", "2")

        #expect(
            try scratch.gradbook("sweep", "status", "first").output == """
                first: done, 2 of 3 runs ended, 20 of 20 steps recorded
                  2 done
                  1 run deleted, and not counted here

                """)
    }

    @Test
    func `the status of a queued sweep says that nobody works on it`() throws {
        #expect(
            try scratch.gradbook("sweep", "status", "first").output == """
                first: open, 0 of 3 runs ended, 0 of 30 steps recorded
                  3 queued
                  nobody works on it; gradbook sweep resume first resumes it

                """)
    }

    @Test
    func `the status of a sweep whose runs are deleted says how to bring them back`() throws {
        try scratch.gradbook("delete", "--sweep", "first")

        #expect(
            try scratch.gradbook("sweep", "status", "first").output.hasSuffix(
                "  no run is shown; gradbook restore --sweep first brings deleted ones back\n"))
    }

    @Test
    func `an interrupted run is named, and counted apart from running ones`() throws {
        // What a process leaves behind that died in its second step.
        try scratch.sqlite3(
            """
            UPDATE runs SET state = 'running', attempt = 1, host = 'elsewhere', pid = 7, process_started = 1, boot_id = 'b',
                started_at = '2026-01-01T00:00:00.000Z', lease_until = '2026-01-01T00:00:30.000Z' WHERE id = 2;
            INSERT INTO quadratic_steps VALUES (2, 0, 0, 1, 1, 1, 1, 1, 1, 0, NULL);
            """)

        let table = try scratch.gradbook("sweep", "status", "first").output
        #expect(table.contains("  2 queued, 1 interrupted\n"), "\(table)")
        #expect(table.contains("interrupted: run 2 (1 of 10 steps); process 7 on elsewhere is gone"), "\(table)")
        let status = try status()
        #expect((status["runs"] as? [String: Int])?["interrupted"] == 1)
        #expect((status["runs"] as? [String: Int])?["running"] == 0)
        #expect((status["interrupted"] as? [[String: Any]])?.first?["run_id"] as? Int == 2)
        #expect(status["steps_recorded"] as? Int == 1)
        #expect(status["steps_left"] as? Int == 29)
    }

    @Test
    func `a worker with a lease is at work, and what is left is estimated`() throws {
        let formatter = ISO8601DateFormatter()
        let (started, lease) = (Date(timeIntervalSinceNow: -10), Date(timeIntervalSinceNow: 600))
        try scratch.sqlite3(
            """
            UPDATE runs SET state = 'running', attempt = 1, host = 'elsewhere', pid = 7, process_started = 1, boot_id = 'b',
                started_at = '\(formatter.string(from: started))', lease_until = '\(formatter.string(from: lease))'
                WHERE id = 1;
            INSERT INTO quadratic_steps SELECT 1, value, 0, 1, 1, 1, 1, 1, 1, 0, NULL FROM generate_series(0, 4);
            """)

        let status = try status()
        let (speed, left) = try (
            #require(status["steps_per_second"] as? Double), #require(status["seconds_left"] as? Double)
        )
        #expect((status["running"] as? [[String: Any]])?.first?["pid"] as? Int == 7)
        #expect(speed > 0 && speed <= 0.5)
        #expect(abs(left - 25 / speed) < 1e-6)
    }

    @Test
    func `a cancelled sweep is not resumed, and is trained when it is retried`() throws {
        let cancel = try scratch.gradbook("sweep", "cancel", "first")
        let resume = try scratch.gradbook("sweep", "resume", "first")
        #expect(cancel.exitCode == 0 && cancel.error.contains("3 runs cancelled"), "\(cancel.error)")
        #expect(resume.exitCode == 1)
        #expect(resume.error.contains("gradbook sweep retry first --state cancelled"), "\(resume.error)")
        #expect(try scratch.gradbook("sweep", "extend", "first", "--seeds", "4").error == resume.error)
        #expect(try scratch.sqlite3("SELECT DISTINCT state FROM runs") == "cancelled")

        let retry = try scratch.gradbook("sweep", "retry", "first", "--state", "cancelled")
        #expect(retry.exitCode == 0, "\(retry.error)")
        #expect(try scratch.sqlite3("SELECT state, count(*), max(steps_done) FROM runs GROUP BY state") == "done|3|10")
        #expect(try scratch.sqlite3("SELECT state FROM sweeps") == "done")
        #expect(try scratch.gradbook("sweep", "cancel", "first").error.contains("nothing to cancel"))
    }

    @Test
    func `failed runs make the sweep fail, are named, and can be retried`() throws {
        try scratch.sqlite3(
            "CREATE TABLE kept AS SELECT id, config FROM runs; UPDATE runs SET config = '{}' WHERE id = 2")

        let failing = try scratch.gradbook("sweep", "resume", "first", "--workers", "1")
        #expect(failing.exitCode == 1)
        #expect(
            failing.error.contains("1 run failed") && failing.error.contains("sweep retry first"), "\(failing.error)")
        #expect(try scratch.sqlite3("SELECT state FROM runs ORDER BY id") == "done\nfailed\ndone")
        #expect(try scratch.gradbook("sweep", "status", "first").output.contains("2 done, 1 failed"))

        try scratch.sqlite3(
            "UPDATE runs SET config = (SELECT config FROM kept WHERE kept.id = runs.id); DROP TABLE kept")
        let retry = try scratch.gradbook("sweep", "retry", "first")
        #expect(retry.exitCode == 0 && retry.error.contains("1 failed run is tried again"), "\(retry.error)")
        #expect(
            try scratch.sqlite3("SELECT state, state_reason IS NULL FROM runs ORDER BY id") == "done|1\ndone|1\ndone|1")
        #expect(try scratch.gradbook("sweep", "retry", "first").error.contains("no run is failed"))
    }

    @Test
    func `what a message advises can be pasted, whatever the sweep is called`() throws {
        try scratch.gradbook("sweep", "two words", "--enqueue-only", "--seeds", "1", "--steps", "5")
        let taken = try scratch.gradbook("sweep", "two words", "--seeds", "1", "--steps", "5")
        let cancelled = try scratch.gradbook("sweep", "cancel", "two words")
        try scratch.gradbook("sweep", "it's, 1", "--enqueue-only", "--seeds", "1", "--steps", "5")
        try scratch.sqlite3("UPDATE runs SET config = '{}' WHERE sweep_id = 3")
        let failed = try scratch.gradbook("sweep", "resume", "it's, 1")

        #expect(taken.error.contains("gradbook sweep resume 'two words'"), "\(taken.error)")
        #expect(cancelled.error.contains("gradbook sweep retry 'two words' --state"), "\(cancelled.error)")
        #expect(failed.error.contains(#"gradbook sweep retry 'it'\''s, 1'"#), "\(failed.error)")
        #expect(failed.error.contains(#"gradbook runs 'sweep="it'\''s, 1" state=failed'"#), "\(failed.error)")
        #expect(
            try scratch.gradbook("runs", #"sweep="it's, 1" state=failed"#, "--columns", "id", "--format", "csv").output
                == "id\n5\n")
    }

    @Test
    func `the same failure three times in a row stops a sweep`() throws {
        try scratch.gradbook("sweep", "long", "--enqueue-only", "--seeds", "1..5", "--steps", "5")
        try scratch.sqlite3("UPDATE runs SET config = '{}' WHERE sweep_id = 2")

        let stopped = try scratch.gradbook("sweep", "resume", "long", "--workers", "1")

        #expect(stopped.exitCode == 1)
        #expect(stopped.error.contains("3 runs in a row failed in the same way"), "\(stopped.error)")
        #expect(try scratch.gradbook("sweep", "status", "long").output.contains("long: stopped, 3 of 5 runs ended"))
    }

    @Test(arguments: ["status", "resume", "cancel", "retry"])
    func `a sweep that does not exist is answered with the nearest name`(command: String) throws {
        let invocation = try scratch.gradbook("sweep", command, "frist")

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains("there is no sweep 'frist'"), "\(invocation.error)")
        #expect(invocation.error.contains("did you mean 'first'?"))
    }

    @Test
    func `what Slurm says stands beside what the shards hold`() throws {
        try scratch.sqlite3(
            """
            INSERT INTO slurm_jobs (sweep_id, array_job, merge_job, tasks, folder, submitted_at)
            VALUES (1, '12', '13', 3, 'first.slurm/1', '2026-01-01T00:00:00Z')
            """)
        for (name, script) in [
            "squeue": "echo '12 1 RUNNING'; echo '12 2 PENDING'; echo '13 N/A PENDING'",
            "sacct": "echo '12_0|COMPLETED'; echo '12_1|RUNNING'",
        ] {
            try scratch.write("#!/bin/sh\n\(script)\n", to: name)
            _ = try scratch.shell("chmod +x \(name)")
        }
        _ = try scratch.shell("mkdir -p first.slurm/1/shards")
        try scratch.gradbook(
            "sweep", "shard", "first", "--index", "0", "--of", "3", "--out", "first.slurm/1/shards/shard-0.db")
        try scratch.write("rubbish", to: "first.slurm/1/shards/shard-2.db")
        let path = try #require(ProcessInfo.processInfo.environment["PATH"])

        let status = try scratch.gradbook(
            ["sweep", "status", "first"], environment: ["PATH": "\(scratch.folder.path):\(path)"])

        #expect(
            status.sentences.contains(
                "Slurm job 12: 1 completed, 1 pending, 1 running; 1 of 3 shards in first.slurm/1 with 1 run, "
                    + "damaged: shard-2.db; merged by job 13: pending"), "\(status.output)\(status.error)")
        let elsewhere = try scratch.gradbook(["sweep", "status", "first"], environment: ["PATH": "/nowhere"])
        #expect(elsewhere.sentences.contains("Slurm job 12: squeue is not on this machine"), "\(elsewhere.output)")
    }
}
