import Foundation
import TestSupport
import Testing

/// `gradbook run --resume`.
@Suite(.timeLimit(.minutes(5)))
struct ResumeTests {
    private let scratch: Scratch

    /// A run that was killed after some of its 400000 steps.
    init() throws {
        scratch = try Scratch()
        let died = try scratch.kill(
            ["run", "--steps", "400000", "--gradients", "manual", "--name", "first"],
            when: "SELECT 1 FROM quadratic_steps WHERE step >= 1000 LIMIT 1")
        try #require(died)
    }

    @Test
    func `a killed run is called interrupted, is resumed, and is then done for good`() throws {
        #expect(try scratch.gradbook("runs", "--columns", "state").output.contains("interrupted"))

        let resumed = try scratch.gradbook("run", "--resume", "first")
        let again = try scratch.gradbook("run", "--resume", "1")

        #expect(resumed.exitCode == 0 && resumed.error.isEmpty)
        #expect(resumed.output.hasPrefix("run 1: done after 400000 steps\n"))
        #expect(again.exitCode == 0 && again.output == resumed.output)
        #expect(again.error == "run 1 had ended; there is nothing to resume\n")
        #expect(try scratch.sqlite3("SELECT count(*), max(step) FROM quadratic_steps") == "400000|399999")
    }

    @Test
    func `one different bit is named, and no row is changed`() throws {
        try scratch.sqlite3("UPDATE quadratic_steps SET grad_b = grad_b + 1e-15 WHERE step = 77")
        let rows = "SELECT printf('%!.17g', sum(grad_b)) FROM quadratic_steps WHERE step <= 1000"
        let before = try scratch.sqlite3(rows)

        let resumed = try scratch.gradbook("run", "--resume", "first")

        #expect(resumed.exitCode == 1)
        #expect(
            resumed.error
                == "gradbook: step 77 of run 1 is stored with another grad_b than the one computed now; nothing was "
                + "overwritten\n")
        #expect(try scratch.sqlite3(rows) == before)
        #expect(try scratch.sqlite3("SELECT state FROM runs") == "running")
    }

    @Test(arguments: [
        (arguments: ["--lr", "0.2"], says: "leave the other settings"), (["--seed", "1"], "leave the other settings"),
        (["--name", "n"], "leave the other settings"),
    ])
    func `settings are not given again`(arguments: [String], says: String) throws {
        let invocation = try scratch.gradbook(["run", "--resume", "first"] + arguments)

        #expect(invocation.exitCode == 64)
        #expect(invocation.error.contains("--resume: run 'first' resumes as it was planned; \(says)"))
    }
}
