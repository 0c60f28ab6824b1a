import Foundation
import TestSupport
import Testing

/// `gradbook fork` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct ForkCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("run", "--name", "first", "--optimizer", "adam", "--lr", "0.05", "--steps", "60")
    }

    @Test
    func `a fork is a run of its own that knows its parent`() throws {
        let invocation = try scratch.gradbook(
            "fork", "first", "--at", "20", "lr=0.003", "beta1=0.8", "--name", "second")

        #expect(invocation.exitCode == 0)
        #expect(invocation.output.hasPrefix("run 2: done after 60 steps\n"))
        #expect(invocation.error == "run 2 is run 1 from step 20 on, with lr=0.003 beta1=0.8\n")
        #expect(
            try scratch.sqlite3(
                "SELECT parent_run_id, parent_step, runs.learning_rate, count(*), min(step) FROM runs JOIN quadratic_steps "
                    + "ON run_id = id WHERE id = 2") == "1|20|0.003|40|20")
        #expect(try scratch.gradbook("show", "second").output.contains("\nforked from run 1 at step 20\n"))
        #expect(try scratch.gradbook("verify", "second").exitCode == 0)
        let listing = try scratch.gradbook("runs").output
        #expect(listing.contains("id  name    parent  parent_step") && !listing.contains("fork"))
        #expect(try scratch.gradbook("doctor", "--deep").exitCode == 0)
    }

    @Test
    func `without a change nothing tells it from its parent`() throws {
        let output = try scratch.gradbook("fork", "1", "--at", "20", "--format", "json").output

        #expect(output.contains(#""run_id":2,"state":"done","steps":60"#))
        #expect(
            try scratch.gradbook("diff", "1", "2").output
                == "runs 1 and 2 have the same bits in all 40 steps from step 20 on\n")
    }

    @Test
    func `a notebook with a fork is merged with its parent's new number`() throws {
        try scratch.gradbook("fork", "1", "--at", "20", "lr=0.003")
        try scratch.gradbook("run", "--steps", "3", "--db", "other.db")

        #expect(try scratch.gradbook("merge", "gradbook.db", "--db", "other.db").exitCode == 0)
        #expect(
            try scratch.sqlite3("SELECT parent_run_id, parent_step FROM runs WHERE id = 3", in: "other.db") == "2|20")
        #expect(try scratch.gradbook("verify", "3", "--db", "other.db").exitCode == 0)
    }

    @Test(arguments: [
        (["fork", "nobody", "--at", "3"], "'nobody'", 1), (["fork", "1"], "--at", 64),
        (["fork", "1", "--at", "-1"], "--at", 64), (["fork", "1", "--at", "61"], "0 to 59", 64),
        (["fork", "1", "--at", "3", "seed=4"], "'seed'", 64), (["fork", "1", "--at", "3", "lr=x"], "lr: 'x'", 64),
        (["fork", "1", "--at", "3", "--name", "7"], "'7'", 64),
        (["fork", "1", "--at", "3", "--tag", " "], "no tag", 64),
        (["fork", "1", "--at", "3", "lr"], "gradbook: 'lr' is not a setting", 64),
        (["fork", "1", "--at", "3", "lr=none"], "lr: 'none'", 64),
    ])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code && invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "1")
    }
}
