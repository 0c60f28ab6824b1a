import Foundation
import TestSupport
import Testing

/// `gradbook run --config` with what somebody else wrote: a sentence and exit code 1, and nothing is stored.
@Suite(.timeLimit(.minutes(5)))
struct ConfigurationFileTests {
    private let scratch: Scratch
    /// The configuration of a run that is stored.
    private let text: String

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "3")
        text = try scratch.sqlite3("SELECT config FROM runs").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func run(_ text: String) throws -> Invocation {
        try Data(text.utf8).write(to: scratch.folder.appending(path: "c.json"))
        return try scratch.gradbook("run", "--config", "c.json")
    }

    @Test
    func `a configuration that is no file is refused at once, and nothing is written`() throws {
        let scratch = try Scratch()
        let made = try scratch.shell("mkfifo pipe; mkdir folder")
        try #require(made.exitCode == 0)
        for (name, what) in [
            ("pipe", "is a named pipe"), ("folder", "is a directory"), ("none", "there is no file 'none'"),
        ] {
            let refused = try scratch.gradbook("run", "--config", name)
            #expect(refused.exitCode == 1)
            #expect(refused.error.contains(what), "\(refused.error)")
            #expect(!scratch.contains("gradbook.db"))
        }
    }

    @Test
    func `a configuration may come from a shell's pipe`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--lr", "0.1", "--seeds", "1..2", "--steps", "5")
        try scratch.gradbook("sweep", "best", "s", "--export", "best.json")

        let run = try scratch.shell(
            "cat best.json | '\(try TestedProgram.file.path)' run --config /dev/stdin --db new.db")

        #expect(run.exitCode == 0, "\(run.error)")
        #expect(try scratch.sqlite3("SELECT state, steps_done FROM runs", in: "new.db") == "done|5")
    }

    @Test(arguments: [
        (#""lr":0.1"#, #""lr":0"#, "above 0"),
        (#""samples":100"#, #""samples":1000000000000000"#, "1000000000000000 samples"),
        (#""noise":0.2"#, #""noise":1e200"#, "too large"),
        (#""noise":0.2"#, #""noise":"Infinity""#, "noise inf"),
        (#""steps":3"#, #""steps":3,"step":4"#, "did you mean 'steps'?"),
        (#""steps":3"#, #""steps":3,"steps":4"#, "'steps' is there twice"),
        (#""batch_size":10"#, #""batch_size":101"#, "100 samples"),
    ])
    func `a value that no flag takes is refused with one sentence`(piece: String, other: String, names: String) throws {
        try #require(text.contains(piece))

        let invocation = try run(text.replacing(piece, with: other, maxReplacements: 1))

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains("c.json") && invocation.error.contains(names), "\(invocation.error)")
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "1")
    }

    @Test(arguments: ["", "[", String(repeating: "[", count: 100_000), String(repeating: " ", count: 2_000_000)])
    func `what is no configuration is refused with one sentence`(text: String) throws {
        let invocation = try run(text)

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains("c.json") && invocation.error.utf8.count < 500)
    }

    @Test
    func `a stored configuration that no run can have is named by those who would train it`() throws {
        let other = text.replacing(#""samples":100"#, with: #""samples":1000000000000000"#)
        try Data(other.utf8).write(to: scratch.folder.appending(path: "other.json"))
        let hash = try Program.shell.run(["-c", "sha256sum other.json"], in: scratch.folder).output.prefix(64)
        _ = try scratch.sqlite3("UPDATE runs SET state = 'queued', config = '\(other)', config_hash = '\(hash)'")

        for command in [["verify", "1"], ["fork", "1", "--at", "1", "lr=0.2"], ["run", "--resume", "1"]] {
            let invocation = try scratch.gradbook(command)
            #expect(invocation.exitCode == 1)
            #expect((invocation.output + invocation.error).contains("1000000000000000 samples"), "\(command)")
        }
    }

    @Test
    func `the result of a run that overflows says so in every format`() throws {
        let invocation = try scratch.gradbook(
            "run", "--lr", "1e200", "--batch-size", "full", "--steps", "9", "--format", "json")

        #expect(invocation.output.contains(#""final_loss":"Infinity""#), "\(invocation.output)")
        #expect(
            try scratch.gradbook("runs", "id=2", "--columns", "final_loss", "--format", "csv").output
                == "final_loss\ninf\n")
        #expect(
            try scratch.gradbook("runs", "id=2", "--columns", "final_loss,recipe", "--format", "jsonl").output
                == #"{"final_loss":"Infinity","recipe":null}"# + "\n")
    }
}
