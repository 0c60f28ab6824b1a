import Foundation
import TestRows
import TestSupport
import Testing

/// Workers, processes, kills and stops, none of which may change a number.
///
/// With GRADBOOK_LONG=1 on the full number of runs.
@Suite(.timeLimit(.minutes(5)))
struct SweepWorkersTests {
    /// Long: 30 configurations on 20 seeds, 600 runs of 1000 steps.
    private static let flags =
        TestTier.isLong
        ? ["--optimizer", "sgd,adam,rmsprop", "--lr", "log:1e-3:5:5", "--batch-size", "10,full", "--seeds", "1..20"]
            + ["--steps", "1000"]
        : ["--optimizer", "sgd,adam", "--lr", "log:1e-3:5:3", "--batch-size", "10,full", "--seeds", "1..3"]
            + ["--steps", "300"]
    /// Every number and every outcome, to the last bit.
    private static let numbers = """
        SELECT r.config, r.state, s.step,
            printf('%!.17g %!.17g %!.17g %!.17g %!.17g', s.loss, s.w, s.b, s.grad_w, s.grad_b), hex(s.ieee_bytes)
        FROM runs AS r JOIN quadratic_steps AS s ON s.run_id = r.id ORDER BY r.trial_number, s.step
        """

    @Test
    func `workers, processes, kills and resumes change no bit`() throws {
        let kills = TestTier.isLong ? 20 : 4
        let single = try Scratch()
        #expect(try single.gradbook(["sweep", "s", "--workers", "1"] + Self.flags).exitCode == 0)
        let expected = try single.hash(of: Self.numbers)

        for workers in ["2", "4"] {
            let scratch = try Scratch()
            #expect(try scratch.gradbook(["sweep", "s", "--workers", workers] + Self.flags).exitCode == 0)
            #expect(try scratch.hash(of: Self.numbers) == expected, "\(workers) workers")
        }

        let pair = try Scratch()
        try pair.gradbook(["sweep", "s", "--enqueue-only"] + Self.flags)
        let processes = try ["first", "second"].map { try pair.start(["sweep", "resume", "s"], name: $0) }
        processes.forEach { $0.waitUntilExit() }
        #expect(processes.map(\.terminationStatus) == [0, 0])
        #expect(try pair.hash(of: Self.numbers) == expected, "two processes")
        #expect(try pair.sqlite3("SELECT DISTINCT attempt FROM runs") == "1")

        let victim = try Scratch()
        try victim.gradbook(["sweep", "s", "--enqueue-only"] + Self.flags)
        let seed = TestTier.seed
        print("GRADBOOK_SEED=\(seed): kills of a sweep")
        var generator = SplitMix(seed: seed)
        for _ in 0..<kills {
            let process = try victim.start(["sweep", "resume", "s"])
            Thread.sleep(forTimeInterval: Double.random(in: 0.02...(TestTier.isLong ? 0.6 : 0.15), using: &generator))
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(try victim.sqlite3("PRAGMA integrity_check") == "ok", "seed \(seed)")
        }
        #expect(try victim.gradbook("sweep", "resume", "s").exitCode == 0)
        #expect(try victim.hash(of: Self.numbers) == expected, "\(kills) kills, seed \(seed)")
    }

    @Test
    func `eight processes train every run once`() throws {
        let scratch = try Scratch()
        let runs = TestTier.isLong ? 1000 : 200
        try scratch.gradbook("sweep", "s", "--enqueue-only", "--seeds", "1..\(runs)", "--steps", "20")

        let processes = try (0..<8).map { try scratch.start(["sweep", "resume", "s"], name: "p\($0)") }
        processes.forEach { $0.waitUntilExit() }

        #expect(processes.allSatisfy { $0.terminationStatus == 0 })
        #expect(
            try scratch.sqlite3("SELECT state, count(*), min(attempt), max(attempt) FROM runs GROUP BY state")
                == "done|\(runs)|1|1")
        #expect(
            try scratch.sqlite3("SELECT count(*), count(DISTINCT run_id) FROM quadratic_steps")
                == "\(20 * runs)|\(runs)")
        let ended = try (0..<8).map { number in
            let line = try scratch.text(of: "p\(number).err").split(separator: "\n").last { $0.contains(" ended, ") }
            // A process that came when all was done has nothing to say.
            return line.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        }
        #expect(ended.reduce(0, +) == runs)
    }

    private static func runs(_ count: Int) -> String { count == 1 ? "1 run" : "\(count) runs" }

    @Test
    func `a worker that was stopped past its lease is fenced off`() throws {
        let flags = ["--seeds", "1..3", "--steps", "200000", "--workers", "1"]
        let undisturbed = try Scratch()
        try undisturbed.gradbook(["sweep", "s"] + flags)
        let scratch = try Scratch()
        let everything = "SELECT * FROM runs; SELECT * FROM run_parameters; SELECT * FROM quadratic_steps"
        let stopped = try scratch.start(["sweep", "s", "--lease", "0.5"] + flags, name: "stopped")
        #expect(try scratch.wait(for: "SELECT run_id FROM quadratic_steps LIMIT 1", while: stopped))
        try scratch.freeze(stopped)
        let done = try #require(Int(scratch.sqlite3("SELECT count(*) FROM runs WHERE state = 'done'")))
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs WHERE state = 'running'") == "1")

        let other = try scratch.gradbook("sweep", "resume", "s", "--lease", "5", "--workers", "1")
        let before = try scratch.hash(of: everything)
        kill(stopped.processIdentifier, SIGCONT)
        stopped.waitUntilExit()

        #expect(other.exitCode == 0, "\(other.error)")
        #expect(other.error.contains("\(Self.runs(3 - done)) ended"), "\(other.error)")
        #expect(stopped.terminationReason == .exit && stopped.terminationStatus == 0)
        #expect(try scratch.text(of: "stopped.err").contains("\(Self.runs(done)) ended"))
        #expect(try scratch.hash(of: everything) == before)
        #expect(try scratch.sqlite3("SELECT state, sum(attempt) FROM runs GROUP BY state") == "done|4")
        #expect(try scratch.hash(of: Self.numbers) == undisturbed.hash(of: Self.numbers))
    }

    @Test
    func `a shard that is interrupted leaves nothing behind`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--enqueue-only", "--seeds", "1..2", "--steps", "1000000")
        _ = try scratch.shell("mkdir local")
        let process = try scratch.start(
            ["sweep", "shard", "s", "--index", "0", "--of", "2", "--out", "part.db"],
            environment: ["TMPDIR": scratch.folder.appending(path: "local").path])
        let query = "sqlite3 -readonly local/.gradbook-work-*/shard.db 'SELECT run_id FROM quadratic_steps LIMIT 1'"
        while process.isRunning, try scratch.shell(query).output.isEmpty {}

        Foundation.kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()

        #expect(process.terminationReason == .exit && process.terminationStatus == 143)
        #expect(try scratch.text(of: "started.err").contains("shard 0 of 2 was interrupted and is not written"))
        #expect(try scratch.shell("ls -A local").output.isEmpty && !scratch.contains("part.db"))
    }

    @Test
    func `a second signal ends the process at once`() throws {
        let scratch = try Scratch()
        let process = try scratch.start(["sweep", "s", "--seeds", "1..9", "--steps", "1000000"])
        #expect(try scratch.wait(for: "SELECT run_id FROM quadratic_steps LIMIT 1", while: process))
        // Nobody can commit while another program holds the lock, so the first signal has to wait.
        let holder = try scratch.holdLock()
        defer { holder.terminate() }

        Foundation.kill(process.processIdentifier, SIGINT)
        // What comes sooner counts as the same signal.
        Thread.sleep(forTimeInterval: 0.5)
        Foundation.kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()

        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        #expect(try !scratch.text(of: "started.err").contains("sweep resume"))
    }

    @Test(arguments: [SIGINT, SIGTERM], [["sweep", "s", "--seeds", "1..9"], ["run"]])
    func `a signal ends the work after the running steps, and says how to resume`(
        signal: Int32, arguments: [String]
    ) throws {
        let scratch = try Scratch()
        let process = try scratch.start(arguments + ["--steps", "1000000"])
        #expect(try scratch.wait(for: "SELECT run_id FROM quadratic_steps LIMIT 1", while: process))

        kill(process.processIdentifier, signal)
        process.waitUntilExit()

        #expect(process.terminationReason == .exit && process.terminationStatus == 128 + signal)
        let resume = arguments == ["run"] ? "gradbook run --resume 1" : "gradbook sweep resume s"
        #expect(try scratch.text(of: "started.err").contains(resume))
        // What was computed is there without a gap, and nobody is said to work on it.
        #expect(try scratch.sqlite3("SELECT count(*) = max(step) + 1 FROM quadratic_steps WHERE run_id = 1") == "1")
        #expect(
            try scratch.gradbook("runs", "state=running", "--format", "csv").output.split(separator: "\n").count <= 1)
        #expect(try scratch.sqlite3("SELECT message FROM events WHERE run_id = 1") == "attempt 1 was stopped")
    }
}

extension Scratch {
    /// Another program that holds the file's lock until it is terminated.
    fileprivate func holdLock() throws -> Process {
        let (input, output) = (Pipe(), Pipe())
        let process = try Self.sqlite3.start(["gradbook.db"], in: folder, input: input, output: output)
        try input.fileHandleForWriting.write(
            contentsOf: Data(".timeout 30000\nBEGIN IMMEDIATE;\nSELECT 'held';\n".utf8))
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "held\n")
        return process
    }

    /// Stops a process at a moment at which it does not hold the file's lock, which would stop everybody.
    fileprivate func freeze(_ process: Process) throws {
        while process.isRunning {
            Foundation.kill(process.processIdentifier, SIGSTOP)
            if try shell("sqlite3 gradbook.db 'BEGIN IMMEDIATE; ROLLBACK'").exitCode == 0 { return }
            Foundation.kill(process.processIdentifier, SIGCONT)
        }
        Issue.record("the process ended before it could be stopped")
    }
}
