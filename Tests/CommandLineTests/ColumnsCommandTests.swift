import Foundation
import TestSupport
import Testing

/// `gradbook columns`, and what filters say of names and values that are not there.
@Suite(.timeLimit(.minutes(5)))
struct ColumnsCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test
    func `without a notebook what is always there is listed`() throws {
        let all = try scratch.gradbook("columns")
        let missing = try scratch.gradbook("columns", "--db", "no.db")

        #expect(all.exitCode == 0 && all.output.hasPrefix("columns of runs\n"))
        #expect(all.output.contains("\n  state ") && all.output.contains("min(loss)@step"))
        #expect(!all.output.contains("settings of"))
        #expect(
            all.error
                == "gradbook: there is no notebook 'gradbook.db', so its settings and parameters are not listed\n")
        let folded = try scratch.gradbook(["columns"], environment: ["COLUMNS": "80"]).output
        #expect(folded.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(missing.exitCode == 1 && missing.error.contains("'no.db'"))
    }

    @Test(arguments: [
        ["columns"], ["optimizers"], ["schedules"],
        ["sweep", "s", "--dry-run", "--seeds", "1", "--optimizer", "sgd,adam", "--lr", "0.0123456789012345678901"]
            + ["--batch-size", "100", "--schedule", "constant"],
    ])
    func `lists are folded where there is an edge, and nowhere else`(command: [String]) throws {
        let whole = try scratch.gradbook(command).output
        let folded = try scratch.gradbook(command, environment: ["COLUMNS": "60"]).output

        let count = { (text: String) in text.split(separator: "\n").count }
        #expect(count(whole) < count(folded), "\(whole)")
        #expect(folded.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(folded)")
    }

    @Test
    func `a notebook adds its settings and parameters`() throws {
        try scratch.gradbook("run", "--steps", "2")

        let all = try scratch.gradbook("columns").output
        let found = try scratch.gradbook("columns", "momentum", "--format", "csv").output

        #expect(all.contains("\n  w_in_original_units ") && all.contains("\n  grad_w") == false)
        #expect(all.contains("last(grad_w)") && all.contains("data.noise"))
        #expect(found.hasPrefix("group,name,synonyms,kind,meaning,example"))
        #expect(found.contains("setting,momentum,,number,how much of the last update is kept,momentum=0"))
        #expect(try scratch.gradbook("columns", "colour").exitCode == 64)
    }

    @Test
    func `a value that no run can have is bad usage wherever a filter stands`() throws {
        try scratch.gradbook(
            "sweep", "rates", "--optimizer", "sgd,adam", "--lr", "0.1", "--seeds", "1..2", "--steps", "2")
        for command in [
            ["runs", "optimizer=Adam"], ["export", "runs", "optimizer=Adam"],
            ["judge", "noise", "rates:optimizer=Adam"],
            ["judge", "rates", "rates", "--select", "optimizer=Adam"],
        ] {
            let invocation = try scratch.gradbook(command)
            #expect(invocation.exitCode == 64 && invocation.output.isEmpty, "\(command)")
            #expect(
                invocation.error.hasPrefix(
                    "gradbook: no run can have optimizer 'Adam' (did you mean 'adam'?); there are sgd"),
                "\(invocation.error)")
        }
        for (filter, nearest) in [
            ("state=bogus", "queued, running"), ("loss=msee", "'mse'"), ("dtype=float", "float64"),
            ("rng=nump", "'numpy'"), ("recipe=numpi", "'numpy'?); there are numpy, autograd"),
            ("model=bogus", "the only one is quadratic"), ("schedule=cosin", "'cosine'?"),
            ("schedule.name=x", "there are constant, step"),
        ] {
            let invocation = try scratch.gradbook("runs", filter)
            #expect(invocation.exitCode == 64 && invocation.error.contains(nearest), "\(invocation.error)")
        }
    }

    @Test
    func `a schedule is asked for by its name, and a file by the column that has it`() throws {
        try scratch.gradbook("run", "--steps", "5", "--schedule", "cosine:total=5")
        try scratch.gradbook("run", "--steps", "5", "--batch-size", "full")

        for (filter, id) in [("schedule=cosine", "1"), ("schedule=none", "2"), ("batch_size=full", "2")] {
            let found = try scratch.gradbook("runs", filter, "--columns", "id", "--format", "csv")
            #expect(found.output == "id\n\(id)\n", "\(filter): \(found)")
        }
        let file = try scratch.gradbook("runs", "data=pendel.csv").error
        #expect(file.contains("no run here has data 'pendel.csv'; a file's name is asked for by data_file=pendel.csv"))
        let blank = try scratch.gradbook("runs", "data='my file.csv'").error
        #expect(blank.contains("a file's name is asked for by data_file='my file.csv'"), "\(blank)")
        #expect(try scratch.gradbook("runs", "schedule=steps").error.contains("(did you mean 'step'?)"))
    }

    @Test
    func `an empty result says so`() throws {
        try scratch.gradbook("sweep", "rates", "--lr", "0.1", "--seeds", "1..2", "--steps", "2")

        let near = try scratch.gradbook("runs", "sweep=rate", "--format", "json")
        let export = try scratch.gradbook("export", "runs", "lr>1")
        let deleted = try scratch.gradbook("runs", "--deleted")
        let judged = try scratch.gradbook("judge", "noise", "rates:name=x")

        #expect(near.exitCode == 0 && near.output == "[]\n")
        #expect(
            near.error == """
                gradbook: no run here has sweep 'rate' (did you mean 'rates'?)
                gradbook: no run matches 'sweep=rate'

                """)
        #expect(export.exitCode == 0 && export.error == "gradbook: no run matches 'lr>1'\n")
        #expect(deleted.exitCode == 0 && deleted.error == "gradbook: there is no deleted run in 'gradbook.db'\n")
        #expect(judged.error.contains("no run of the sweep 'rates' matches 'name=x': no run here has name 'x'"))
        #expect(try scratch.gradbook("runs", "sweep=rates or sweep=rate").error.hasPrefix("gradbook: no run here"))
        #expect(try scratch.gradbook("runs", "sweep=rates").error.isEmpty)
    }

    @Test
    func `a report takes dates, and names of settings, but no time that moves`() throws {
        try scratch.gradbook("sweep", "rates", "--lr", "0.1", "--seeds", "1..2", "--steps", "2")

        let moving = try scratch.gradbook("report", "rates", "--select", "created>-2d")
        let dated = try scratch.gradbook("report", "rates", "--select", "created>=2020-01-01 rng=numpy", "--out", "r")

        #expect(moving.exitCode == 1 && moving.error.contains("'-2d' is another time tomorrow"), "\(moving.error)")
        #expect(dated.exitCode == 0, "\(dated.error)")
        #expect(try scratch.gradbook("report", "--check", "r").exitCode == 0)
        #expect(
            try scratch.gradbook("report", "rates", "--select", "name=x").error.contains("no run here has name 'x'"))
    }
}
