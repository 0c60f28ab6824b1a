import Foundation
import TestSupport
import Testing

/// `sweep extend` and `sweep resume` where conditions and lost data files make it hard, and what a sweep asks before it
/// starts.
@Suite(.timeLimit(.minutes(5)))
struct SweepExtendTests {
    private let scratch: Scratch
    private static let columns = ["--data", "data.csv", "--x", "x", "--y", "y", "--batch-size", "full"]

    init() throws {
        scratch = try Scratch()
        try scratch.write("x,y\n1,2\n2,5\n3,9\n4,18\n", to: "data.csv")
    }

    @Test
    func `a conditional sweep is planned, extended, verified, cut in shards and reported`() throws {
        try scratch.gradbook(
            "sweep", "s", "--optimizer", "sgd,adam", "--lr", "0.1 if optimizer=sgd, 0.01 if optimizer=adam", "--set",
            "momentum=0,0.9 if optimizer=sgd", "--seeds", "1..2", "--steps", "20")

        let plan = try scratch.gradbook("sweep", "extend", "s", "--set", "momentum=0.5", "--dry-run")
        #expect(
            plan.output == """
                2 new runs, 40 steps
                1 new configuration, on seeds 1,2
                    1  optimizer=sgd  lr=0.1  steps=20  momentum=0.5

                """)
        #expect(try scratch.gradbook("sweep", "extend", "s", "--set", "momentum=0.5").exitCode == 0)
        let rate = try scratch.gradbook("sweep", "extend", "s", "--lr", "0.02 if optimizer=adam", "--enqueue-only")
        #expect(rate.exitCode == 0 && rate.error.contains("2 new runs"), "\(rate.error)")
        for index in 0..<2 {
            let shard = try scratch.gradbook(
                "sweep", "shard", "s", "--index", "\(index)", "--of", "2", "--out", "\(index).db")
            #expect(shard.exitCode == 0, "\(shard.error)")
        }
        #expect(try scratch.gradbook("merge", "0.db", "1.db").exitCode == 0)

        #expect(
            try scratch.sqlite3(
                "SELECT optimizer, learning_rate, count(*), sum(state = 'done') FROM runs GROUP BY 1, 2 ORDER BY 1, 2")
                == "adam|0.01|2|2\nadam|0.02|2|2\nsgd|0.1|6|6")
        let verified = try scratch.gradbook("verify", "s")
        #expect(verified.exitCode == 0 && verified.error.isEmpty, "\(verified.error)")
        #expect(try scratch.gradbook("sweep", "best", "s").exitCode == 0)
        #expect(try scratch.gradbook("report", "s").exitCode == 0)
    }

    @Test(arguments: [nil, "x,y\n1,2\n2,5\n3,9\n4,17\n"])
    func `a sweep is extended and resumed on the notebook's data, whatever became of the file`(other: String?) throws {
        let whole = try Scratch()
        try whole.write("x,y\n1,2\n2,5\n3,9\n4,18\n", to: "data.csv")
        let sweep = ["sweep", "s", "--lr", "0.001", "--steps", "5", "--scale", "none"] + Self.columns
        try scratch.gradbook(sweep + ["--seeds", "1", "--enqueue-only"])
        try whole.gradbook(
            ["sweep", "s", "--lr", "0.001", "--steps", "5", "--scale", "none,normalize"] + Self.columns
                + ["--seeds", "1..2"])
        try FileManager.default.removeItem(at: scratch.folder.appending(path: "data.csv"))
        if let other { try scratch.write(other, to: "data.csv") }

        let resumed = try scratch.gradbook("sweep", "resume", "s")
        let extended = try scratch.gradbook("sweep", "extend", "s", "--seeds", "2", "--scale", "normalize")
        let verified = try scratch.gradbook("verify", "s")

        #expect(resumed.exitCode == 0, "\(resumed.error)")
        #expect(extended.exitCode == 0 && extended.error.contains("3 new runs"), "\(extended.error)")
        #expect(verified.exitCode == 0 && verified.error.isEmpty, "\(verified.error)")
        let numbers = "SELECT config_hash, printf('%!.17g', final_loss) FROM runs ORDER BY 1"
        #expect(try scratch.sqlite3(numbers) == whole.sqlite3(numbers))
        #expect(try scratch.sqlite3("SELECT count(*) FROM datasets") == "2")
    }

    @Test
    func `new runs are never put on a changed file`() throws {
        try scratch.gradbook(
            ["sweep", "s", "--lr", "0.001", "--steps", "5", "--scale", "normalize", "--seeds", "1"] + Self.columns)
        try scratch.write("x,y\n1,2\n2,5\n3,9\n4,17\n", to: "data.csv")

        let refused = try scratch.gradbook("sweep", "extend", "s", "--scale", "none")

        #expect(refused.exitCode == 1)
        #expect(refused.error.contains("'data.csv' is not the file of the sweep's runs any more"), "\(refused.error)")
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "1")
    }

    @Test
    func `data that changed in the notebook are not trained on`() throws {
        try scratch.gradbook(["sweep", "s", "--lr", "0.001", "--steps", "5", "--seeds", "1"] + Self.columns)
        try scratch.sqlite3("UPDATE dataset_rows SET y = 3, ieee_bytes = NULL WHERE position = 0")

        #expect(try scratch.gradbook("sweep", "extend", "s", "--seeds", "2", "--dry-run").exitCode == 0)
        try FileManager.default.removeItem(at: scratch.folder.appending(path: "data.csv"))
        let refused = try scratch.gradbook("sweep", "extend", "s", "--seeds", "2")
        #expect(refused.exitCode == 1 && refused.error.contains("there is no file"), "\(refused.error)")
    }

    @Test
    func `a hyperparameter that the sweep does not set is tried where optimizers have it`() throws {
        try scratch.gradbook("sweep", "s", "--optimizer", "sgd,adam", "--seeds", "1..2", "--steps", "5")

        let plan = try scratch.gradbook("sweep", "extend", "s", "--set", "momentum=0.9", "--dry-run")
        #expect(
            plan.output == """
                2 new runs, 10 steps
                1 new configuration, on seeds 1,2
                    1  optimizer=sgd  steps=5  momentum=0.9

                """)
        #expect(try scratch.gradbook("sweep", "extend", "s", "--set", "momentum=0.9").exitCode == 0)
        #expect(try scratch.gradbook("verify", "s").exitCode == 0)
    }

    @Test
    func `a sweep of the defaults alone asks, and says what it would do`() throws {
        let asked = try scratch.gradbook("sweep", "list")
        #expect(asked.exitCode == 64)
        #expect(!scratch.contains("gradbook.db"))
        let named = try scratch.gradbook("sweep", "plain")
        #expect(
            named.error
                == "gradbook: without a setting this sweep would train the defaults alone (sgd, lr 0.1, 500 steps) on seeds "
                + "1..20, 20 runs; give settings such as --lr 0.01,0.1, or add --yes if it is meant\n")
        #expect(named.exitCode == 64)
        #expect(try scratch.gradbook("sweep", "plain", "--dry-run").exitCode == 0)
        #expect(try scratch.gradbook("sweep", "plain", "--yes", "--enqueue-only").exitCode == 0)
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "20")
    }

    @Test
    func `what an extension adds is said before it is trained, in short`() throws {
        try scratch.gradbook("sweep", "s", "--lr", "0.1", "--seeds", "1..2", "--steps", "2")

        let more = try scratch.gradbook("sweep", "extend", "s", "--lr", "0.2,0.3")
        #expect(
            more.error.hasPrefix(
                """
                s: 4 new runs, 8 steps
                2 new configurations, on seeds 1,2
                    1  lr=0.2  steps=2
                    2  lr=0.3  steps=2
                s: 4 runs ended
                """), "\(more.error)")
        #expect(try scratch.gradbook("sweep", "extend", "s", "--lr", "0.4", "--quiet").error.isEmpty)
        let many = try scratch.gradbook("sweep", "extend", "s", "--lr", "lin:1:2:40", "--enqueue-only")
        #expect(many.error.split(separator: "\n").count < 16, "\(many.error)")
    }

    @Test
    func `seeds that are given twice or the wrong way round are pointed out`() throws {
        let twice = try scratch.gradbook("sweep", "s", "--seeds", "1,2,1", "--lr", "0.1", "--steps", "2", "--dry-run")
        #expect(twice.exitCode == 0 && twice.error == "s: seed 1 is given more than once, and counts once\n")
        let back = try scratch.gradbook("sweep", "s", "--seeds", "5..1", "--lr", "0.1")
        #expect(
            back.error
                == "gradbook: --seeds: the range '5..1' ends before it begins; write the smaller number first, 1..5\n")
    }

    @Test
    func `one seed above 1 is pointed out`() throws {
        let one = try scratch.gradbook("sweep", "s", "--seeds", "20", "--steps", "2", "--enqueue-only")
        #expect(one.exitCode == 0)
        #expect(one.error.hasPrefix("s: one seed, number 20; write 1..20 for twenty\n"), "\(one.error)")

        let next = try scratch.gradbook("sweep", "extend", "s", "--seeds", "21", "--dry-run")
        #expect(next.error.isEmpty)
        let far = try scratch.gradbook("sweep", "extend", "s", "--seeds", "40", "--dry-run")
        #expect(far.error == "s: one further seed, number 40; write 21..40 for all from 21 on\n")
    }
}
