import Foundation
import TestSupport
import Testing

/// `gradbook diff` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct DiffCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for name in ["one", "two"] {
            try scratch.gradbook("run", "--name", name, "--steps", "4200", "--samples", "10")
        }
    }

    /// Gives the second run another last bit at a step.
    private func change(_ column: String, step: Int) throws {
        let factor = "(1 + 2.220446049250313e-16)"
        try scratch.sqlite3(
            "UPDATE quadratic_steps SET \(column) = \(column) * \(factor) WHERE run_id = 2 AND step = \(step)")
    }

    @Test
    func `runs of one configuration do not part`() throws {
        let invocation = try scratch.gradbook("diff", "one", "two")

        #expect(invocation.exitCode == 0)
        #expect(invocation.output == "runs 1 and 2 have the same bits in all 4200 steps\n")
    }

    @Test
    func `a run that continues parts where the other ends`() throws {
        try scratch.gradbook("run", "--name", "longer", "--steps", "4210", "--samples", "10")

        let output = try scratch.gradbook("diff", "one", "longer").output

        #expect(output == "runs 1 and 3 have the same bits up to step 4200, which run 1 does not have\n")
    }

    @Test
    func `the first step that differs is shown with both values and their distance`() throws {
        try change("w", step: 4150)
        try change("loss", step: 4150)
        try change("b", step: 4160)
        let output = try scratch.gradbook("diff", "1", "2").output

        let lines = output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(output.hasPrefix("runs 1 and 2 differ first at step 4150:\n"))
        #expect(lines[1] == ["step", "column", "run_1", "run_2", "ulps"])
        #expect(lines.dropFirst(2).map { [$0[0], $0[1]] } == [["4150", "w"], ["4150", "loss"]])
        #expect(lines.dropFirst(2).allSatisfy { ["1", "2"].contains($0[4]) && $0[2] != $0[3] })
    }

    @Test(arguments: [
        ("csv", "step,column,run_1,run_2,ulps\n9,b,"), ("json", #"[\#n{"step":9,"column":"b","run_1":"#),
        ("jsonl", #"{"step":9,"column":"b","run_1":"#), ("markdown", "| step | column | run\\_1 | run\\_2 | ulps |\n"),
    ])
    func `a program gets the numbers in every format`(format: String, beginning: String) throws {
        try change("b", step: 9)

        let invocation = try scratch.gradbook("diff", "1", "2", "--format", format)

        #expect(invocation.output.hasPrefix(beginning), "\(invocation.output)")
        #expect(invocation.error == "runs 1 and 2 differ first at step 9:\n")
    }

    @Test(arguments: [(["diff", "1", "nobody"], "'nobody'", 1), (["diff", "1"], "other-run", 64)])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code && invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
    }
}
