import Foundation
import TestRows
import TestSupport
import Testing

/// `sweep extend`, `sweep best` and `run --config`.
@Suite(.timeLimit(.minutes(5)))
struct SweepResultsTests {
    private static let numbers = """
        SELECT r.config, r.state, s.step,
            printf('%!.17g %!.17g %!.17g %!.17g %!.17g', s.loss, s.w, s.b, s.grad_w, s.grad_b)
        FROM runs AS r JOIN quadratic_steps AS s ON s.run_id = r.id
        """
    private static let small = ["--optimizer", "sgd,adam", "--steps", "40"]

    @Test
    func `an extended sweep is the larger sweep, and its old runs are untouched`() throws {
        let (whole, scratch) = (try Scratch(), try Scratch())
        try whole.gradbook(["sweep", "s", "--lr", "0.01,0.1,0.5", "--seeds", "1..4"] + Self.small)
        try scratch.gradbook(["sweep", "s", "--lr", "0.01,0.1", "--seeds", "1..2"] + Self.small)
        let old = try scratch.hash(of: "SELECT * FROM runs; SELECT * FROM quadratic_steps")

        let plan = try scratch.gradbook("sweep", "extend", "s", "--seeds", "3..4", "--dry-run")
        #expect(
            plan.output == """
                8 new runs, 320 steps
                4 configurations that are there, on seeds 3,4
                    1  optimizer=sgd  lr=0.01  steps=40
                    2  optimizer=sgd  lr=0.1  steps=40
                    3  optimizer=adam  lr=0.01  steps=40
                    4  optimizer=adam  lr=0.1  steps=40

                """)
        let seeds = try scratch.gradbook("sweep", "extend", "s", "--seeds", "3..4")
        #expect(seeds.exitCode == 0 && seeds.error.contains("8 runs ended"), "\(seeds.error)")
        #expect(try scratch.sqlite3("SELECT group_concat(seed) FROM runs WHERE id > 8") == "3,3,3,3,4,4,4,4")
        let rates = try scratch.gradbook("sweep", "extend", "s", "--lr", "5e-1,1e-1", "--seeds", "1")
        #expect(rates.exitCode == 0 && rates.error.contains("8 runs ended"), "\(rates.error)")
        let nothing = try scratch.gradbook("sweep", "extend", "s", "--lr", "0.5")
        #expect(nothing.exitCode == 0 && nothing.error.contains("nothing to add"), "\(nothing.error)")

        #expect(
            try scratch.hash(
                of: "SELECT * FROM runs WHERE id <= 8; SELECT * FROM quadratic_steps WHERE run_id <= 8") == old)
        let order = " ORDER BY r.config, s.step"
        #expect(try scratch.hash(of: Self.numbers + order) == whole.hash(of: Self.numbers + order))
        #expect(try scratch.sqlite3("SELECT state, planned_runs FROM sweeps") == "done|24")
        #expect(try scratch.sqlite3("SELECT count(DISTINCT trial_number), max(trial_number) FROM runs") == "24|23")
    }

    @Test(arguments: [
        (arguments: ["s"], exitCode: Int32(64), text: "there is nothing to add"),
        (arguments: ["s", "--batch-size", "5"], exitCode: 64, text: "--batch-size: the sweep does not set it"),
        (arguments: ["s", "--lr", "log:1:0.1:3"], exitCode: 64, text: "low end below its high end"),
        (arguments: ["s", "--seeds", "1..100002"], exitCode: 64, text: "100001 runs, more than 100000"),
        (arguments: ["s", "--stop-when", "loss=0.1"], exitCode: 64, text: "this one's is 'loss=0.2'"),
        (arguments: ["t", "--seeds", "3"], exitCode: 1, text: "there is no sweep 't'"),
    ])
    func `an impossible extension is refused and changes nothing`(
        arguments: [String], exitCode: Int32, text: String
    ) throws {
        let scratch = try Scratch()
        try scratch.gradbook(["sweep", "s", "--lr", "0.1", "--stop-when", "loss=0.2", "--seeds", "1", "--enqueue-only"])

        let invocation = try scratch.gradbook(["sweep", "extend"] + arguments)

        #expect(invocation.exitCode == exitCode)
        #expect(invocation.error.contains(text), "\(invocation.error)")
        #expect(try scratch.sqlite3("SELECT count(*), max(planned_runs) FROM runs, sweeps") == "1|1")
    }

    @Test
    func `the budget of an extended sweep is that of its longest run`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--steps", "5", "--seeds", "1", "--enqueue-only")

        try scratch.gradbook("sweep", "extend", "s", "--steps", "3,8", "--enqueue-only")
        try scratch.gradbook("sweep", "extend", "s", "--steps", "2", "--enqueue-only")

        #expect(try scratch.sqlite3("SELECT budget_steps FROM sweeps") == "8")
    }

    @Test
    func `an extension does not repeat a deleted run`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--lr", "0.1,0.2", "--seeds", "1..3", "--steps", "5")
        try scratch.gradbook("delete", "2")

        let invocation = try scratch.gradbook("sweep", "extend", "s", "--seeds", "4")

        #expect(invocation.exitCode == 0 && invocation.error.contains("2 new runs, 10 steps"), "\(invocation.error)")
        #expect(try scratch.sqlite3("SELECT count(*), count(DISTINCT config_hash) FROM runs") == "8|8")
    }

    @Test(arguments: ["final_loss", "excess", "ert"])
    func `the best configuration is exported and gives the same bits again`(criterion: String) throws {
        let scratch = try Scratch()
        try scratch.gradbook([
            "sweep", "s", "--lr", "0.001,0.1,5", "--seeds", "1..3", "--optimizer", "sgd", "--steps", "200",
        ])

        let best = try scratch.gradbook(
            "sweep", "best", "s", "--by", criterion, "--success", "excess=0.5", "--export", "best.json", "--format",
            "json")
        #expect(best.exitCode == 0, "\(best.error)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(best.output.utf8)) as? [String: Any])
        let run = try #require(object["run_id"] as? Int)
        #expect(try scratch.sqlite3("SELECT learning_rate FROM runs WHERE id = \(run)") == "0.1")
        let replay = try scratch.gradbook("run", "--config", "best.json", "--name", "again")

        #expect(replay.exitCode == 0, "\(replay.error)")
        let columns = Self.numbers + " WHERE r.id = "
        #expect(
            try scratch.hash(of: columns + "(SELECT id FROM runs WHERE name = 'again')")
                == scratch.hash(of: columns + "\(run)"))
        #expect(
            try scratch.sqlite3("SELECT count(DISTINCT config_hash) FROM runs WHERE id = \(run) OR name = 'again'")
                == "1")
    }

    @Test(arguments: [
        ["--lr", "0.01,0.1,0.3", "--seeds", "1..4"], ["--lr", "0.01,0.1,5", "--seeds", "1..12"],
        ["--optimizer", "sgd,adam", "--lr", "0.02,0.2", "--seeds", "3..12"],
        ["--optimizer", "sgd,rmsprop", "--lr", "0.1,0.6", "--batch-size", "2,full", "--seeds", "1..9"],
        ["--optimizer", "sgd,adam", "--lr", "0.1,0.5", "--seeds", "1..6", "--search", "halving"],
        // Two rates reach the last rung, and after the steps of the one before they stand the other way round.
        [
            "--optimizer", "adam", "--lr", "0.02,0.05,0.1,0.2,0.3,0.4,0.6,0.9", "--batch-size", "5", "--seeds", "1..2",
            "--search", "halving",
        ],
    ])
    func `sweep best, the first row of the report and best:SWEEP are one configuration`(settings: [String]) throws {
        let scratch = try Scratch()
        try scratch.gradbook(["sweep", "s", "--steps", "120"] + settings)

        for criterion in [[], ["--success", "excess=0.05"]] {
            let output = try scratch.gradbook(["sweep", "best", "s", "--format", "json"] + criterion).output
            let best = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
            try scratch.gradbook(["report", "s", "--out", "r", "--force"] + criterion)
            let summary = try String(
                contentsOf: scratch.folder.appending(path: "r/data/summary.csv"), encoding: .utf8
            ).split(separator: "\n")
            let group = summary[1].split(separator: ",", omittingEmptySubsequences: false)[1]
            #expect(best["group_id"] as? String == String(group))
            guard criterion.isEmpty else { continue }
            let run = try #require(best["run_id"] as? Int)
            #expect(try scratch.gradbook("show", "best:s").output.hasPrefix("run \(run)"))
        }
    }

    @Test
    func `a target that no run has reached is no ranking`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--lr", "0.01,0.1", "--seeds", "1..2", "--steps", "5")

        let best = try scratch.gradbook("sweep", "best", "s", "--by", "ert", "--success", "excess=1e-9")

        #expect(best.exitCode == 1)
        #expect(best.error.contains("no run holds the target excess=1e-9; give a larger one"), "\(best.error)")
    }

    @Test
    func `a configuration of which no seed diverged is better than one of which some did`() throws {
        let scratch = try Scratch()
        try scratch.gradbook(["sweep", "s", "--lr", "0.1,0.2", "--seeds", "1..3", "--steps", "5"])
        // The lowest loss of all is a single lucky seed of the other configuration.
        try scratch.sqlite3(
            """
            UPDATE runs SET final_loss = 1 WHERE learning_rate = 0.1; UPDATE runs SET final_loss = 3 WHERE learning_rate = 0.2;
            UPDATE runs SET final_loss = 0.5 WHERE learning_rate = 0.2 AND seed = 2;
            UPDATE runs SET state = 'diverged', final_loss = NULL WHERE learning_rate = 0.1 AND seed = 1;
            """)

        let best = try scratch.gradbook("sweep", "best", "s")

        #expect(
            best.output.contains("seeds compared  3, of which 3 done, 0 diverged, 0 unstable"), "\(best.output)")
        #expect(best.output.hasPrefix("s: lr 0.2\n"), "\(best.output)")
    }

    @Test
    func `a configuration on a file finds its data in the notebook, or asks for them`() throws {
        let (scratch, other) = (try Scratch(), try Scratch())
        for scratch in [scratch, other] { try scratch.write("x,y\n1,2\n2,5\n3,9\n4,18\n", to: "data.csv") }
        try scratch.gradbook(
            "sweep", "s", "--data", "data.csv", "--x", "x", "--y", "y", "--scale", "normalize", "--batch-size", "full",
            "--seeds", "1", "--steps", "5")
        try scratch.gradbook("sweep", "best", "s", "--export", "best.json")
        try other.write(
            String(contentsOf: scratch.folder.appending(path: "best.json"), encoding: .utf8), to: "best.json")
        try FileManager.default.removeItem(at: scratch.folder.appending(path: "data.csv"))

        #expect(try scratch.gradbook("run", "--config", "best.json").exitCode == 0)
        #expect(
            try scratch.sqlite3("SELECT count(*), count(DISTINCT final_loss), max(dataset_id) FROM runs") == "2|1|1")
        let homeless = try other.gradbook("run", "--config", "best.json")
        #expect(homeless.exitCode == 1 && homeless.error.contains("--data FILE.csv"), "\(homeless.error)")
        #expect(try other.gradbook("run", "--config", "best.json", "--data", "data.csv").exitCode == 0)
        #expect(
            try other.sqlite3("SELECT printf('%!.17g', final_loss) FROM runs")
                == scratch.sqlite3("SELECT printf('%!.17g', final_loss) FROM runs LIMIT 1"))
        try other.write("x,y\n1,2\n", to: "data.csv")
        let wrong = try other.gradbook("run", "--config", "best.json", "--data", "data.csv")
        #expect(wrong.exitCode == 1 && wrong.error.contains("is not the file of the configuration"), "\(wrong.error)")
    }

    @Test(arguments: [
        (arguments: ["--config", "none.json"], exitCode: Int32(1), text: "there is no file 'none.json'"),
        (arguments: ["--config", "rubbish.json"], exitCode: 1, text: "it is not JSON"),
        (arguments: ["--config", "rubbish.json", "--resume", "1"], exitCode: 64, text: "--resume: run '1' resumes"),
    ])
    func `a configuration that cannot be used is refused and writes nothing`(
        arguments: [String], exitCode: Int32, text: String
    ) throws {
        let scratch = try Scratch()
        try scratch.write("rubbish", to: "rubbish.json")

        let invocation = try scratch.gradbook(["run"] + arguments)

        #expect(invocation.exitCode == exitCode)
        #expect(invocation.error.contains(text), "\(invocation.error)")
        #expect(!scratch.contains("gradbook.db"))
    }

    @Test(arguments: [
        "gradbook.db", "link.db", "twin.db", "copy.db", "gradbook.db-wal", "gradbook.db-journal", "copy.db-wal",
    ])
    func `no notebook is replaced by an exported configuration`(name: String) throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--seeds", "1", "--steps", "5")
        #expect(
            try scratch.shell("cp gradbook.db copy.db; ln -s gradbook.db link.db; ln gradbook.db twin.db").exitCode == 0
        )
        let before = try scratch.contents()

        let invocation = try scratch.gradbook("sweep", "best", "s", "--export", name)

        #expect(invocation.exitCode == 1 && invocation.output.isEmpty)
        #expect(
            invocation.error.hasPrefix("gradbook: --export: '\(name)' is a notebook, another SQLite database"),
            "\(invocation.error)")
        let after = try scratch.contents()
        #expect(["gradbook.db", "copy.db"].allSatisfy { after[$0] == before[$0] })
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "1")
    }

    @Test
    func `a sweep without a result has no best configuration`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--seeds", "1..2", "--enqueue-only")

        let queued = try scratch.gradbook("sweep", "best", "s", "--export", "best.json")

        #expect(queued.exitCode == 1)
        #expect(
            queued.error.contains("no configuration of the sweep 's' can be called the best: no run has a result"),
            "\(queued.error)")
        #expect(!scratch.contains("best.json"))
        #expect(try scratch.gradbook("sweep", "best", "t").error.contains("there is no sweep 't'"))
    }
}
