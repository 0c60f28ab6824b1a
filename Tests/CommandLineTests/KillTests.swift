import Foundation
import TestSupport
import Testing

/// The program killed (SIGKILL) at random moments: the file is intact, nobody is called running who is not, and what is
/// resumed equals what was never disturbed.
@Suite(.timeLimit(.minutes(5)))
struct KillTests {
    /// Something that takes a while, and how it is finished.
    struct Work: CustomTestStringConvertible {
        let testDescription: String
        let start: [String]
        let resume: [String]
        /// In the quick tier and in the long one.
        let kills: (quick: Int, long: Int)

        static let all = ["batch", "step", "power-safe"].flatMap { durability in
            [
                Work(
                    testDescription: "run, \(durability)", start: ["run"] + steps(6000, durability),
                    resume: ["run", "--resume", "last", "--durability", durability], kills: (3, 35)),
                Work(
                    testDescription: "sweep, \(durability)",
                    start: ["sweep", "s", "--lr", "0.05,0.1", "--seeds", "1..2"] + steps(1500, durability),
                    resume: ["sweep", "resume", "s", "--durability", durability],
                    kills: (4, 35)),
            ]
        }

        private static func steps(_ count: Int, _ durability: String) -> [String] {
            ["--steps", "\(TestTier.isLong ? 4 * count : count)", "--gradients", "manual", "--durability", durability]
        }
    }

    @Test(arguments: Work.all)
    func `what was killed is intact, is called interrupted, and is resumed as if nothing had happened`(_ work: Work)
        throws
    {
        let seed = TestTier.seed
        print("GRADBOOK_SEED=\(seed): kills of a \(work.testDescription)")
        var random = SplitMix(seed: seed)
        let undisturbed = try Scratch()
        let duration = try ContinuousClock().measure { try undisturbed.gradbook(work.start) } / .seconds(1)
        let expected = try undisturbed.notebookContent()
        var killed = 0
        while killed < (TestTier.isLong ? work.kills.long : work.kills.quick) {
            let scratch = try Scratch()
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let next = try scratch.hasRun() ? work.resume : work.start
                let moment = Double.random(in: 0..<duration, using: &random)
                guard try scratch.kill(next, after: moment) else { break }
                killed += 1
                try expectIntact(scratch, "seed \(seed), kill \(killed) after \(moment) s")
            }
            let end = try scratch.gradbook(scratch.hasRun() ? work.resume : work.start)

            #expect(end.exitCode == 0, "seed \(seed), kill \(killed): \(end.error)")
            let difference = try scratch.notebookContent().firstDifference(from: expected)
            #expect(difference == nil, "seed \(seed), kill \(killed)")
        }
    }

    @Test
    func `what was killed while it began a notebook leaves none or a good one`() throws {
        let seed = TestTier.seed
        print("GRADBOOK_SEED=\(seed): kills of a beginning")
        var random = SplitMix(seed: seed)
        for _ in 0..<(TestTier.isLong ? 100 : 5) {
            let scratch = try Scratch()
            let moment = Double.random(in: 0..<0.06, using: &random)
            _ = try scratch.kill(["run", "--steps", "5000"], after: moment)
            try expectIntact(scratch, "seed \(seed), after \(moment) s")

            let next = try scratch.gradbook("run", "--steps", "3")

            #expect(next.exitCode == 0, "seed \(seed), after \(moment) s: \(next.error)")
        }
    }

    @Test
    func `what was killed while it merged has merged all or nothing`() throws {
        let seed = TestTier.seed
        print("GRADBOOK_SEED=\(seed): kills of a merge")
        var random = SplitMix(seed: seed)
        let original = try Scratch()
        try original.gradbook("sweep", "s", "--seeds", "1..4", "--steps", "2000", "--gradients", "manual")
        try original.gradbook("run", "--seed", "9", "--steps", "10", "--db", "before.db")
        let before = try original.notebookContent("before.db")
        _ = try original.shell("cp before.db after.db")
        let merge = ["merge", original.file("gradbook.db").path]
        let duration =
            try ContinuousClock().measure { try original.gradbook(merge + ["--db", "after.db"]) } / .seconds(1)
        let after = try original.notebookContent("after.db")
        var killed = 0
        while killed < (TestTier.isLong ? 60 : 3) {
            let scratch = try Scratch()
            try FileManager.default.copyItem(at: original.file("before.db"), to: scratch.file("gradbook.db"))
            let moment = Double.random(in: 0..<duration, using: &random)
            killed += try scratch.kill(merge, after: moment) ? 1 : 0
            try expectIntact(scratch, "seed \(seed), after \(moment) s")

            let left = try scratch.notebookContent()
            #expect(left == before || left == after, "seed \(seed), after \(moment) s")
            try scratch.gradbook(merge)
            #expect(
                try scratch.notebookContent().firstDifference(from: after) == nil, "seed \(seed), after \(moment) s")
        }
    }

    /// What must hold after every kill, before anything is repaired.
    private func expectIntact(_ scratch: Scratch, _ moment: String) throws {
        guard try scratch.hasRun() else { return }
        #expect(try scratch.sqlite3("PRAGMA integrity_check; PRAGMA foreign_key_check") == "ok", "\(moment)")
        let gaps = "SELECT run_id FROM quadratic_steps GROUP BY run_id HAVING count(*) <> max(step) + 1"
        #expect(try scratch.sqlite3(gaps).isEmpty, "\(moment)")
        let unfinished = "SELECT run_id FROM runs JOIN quadratic_steps ON run_id = id WHERE state = 'done' "
        #expect(try scratch.sqlite3(unfinished + "GROUP BY run_id HAVING count(*) <> steps_done").isEmpty, "\(moment)")
        let listed = try scratch.gradbook("runs", "--columns", "state", "--format", "csv")
        #expect(listed.exitCode == 0 && !listed.output.contains("running"), "\(moment): \(listed)")
    }
}

extension Scratch {
    func file(_ name: String) -> URL {
        folder.appending(path: name)
    }

    func notebookContent(_ name: String = "gradbook.db") throws -> NotebookContent {
        try NotebookContent(of: file(name))
    }

    /// Whether the notebook is there and holds a run.
    fileprivate func hasRun() throws -> Bool {
        guard contains("gradbook.db") else { return false }
        return try !shell("sqlite3 gradbook.db 'SELECT 1 FROM runs LIMIT 1'").output.isEmpty
    }

    /// Starts the program and kills it after so many seconds; false when it had ended before.
    fileprivate func kill(_ arguments: [String], after seconds: Double) throws -> Bool {
        let process = try Program.gradbook.start(arguments, in: folder)
        Thread.sleep(forTimeInterval: seconds)
        let isRunning = process.isRunning
        if isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return isRunning && process.terminationReason == .uncaughtSignal
    }
}
