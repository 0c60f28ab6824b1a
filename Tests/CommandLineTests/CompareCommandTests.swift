import Foundation
import TestSupport
import Testing

/// `gradbook compare` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct CompareCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "first", "--lr", "0.01,0.1,1e200", "--seeds", "1..7", "--steps", "60", "--batch-size", "full")
    }

    @Test
    func `runs stand side by side with what differs, and the better one marked`() throws {
        let invocation = try scratch.gradbook(["compare", "1", "2", "3"], environment: ["COLUMNS": "80"])

        #expect(invocation.exitCode == 0)
        let lines = invocation.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[0] == ["run", "1", "run", "2"] && lines.contains(["run", "3"]))
        #expect(lines[1] == ["lr", "0.01", "0.1"] && lines.contains(["lr", "1e+200"]))
        #expect(lines.contains(["state", "done", "done"]) && lines.contains(["state", "diverged"]))
        let loss = try #require(lines.first { $0[0] == "final_loss" })
        #expect(loss[3] == "*" && !loss[1].hasSuffix("*"), "\(loss)")
        #expect(try scratch.sqlite3("SELECT final_loss = \(loss[2]) FROM runs WHERE id = 2") == "1")
        #expect(!invocation.output.contains("samples") && invocation.output.contains("run 3 │"))
        #expect(invocation.output.contains("loss of each step from "))
    }

    @Test
    func `a run that was killed stands there as interrupted, with the steps that it has`() throws {
        #expect(
            try scratch.kill(
                ["run", "--name", "killed", "--steps", "3000000"],
                when:
                    "SELECT run_id FROM quadratic_steps WHERE run_id = (SELECT id FROM runs WHERE name = 'killed') LIMIT 1"
            ))
        let steps = try scratch.sqlite3(
            "SELECT max(step) + 1 FROM quadratic_steps WHERE run_id = (SELECT id FROM runs WHERE name = 'killed')")

        let rows = try scratch.gradbook("compare", "1", "killed", "--format", "csv").output
        let listed = try scratch.gradbook("runs", "name=killed", "--columns", "steps_done", "--format", "csv").output

        #expect(rows.contains("metric,state,done,interrupted,"), "\(rows)")
        #expect(rows.contains("metric,steps_done,60,\(steps),"), "\(rows)")
        #expect(listed == "steps_done\n\(steps)\n")
        #expect(try scratch.gradbook("why", "killed").output.contains("outcome: unfinished, so far "))
    }

    @Test
    func `runs of one sweep are compared on all seeds of their configurations`() throws {
        let output = try scratch.gradbook("compare", "1", "2").output

        #expect(output.contains("\nOn all seeds of the sweep: "))
        #expect(output.replacing("\n  ", with: " ").contains("7 common seeds"))
    }

    @Test
    func `a sweep too long to be read at once is left to its report`() throws {
        try scratch.gradbook(
            "sweep", "long", "--lr", "0.01,0.1", "--seeds", "1..6", "--steps", "4300", "--gradients", "manual",
            "--samples", "5", "--batch-size", "full")

        let output = try scratch.gradbook("compare", "22", "23").output.replacing("\n  ", with: " ")

        #expect(
            output.contains("has 12 runs of these configurations; gradbook report long compares them"), "\(output)")
    }

    @Test
    func `replicates of several configurations are a sample by themselves`() throws {
        let ids = try scratch.sqlite3("SELECT id FROM runs WHERE learning_rate < 1 AND seed <= 6").split(
            separator: "\n")
        let output = try scratch.gradbook(["compare"] + ids.map(String.init)).output

        #expect(output.replacing("\n  ", with: " ").contains("6 common seeds") && !output.contains("On all seeds"))
        #expect(output.replacing("\n  ", with: " ").contains("lr 0.1 is better than lr 0.01"), "\(output)")
    }

    @Test
    func `losses on other data are not compared with each other`() throws {
        try scratch.gradbook("run", "--data-seed", "3", "--steps", "60")

        let output = try scratch.gradbook("compare", "1", "last").output

        #expect(output.contains("data.seed") && !output.contains("*"))
    }

    @Test(arguments: [
        ("csv", "kind,name,run_1,run_2,better\nsetting,lr,0.01,0.1,\n"),
        ("json", #"[\#n{"kind":"setting","name":"lr","run_1":0.01,"run_2":0.1,"better":null}"#),
        ("jsonl", #"{"kind":"setting","name":"lr","run_1":0.01,"run_2":0.1,"better":null}"#),
        ("markdown", "| kind | name | run\\_1 | run\\_2 | better |\n"),
    ])
    func `a program gets the same in every format`(format: String, beginning: String) throws {
        let invocation = try scratch.gradbook("compare", "1", "2", "--format", format)

        #expect(invocation.exitCode == 0)
        #expect(invocation.output.hasPrefix(beginning), "\(invocation.output)")
    }

    @Test(arguments: [
        (["compare", "1", "nobody"], "'nobody'", 1), (["compare", "1"], "'1'", 64),
        (["compare", "last", "21"], "the same run", 64),
    ])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code && invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
    }
}
