import Foundation
import TestRows
import TestSupport
import Testing

/// `gradbook sweep --search halving` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct HalvingCommandTests {
    private static let arguments = [
        "sweep", "h", "--search", "halving", "--lr", "0.001,50,0.5,0.1", "--eta", "2", "--seeds", "1..3", "--steps",
        "400",
    ]

    /// Every number of the sweep that training decides, and the tables of its rungs.
    private func content(of scratch: Scratch) throws -> String {
        let runs = try scratch.sqlite3(
            """
            SELECT trial_number, config, state, steps_done, printf('%!.17g', final_loss),
                (SELECT count(*) || ' ' || printf('%!.17g', sum(loss)) FROM quadratic_steps WHERE run_id = id)
            FROM runs ORDER BY trial_number
            """)
        return runs + (try scratch.sqlite3("SELECT message FROM events WHERE kind = 'rung' ORDER BY id"))
    }

    @Test
    func `the better half is promoted to twice as many steps, and diverged ones do not`() throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook(Self.arguments)

        #expect(invocation.exitCode == 0, "\(invocation.error)")
        #expect(
            try scratch.sqlite3("SELECT steps, group_concat(DISTINCT learning_rate) FROM runs GROUP BY steps")
                == "100|0.001,50.0,0.5,0.1\n200|0.5,0.1\n400|0.5")
        #expect(
            try scratch.sqlite3(
                """
                SELECT rung, steps, group_concat(promoted), sum(median_final_loss IS NULL) FROM rungs GROUP BY sweep, rung
                """) == "1|100|1,1,0,0|1\n2|200|1,0|0\n3|400|0|0")
        #expect(
            try scratch.sqlite3(
                """
                SELECT DISTINCT rank, learning_rate FROM rungs JOIN runs USING (group_id)
                WHERE rung = 1 AND rank < 3 ORDER BY rank
                """) == "1|0.5\n2|0.1")
        #expect(
            try scratch.sqlite3("SELECT sampler, budget_steps, planned_runs, state FROM sweeps")
                == "halving|400|21|done")
    }

    @Test
    func `a longer run begins with the steps of the shorter one`() throws {
        let scratch = try Scratch()
        try scratch.gradbook(Self.arguments)

        let different = try scratch.sqlite3(
            """
            SELECT count(*), sum(a.loss IS NOT b.loss OR a.w IS NOT b.w OR a.b IS NOT b.b)
            FROM runs AS short JOIN runs AS long USING (learning_rate, seed)
            JOIN quadratic_steps AS a ON a.run_id = short.id JOIN quadratic_steps AS b ON b.run_id = long.id AND b.step = a.step
            WHERE short.steps < long.steps
            """)

        #expect(different == "\(3 * (100 + 100 + 100 + 200))|0")
    }

    @Test
    func `workers, kills and resumes change nothing`() throws {
        let arguments: [String] = Self.arguments.dropLast() + ["1200", "--durability", "step"]
        let undisturbed = try Scratch()
        try undisturbed.gradbook(arguments + ["--workers", "1"])
        let shared = try Scratch()
        try shared.gradbook(arguments + ["--workers", "4"])
        let disturbed = try Scratch()

        let died = try disturbed.kill(arguments, when: "SELECT run_id FROM quadratic_steps LIMIT 1")
        // Between two rungs: the first has ended, and nobody has ranked it.
        try disturbed.gradbook("sweep", "resume", "h", "--enqueue-only")
        let resumed = try disturbed.gradbook("sweep", "resume", "h")

        #expect(died)
        #expect(resumed.exitCode == 0, "\(resumed.error)")
        #expect(try content(of: shared) == content(of: undisturbed))
        #expect(try content(of: disturbed) == content(of: undisturbed))
    }

    /// The first run, or all runs of the first configuration.
    @Test(arguments: [(hidden: ["1"], ranked: 4), (hidden: ["1", "5", "9"], ranked: 3)])
    func `hidden runs have no part in a rung, and leave its number and the next ones as they were`(
        hidden: [String], ranked: Int
    ) throws {
        let scratch = try Scratch()
        try scratch.gradbook(Self.arguments + ["--enqueue-only"])
        try scratch.gradbook(["delete"] + hidden)

        let invocation = try scratch.gradbook("sweep", "resume", "h")

        #expect(invocation.exitCode == 0, "\(invocation.error)")
        #expect(
            try scratch.sqlite3("SELECT rung, steps, count(*) FROM rungs GROUP BY rung, steps")
                == "1|100|\(ranked)\n2|200|2\n3|400|1")
    }

    @Test
    func `a sweep that ended between two rungs resumes`() throws {
        let undisturbed = try Scratch()
        try undisturbed.gradbook(Self.arguments)
        let scratch = try Scratch()
        try scratch.gradbook(Self.arguments)
        try scratch.sqlite3(
            "PRAGMA foreign_keys = ON; DELETE FROM runs WHERE steps > 100; DELETE FROM rung_results; "
                + "UPDATE sweeps SET planned_runs = 12")

        let resumed = try scratch.gradbook("sweep", "resume", "h")

        #expect(resumed.exitCode == 0, "\(resumed.error)")
        #expect(try content(of: scratch) == content(of: undisturbed))
    }

    @Test
    func `the plan shows every rung`() throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook(Self.arguments + ["--dry-run"])

        #expect(invocation.output.hasPrefix("4 configurations x 3 seeds: at most 21 runs, 3600 steps\n"))
        #expect(invocation.output.contains("  rung 2  2 configurations for 200 steps\n"))
        #expect(try scratch.contents().isEmpty)
    }

    @Test(arguments: [
        (["--search", "halving", "--engine", "slurm", "--tasks", "2"], "rung by rung"),
        (["--eta", "4"], "--eta: '4' is for --search halving"),
        (["--search", "halving", "--lr", "loguniform:1e-3:1"], "--search halving --trials 32"),
    ])
    func `what halving cannot do is refused`(arguments: [String], part: String) throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook(["sweep", "h"] + arguments)

        #expect(invocation.exitCode != 0)
        #expect(invocation.error.contains(part), "\(invocation.error)")
        #expect(try scratch.contents().isEmpty)
    }
}
