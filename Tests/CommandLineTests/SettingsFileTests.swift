import Foundation
import TestSupport
import Testing

/// `sweep --config` and `run --config` with a file that a person wrote, and with flags beside it.
@Suite(.timeLimit(.minutes(5)))
struct SettingsFileTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func sweep(_ file: String, _ flags: String...) throws -> Invocation {
        try scratch.write(file, to: "s.json")
        return try scratch.gradbook(["sweep", "s", "--config", "s.json"] + flags)
    }

    private func run(_ file: String, _ flags: [String] = []) throws -> Invocation {
        try scratch.write(file, to: "r.json")
        return try scratch.gradbook(["run", "--config", "r.json"] + flags)
    }

    @Test
    func `a sweep from a file is the sweep of the flags`() throws {
        let file = """
            {"optimizer": ["sgd", "adam"], "lr": "0.1,0.5 if optimizer=sgd, 1e-3 if optimizer=adam", "steps": 5,
             "momentum": "0,0.9 if optimizer=sgd", "batch_size": [10, "full"], "seeds": "1..2",
             "schedule": ["constant", "cosine:total=5,min=0"]}
            """
        let made = try sweep(file)
        try scratch.gradbook(
            "sweep", "flags", "--optimizer", "sgd,adam", "--lr", "0.1,0.5 if optimizer=sgd, 1e-3 if optimizer=adam",
            "--steps", "5", "--set", "momentum=0,0.9 if optimizer=sgd", "--batch-size", "10,full", "--seeds", "1..2",
            "--schedule", "constant,cosine:total=5,min=0")

        #expect(made.exitCode == 0, "\(made.error)")
        #expect(try scratch.sqlite3("SELECT count(DISTINCT search_space), count(*) FROM sweeps") == "1|2")
        #expect(try scratch.sqlite3("SELECT count(*), count(DISTINCT config_hash) FROM runs") == "80|40")
        #expect(try scratch.gradbook("verify", "s", "--sample", "5").exitCode == 0)
    }

    @Test
    func `numbers keep their text, and searches come from the file`() throws {
        let made = try sweep(
            #"{"lr": [1e-3, 0.10], "search": "random", "trials": 4, "sweep-seed": 7, "seeds": [3, 5], "steps": 2}"#)

        #expect(made.exitCode == 0, "\(made.error)")
        let space = try scratch.sqlite3("SELECT search_space FROM sweeps")
        #expect(space.contains(#"["1e-3","0.10"]"#) && space.contains(#""seed":7"#) && space.contains("[3,5]"))
    }

    @Test
    func `conditions may name settings as keys do, and whole numbers may be written as JSON has them`() throws {
        let made = try sweep(
            #"{"batch_size": [1e1, 20.0], "lr": "0.1 if batch_size=10; 0.2 if batch-size=20", "steps": 1e0, "seeds": 1.0}"#
        )

        #expect(made.exitCode == 0, "\(made.error)")
        #expect(
            try scratch.sqlite3("SELECT batch_size, learning_rate, steps, seed FROM runs ORDER BY 1")
                == "10|0.1|1|1\n20|0.2|1|1")
    }

    @Test
    func `flags take the place of what a file says, and nothing else`() throws {
        let file = #"{"optimizer": "sgd", "lr": [0.1, 0.5], "momentum": 0.9, "steps": 5, "seeds": "1..20"}"#
        let made = try sweep(file, "--lr", "0.3", "--epochs", "1", "--set", "momentum=none", "--seeds", "1")

        #expect(made.exitCode == 0, "\(made.error)")
        let query = """
            SELECT learning_rate, steps, json_extract(config, '$.optimizer.hyperparameters.momentum'), seed FROM runs
            """
        #expect(try scratch.sqlite3(query) == "0.3|10|0.0|1" || scratch.sqlite3(query) == "0.3|10|0|1")
    }

    @Test(arguments: [
        (#"{"lrr": 0.1}"#, "'s.json' holds settings, and there is no setting 'lrr' (did you mean 'lr'?)"),
        (#"{"lr": "fast"}"#, "'s.json': lr: 'fast' is not a number"),
        (#"{"learning_rate": 0.1}"#, "there is no setting 'learning_rate' (did you mean 'lr'?)"),
        (#"{"lr": [0.1, null]}"#, "'lr' holds null in its list"), (#"{"lr": [[0.1]]}"#, "'lr' holds a list in its"),
        (#"{"lr": null}"#, "'lr' is null; give a number"), (#"{"steps": 1.5}"#, "steps: '1.5'"),
        (#"{"lr": {"sgd": 1}}"#, "'lr' is an object"), (#"{"lr": []}"#, "'lr' is an empty list"),
        (#"{"lr": 0.1, "lr": 0.2}"#, "'lr' is there twice"),
        (#"{"batch-size": 5, "batch_size": 6}"#, "'batch_size' twice"),
        (#"{"init": ["normal", "uniform"]}"#, "'init' is a list of 2"), (#"{"seed": 3}"#, "a sweep has several seeds"),
        (#"{"momentum": -1}"#, "'s.json': momentum is"), (#"{"search": "tpe"}"#, "'s.json': search: there is no 'tpe'"),
        (#"{"numerics": 1, "steps": 3}"#, "the configuration of one run"), ("[1]", "it is no object"),
        (#"{"lr": 0.1"#, "it ends in the middle"), (#"{"data": "none.csv", "x": "x", "y": "y"}"#, "no file 'none.csv'"),
        (#"{"lr": "1 if optimizer=Adam", "optimizer": ["sgd", "adam"]}"#, "did you mean 'adam'?"),
    ])
    func `what a sweep's file gets wrong is said, and nothing is written`(file: String, part: String) throws {
        let invocation = try sweep(file, "--seeds", "1")

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains(part), "\(invocation.error)")
        #expect(invocation.error.split(separator: "\n").count == 1)
        #expect(!scratch.contains("gradbook.db"))
    }

    @Test
    func `a run from a file is the run of the flags`() throws {
        let file = #"{"optimizer": "adam", "lr": 0.05, "beta1": 0.8, "steps": 4, "seed": 7, "b.lr": 0.01}"#
        for flags in [[], ["--lr", "0.2", "--steps", "3"]] {
            let made = try run(file, flags)
            #expect(made.exitCode == 0, "\(made.error)")
        }
        let shared = ["--optimizer", "adam", "--set", "beta1=0.8", "--set", "b.lr=0.01", "--seed", "7"]
        try scratch.gradbook(["run", "--lr", "0.05", "--steps", "4"] + shared)
        try scratch.gradbook(["run", "--lr", "0.2", "--steps", "3"] + shared)

        let hashes = try scratch.sqlite3("SELECT config_hash FROM runs ORDER BY id").split(separator: "\n")
        #expect(hashes.count == 4 && hashes[0] == hashes[2] && hashes[1] == hashes[3] && hashes[0] != hashes[1])
    }

    @Test(
        arguments: [
            (#"{"lr": [0.1, 0.2]}"#, [], 1, "'r.json': lr: '0.1,0.2' holds several values"),
            (#"{"seeds": "1..3"}"#, [], 1, "'r.json': seeds: it is for gradbook sweep"),
            (#"{"lr": 0.1}"#, ["--lr", "fast"], 64, "--lr: 'fast' is not a number"),
            (#"{"momentum": 0.9}"#, ["--optimizer", "adam"], 64, "leave it out with --set momentum=none"),
            (#"{"momentum": 0.9}"#, ["--optimizer", "adm"], 64, "did you mean 'adam'?"),
            (#"{"momentum": 0.9}"#, ["--resume", "1"], 64, "--resume"),
        ] as [(String, [String], Int32, String)])
    func `what is wrong with a run's file or the flags beside it is told apart`(
        file: String, flags: [String], exitCode: Int32, part: String
    ) throws {
        let invocation = try run(file, flags)

        #expect(invocation.exitCode == exitCode)
        #expect(invocation.error.contains(part), "\(invocation.error)")
        #expect(!scratch.contains("gradbook.db"))
    }

    /// The configuration of a run of SGD with momentum, as it is stored.
    private func stored(_ flags: String...) throws -> String {
        try scratch.gradbook(["run", "--lr", "0.05", "--set", "momentum=0.9", "--steps", "4", "--seed", "3"] + flags)
        return try scratch.sqlite3("SELECT config FROM runs WHERE id = 1")
    }

    @Test(arguments: [
        ([], ["--lr", "0.05", "--set", "momentum=0.9"]), (["--lr", "0.2"], ["--lr", "0.2", "--set", "momentum=0.9"]),
        (["--set", "momentum=0.5"], ["--lr", "0.05", "--set", "momentum=0.5"]),
        (["--set", "momentum=none"], ["--lr", "0.05"]),
        (["--schedule", "cosine:total=4"], ["--lr", "0.05", "--set", "momentum=0.9", "--schedule", "cosine:total=4"]),
        (["--optimizer", "rmsprop"], ["--lr", "0.05", "--set", "momentum=0.9", "--optimizer", "rmsprop"]),
        (["--optimizer", "adam", "--set", "momentum=none"], ["--lr", "0.05", "--optimizer", "adam"]),
        (
            ["--samples", "50", "--epochs", "2"],
            ["--lr", "0.05", "--set", "momentum=0.9", "--samples", "50", "--epochs", "2"]
        ),
    ])
    func `flags change an exported configuration, and nothing else changes`(flags: [String], same: [String]) throws {
        let made = try run(try stored(), flags)
        let steps = same.contains("--epochs") ? [] : ["--steps", "4"]
        try scratch.gradbook(["run", "--seed", "3"] + steps + same)

        #expect(made.exitCode == 0, "\(made.error)")
        #expect(try scratch.sqlite3("SELECT count(DISTINCT config_hash) FROM runs WHERE id > 1") == "1")
    }

    @Test(arguments: [
        (["--optimizer", "adam"], "'r.json' sets it to 0.9; leave it out with --set momentum=none"),
        (["--recipe", "numpy"], "the whole configuration of a run"), (["--x", "a"], "it is for data from a file"),
        (["--data", "d.csv"], "needs its columns named"), (["--batch-size", "101"], "--batch-size: a batch of 101"),
        (["--seed", "-1"], "--seed: "), (["--set", "beta1=0.5"], "--set: 'beta1' is not a hyperparameter of sgd"),
        (["--steps", "3", "--epochs", "3"], "both say how long"), (["--set", "lr=1"], "has a flag of its own"),
    ])
    func `what does not go with an exported configuration is refused`(flags: [String], part: String) throws {
        let refused = try run(try stored(), flags)

        #expect(refused.exitCode == 64)
        #expect(refused.error.contains(part), "\(refused.error)")
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "1")
    }

    @Test
    func `an exported configuration may be put on other data`() throws {
        let configuration = try stored("--batch-size", "full")
        try scratch.write("a,b\n1,2\n2,5\n3,9\n4,18\n", to: "d.csv")
        let data = ["--data", "d.csv", "--x", "a", "--y", "b", "--scale", "normalize"]

        #expect(try run(configuration, data).exitCode == 0)
        let other = try scratch.sqlite3("SELECT config FROM runs WHERE id = 2")
        let scaled = try run(other, ["--data", "d.csv", "--scale", "none", "--lr", "0.001"])
        #expect(scaled.exitCode == 0, "\(scaled.error)")
        try FileManager.default.removeItem(at: scratch.folder.appending(path: "d.csv"))
        #expect(try run(other, ["--lr", "0.04"]).exitCode == 0)
        #expect(try run(other, ["--samples", "5"]).error.contains("the run is on a file"))
        #expect(try run(other, ["--data", "chapter"]).exitCode == 0)

        try scratch.gradbook(
            "run", "--lr", "0.05", "--set", "momentum=0.9", "--steps", "4", "--seed", "3", "--batch-size", "full")
        #expect(
            try scratch.sqlite3("SELECT count(DISTINCT config_hash) FROM runs WHERE id IN (1, 5, 6)") == "1")
        #expect(try scratch.sqlite3("SELECT count(DISTINCT dataset_id) FROM runs") == "3")
    }
}
