import Foundation
import TestSupport
import Testing

/// Commands and options under the names that they had before.
@Suite(.timeLimit(.minutes(5)))
struct FormerNamesTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test
    func `diverge is diff`() throws {
        try scratch.gradbook("run", "--steps", "3")
        try scratch.gradbook("run", "--steps", "3", "--lr", "0.2")

        let former = try scratch.gradbook("diverge", "1", "2", "--format", "csv")

        #expect(former.exitCode == 0 && former.output.hasPrefix("step,column,run_1,run_2,ulps"))
        #expect(former.output == (try scratch.gradbook("diff", "1", "2", "--format", "csv")).output)
    }

    @Test(arguments: [
        (former: ["--target", "loss=1e-3"], present: ["--stop-when", "loss=1e-3"]),
        (former: ["--stream", "torch"], present: ["--rng", "torch"]),
    ])
    func `a setting's former name gives the same configuration`(former: [String], present: [String]) throws {
        try scratch.gradbook(["run", "--steps", "3"])
        try scratch.gradbook(["run", "--steps", "3"] + former)
        try scratch.gradbook(["run", "--steps", "3"] + present)

        let hashes = try scratch.sqlite3("SELECT config_hash FROM runs ORDER BY id").split(separator: "\n")

        #expect(hashes.count == 3 && hashes[0] != hashes[1] && hashes[1] == hashes[2])
    }

    @Test
    func `a sweep stores the same space under either name`() throws {
        let values = ["loss=1e-3", "numpy,torch"]
        for (name, options) in [("former", ["--target", "--stream"]), ("present", ["--stop-when", "--rng"])] {
            let settings = zip(options, values).flatMap { [$0, $1] }
            #expect(try scratch.gradbook(["sweep", name, "--steps", "3", "--seeds", "1"] + settings).exitCode == 0)
        }

        let spaces = try scratch.sqlite3("SELECT search_space FROM sweeps ORDER BY id").split(separator: "\n")

        #expect(spaces.count == 2 && spaces[0] == spaces[1])
        #expect(spaces[0].contains(#""setting":"stream""#) && spaces[0].contains(#""setting":"target""#))
    }

    @Test
    func `--plan is --dry-run, and --engine none is --enqueue-only`() throws {
        let sweep = ["sweep", "s", "--steps", "3", "--seeds", "1..2"]
        let plan = try scratch.gradbook(sweep + ["--plan"])

        #expect(plan.exitCode == 0 && plan.output.hasPrefix("1 configuration x 2 seeds: 2 runs, 6 steps\n"))
        #expect(try scratch.contents().isEmpty)
        #expect(try scratch.gradbook(sweep + ["--engine", "none"]).exitCode == 0)
        #expect(try scratch.sqlite3("SELECT DISTINCT state FROM runs") == "queued")
        let more = try scratch.gradbook("sweep", "extend", "s", "--seeds", "3", "--plan")
        #expect(more.output.hasPrefix("1 new run, 3 steps\n"))
    }

    @Test
    func `--target of report and sweep best is --success`() throws {
        try scratch.gradbook("sweep", "s", "--lr", "0.1,0.5", "--steps", "30", "--seeds", "1..2")

        for option in ["--target", "--success"] {
            let best = try scratch.gradbook("sweep", "best", "s", "--by", "ert", option, "loss=10", "--format", "csv")
            #expect(best.exitCode == 0 && best.output.contains("loss=10"), "\(best.error)")
            let report = try scratch.gradbook(
                "report", "s", option, "loss=10", "--reproducible", "--format", "markdown", "--out", "report\(option)")
            #expect(report.exitCode == 0, "\(report.error)")
        }
        let written = try scratch.contents()
        #expect(written["report--target/report.md"] == written["report--success/report.md"])
        #expect(written["report--target/report.md"]?.isEmpty == false)
    }

    @Test(arguments: [["run"], ["sweep"], ["sweep", "extend"], ["sweep", "best"], ["report"], []])
    func `no help shows a former name`(command: [String]) throws {
        let help = try scratch.gradbook(command + ["--help"]).output

        for name in ["diverge ", "--stream", "--target", "none (the runs"] { #expect(!help.contains(name), "\(name)") }
    }
}
