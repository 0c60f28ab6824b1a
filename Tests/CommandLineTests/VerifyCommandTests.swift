import Foundation
import TestSupport
import Testing

/// `gradbook verify` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct VerifyCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "first", "--optimizer", "sgd,adam", "--lr", "0.1,1e200", "--seeds", "1..2", "--steps", "30")
    }

    @Test
    func `untouched runs are said to match`() throws {
        let all = try scratch.gradbook("verify", "first")
        let sample = try scratch.gradbook("verify", "first", "--sample", "3")
        let one = try scratch.gradbook("verify", "last", "--format", "json")

        #expect(all.exitCode == 0 && sample.exitCode == 0 && one.exitCode == 0)
        #expect(all.output.hasPrefix("the sweep first: "))
        #expect(all.sentences.hasSuffix("every stored bit matches\n"))
        #expect(sample.output.hasPrefix("3 of the 8 runs of the sweep first: "))
        #expect(one.output == "[]\n")
        #expect(one.error.contains("every stored bit matches"))
    }

    @Test
    func `a sweep's plan is compared whatever else is named beside it`() throws {
        try scratch.gradbook("run", "--steps", "5", "--name", "one")
        try scratch.sqlite3("UPDATE sweeps SET target = 'excess=5%'")

        for words in [["first"], ["first", "one"], ["one", "first", "first"]] {
            let invocation = try scratch.gradbook(["verify"] + words)
            #expect(invocation.exitCode == 1, "\(words) \(invocation.output)")
            #expect(invocation.error.contains("the sweep first: its target is stored as 'excess=5%'"))
        }
        #expect(try scratch.gradbook("verify", "1..8", "one").exitCode == 0)
    }

    @Test
    func `of runs without a step no step is said to match`() throws {
        try scratch.gradbook("sweep", "planned", "--lr", "0.1", "--seeds", "1..2", "--enqueue-only")

        #expect(
            try scratch.gradbook("verify", "planned").output
                == "the sweep planned: no step of 2 runs is stored; what else is stored matches\n")
    }

    @Test
    func `a sweep whose runs are all deleted is no sweep that was verified`() throws {
        try scratch.gradbook("delete", "--sweep", "first")

        let invocation = try scratch.gradbook("verify", "first")

        #expect(invocation.exitCode == 1 && invocation.output.isEmpty)
        #expect(
            invocation.error.contains("all runs of the sweep 'first' are deleted; gradbook restore --sweep first"),
            "\(invocation.error)")
    }

    @Test(arguments: [
        ("table", "  1    17  w       1.0     "), ("csv", "1,17,w,1,"), ("markdown", "| 1 | 17 | w | 1 | "),
        ("json", #"{"run":1,"step":17,"column":"w","stored":1,"computed":"#),
        ("jsonl", #"{"run":1,"step":17,"column":"w","stored":1,"computed":"#),
    ])
    func `a changed value is named by run, step and column in every format`(format: String, line: String) throws {
        try scratch.sqlite3("UPDATE quadratic_steps SET w = 1 WHERE run_id = 1 AND step = 17")

        let invocation = try scratch.gradbook("verify", "first", "--format", format)

        #expect(invocation.exitCode == 1)
        let squeezed = { (text: String) in
            text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(
            squeezed(invocation.output).contains(squeezed(line.replacing("1.0", with: "1"))), "\(invocation.output)")
        #expect(invocation.error.contains("1 stored value differs"))
    }

    @Test
    func `a run that was computed otherwise is explained`() throws {
        try scratch.sqlite3("UPDATE quadratic_steps SET loss = loss * 1.5 WHERE run_id = 1 AND step >= 5")

        let invocation = try scratch.gradbook("verify", "1")

        #expect(invocation.error.contains("run 1: 5 more differ; nearly every step from 5 on differs"))
        #expect(invocation.output.split(separator: "\n").count == 21)
    }

    @Test(arguments: [
        (["verify", "nobody"], "'nobody'", 1), (["verify"], "sweep-or-run", 64),
        (["verify", "first", "--sample", "0"], "--sample", 64),
    ])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code && invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
    }
}

/// Bits do not depend on how the program was compiled.
@Suite(
    .enabled(if: TestTier.isLong), .timeLimit(.minutes(5)))
struct CrossBuildVerificationTests {
    /// The program as `make build` makes it.
    private static var releaseProgram: String {
        get throws {
            let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            return root.appending(path: ".build/release/gradbook").path
        }
    }

    @Test(arguments: [true, false])
    func `a thousand runs of one build verify clean in the other`(isMadeInRelease: Bool) throws {
        let scratch = try Scratch()
        let programs = [try Self.releaseProgram, try TestedProgram.builtWithTests.path]
        let (maker, checker) = isMadeInRelease ? (programs[0], programs[1]) : (programs[1], programs[0])
        let sweep = """
            '\(maker)' sweep s --seeds 1..10 --steps 100 --lr 0.01,0.1,0.5,3 --batch-size 10,full --dtype float64,float32 \
            --optimizer sgd,adam,adamw,nadam,radam,adamax,adagrad,adadelta,rmsprop,rprop,asgd,lbfgs,adafactor,lion \
            --init normal
            """

        #expect(try scratch.shell(sweep).exitCode == 0)
        let verdict = try scratch.shell("'\(checker)' verify s")

        #expect(verdict.exitCode == 0, "\(verdict.output) \(verdict.error)")
        #expect(verdict.sentences.contains(" of 2240 runs trained again, every stored bit matches"))
    }
}
