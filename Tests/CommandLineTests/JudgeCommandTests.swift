import Foundation
import TestSupport
import Testing

/// `gradbook judge` as a person, and a loop, use it.
@Suite(.timeLimit(.minutes(5)))
struct JudgeCommandTests {
    private static let made = Result { () throws -> Scratch in
        let scratch = try Scratch()
        try scratch.run(all: [
            ["sweep", "b", "--optimizer", "sgd,adam", "--lr", "0.02,0.1", "--seeds", "1..10", "--steps", "150"],
            ["sweep", "quiet", "--lr", "0.05", "--seeds", "1..6", "--steps", "40"],
            ["sweep", "other", "--lr", "0.1", "--seeds", "1..6", "--steps", "150", "--loss", "half-sum"],
            ["sweep", "wild", "--lr", "1e200", "--seeds", "1..10", "--steps", "150"],
        ])
        // As only an older release would call it.
        try scratch.sqlite3("UPDATE sweeps SET name = 'noise' WHERE name = 'quiet'")
        return scratch
    }

    private let scratch: Scratch

    init() throws {
        scratch = try Scratch(copyOf: Self.made.get())
    }

    private func judge(_ arguments: String...) throws -> Invocation {
        try scratch.gradbook(["judge"] + arguments)
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
        let output = try scratch.gradbook(["judge"] + arguments + ["--format", "json"]).output
        return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    private static let sgd = "b:optimizer=sgd lr=0.1"
    private static let adam = "b:optimizer=adam lr=0.1"

    @Test
    func `a fork's time counts the steps that it shares with its parent, as its report does`() throws {
        let parent = try scratch.sqlite3("SELECT id FROM runs WHERE optimizer = 'sgd' AND learning_rate = 0.1 LIMIT 1")
        try scratch.gradbook("fork", parent, "--at", "120", "--name", "child")
        let child = try scratch.sqlite3("SELECT id FROM runs WHERE name = 'child'")
        let success = ["--success", "excess=1e-1"]
        try scratch.gradbook(["report", parent, child, "--out", "forked"] + success)
        let table = try Data(contentsOf: scratch.folder.appending(path: "forked/data/runs.csv"))
        let times = CSVReader.records([UInt8](table)).map { $0["t_hold"] ?? "" }

        let judged = try scratch.gradbook(
            ["judge", parent, "child", "--by", "time", "--format", "json"] + success)

        #expect(times.count == 2 && times[0] == times[1] && Int(times[0]).map { $0 < 120 } == true, "\(times)")
        #expect(judged.output.components(separatedBy: #""value":\#(times[0])}"#).count == 3, "\(judged.output)")
    }

    @Test
    func `the exit code is the verdict`() throws {
        let (better, worse) = (try judge(Self.adam, Self.sgd), try judge(Self.sgd, Self.adam))

        #expect(better.exitCode == 0 && better.output.hasPrefix("\(Self.adam) is better than \(Self.sgd) in"))
        #expect(worse.exitCode == 1 && worse.output.hasPrefix("\(Self.adam) is better than \(Self.sgd) in"))
        #expect(try judge("\(Self.adam) seed<4", Self.sgd).exitCode == 2)
        #expect(try judge(Self.sgd, "other").exitCode == 2)
        #expect(try judge(Self.sgd, "wild").exitCode == 0)
        #expect(try judge(Self.adam, Self.sgd, "wild").exitCode == 0)
        #expect(try judge(Self.adam, "--below", "1", "--metric", "loss").exitCode == 0)
        #expect(try judge(Self.adam, "--above", "1", "--metric", "loss").exitCode == 1)
        #expect(try judge("noise", Self.adam).exitCode == 0)
        for arguments in [
            ["x", "y"], ["b"], ["b", "b:lr=0.1"], [Self.adam, "--below", "abc"], ["b:seed=77", "wild"],
        ] {
            #expect(try scratch.gradbook(["judge"] + arguments).exitCode == 64, "\(arguments)")
        }
        #expect(try judge("b", "wild", "--db", "missing.db").exitCode == 70)
    }

    @Test
    func `a mistake is one sentence, and nothing is written`() throws {
        let before = try scratch.contents()

        for (arguments, words) in [
            (["b", "b:lr=0.1"], "is in both 'b' and 'b:lr=0.1'"),
            (["b:seed=77", "wild"], "no run of the sweep 'b' matches 'seed=77'"),
            ([Self.adam, Self.sgd, "--tuning-seeds", "99"], "has the seed 99"),
            ([Self.adam, Self.sgd, "--metric", "wx"], "did you mean 'w'?"),
            ([Self.adam, "--below", "abc"], "--below: 'abc' is not a number"),
            ([Self.adam, Self.sgd, "--at", "soon"], "--at: 'soon' is no place"),
            ([Self.adam, Self.sgd, "--at", "best"], "--biased"),
            ([Self.adam, Self.sgd, "--metric", "b"], "--goal min or max"),
            ([Self.adam, Self.sgd, "--by", "time"], "--success"),
            ([Self.adam, Self.sgd, "--alpha", "2"], "--alpha: '2'"),
            ([Self.adam, Self.sgd, "--at", "step=151"], "step 151 is beyond the end"),
            ([Self.adam, Self.sgd, "--by", "time", "--success", "excess=1e-40"], "out of reach"),
            (["noise"], "write noise: for a sweep of that name"), (["noise", "wild"], "a spread takes two"),
            ([Self.adam, Self.sgd, "--below", "3"], "--below and --above are for one arm"),
        ] {
            let invocation = try scratch.gradbook(["judge"] + arguments)
            #expect(invocation.exitCode == 64 && invocation.output.isEmpty, "\(arguments)")
            #expect(invocation.error.contains(words), "\(arguments): \(invocation.error)")
            #expect(invocation.error.split(separator: "\n").count == 1)
        }
        #expect(try scratch.contents() == before)
    }

    @Test
    func `a program gets every number that the verdict rests on`() throws {
        let object = try json(Self.adam, Self.sgd)
        let pair = try #require((object["comparisons"] as? [[String: Any]])?.first)

        #expect(object["outcome"] as? String == "better" && pair["outcome"] as? String == "better")
        #expect(pair["test"] as? String == "signFlip" && pair["p"] as? Double == 0.001953125)
        let seeds = try #require(pair["seeds"] as? [[String: Any]])
        #expect(seeds.compactMap { $0["seed"] as? Int } == Array(1...10))
        for row in seeds {
            let (first, second) = (row["first"] as? [String: Any], row["second"] as? [String: Any])
            let run = try #require(first?["id"] as? Int)
            let optimum = "(SELECT value FROM optima WHERE kind = 'minimum')"
            let loss = try scratch.sqlite3("SELECT printf('%.6e', final_loss - \(optimum)) FROM runs WHERE id = \(run)")
            let value = try #require(first?["value"] as? Double)
            #expect(abs(value - (Double(loss) ?? 0)) <= 1e-3 * value + 1e-15)
            let ratio = value / (second?["value"] as? Double ?? .nan)
            #expect(abs((row["effect"] as? Double ?? .nan) / ratio - 1) < 1e-12)
        }
        let keys = Set(pair.keys)
        #expect(try Set(#require((json(Self.sgd, "other")["comparisons"] as? [[String: Any]])?.first).keys) == keys)
        #expect(try json(Self.sgd, "wild")["outcome"] as? String == "better")
        #expect(try json(Self.adam, "--below", "1")["side"] as? String == "below")
        #expect(try json("noise", Self.adam)["count"] as? Int == 10)
    }

    @Test
    func `a sweep named noise is reached with a colon`() throws {
        let invocation = try judge("noise:", "b:optimizer=sgd lr=0.02")

        #expect(invocation.exitCode != 64, "\(invocation.error)")
        #expect(invocation.output.replacing("\n  ", with: " ").contains("excess after 40 steps"))
        #expect(try judge("noise", "noise:").output.hasPrefix("noise:, excess at the end: mean "))
    }

    @Test
    func `time is steps until a condition holds`() throws {
        let pair = try #require(
            (json(Self.adam, Self.sgd, "--by", "time", "--success", "excess=1e-2", "--hold", "40")["comparisons"]
                as? [[String: Any]])?.first)
        let output = try judge(Self.adam, Self.sgd, "--by", "time", "--success", "excess=1e-2", "--hold", "40").output

        #expect(pair["measure"] as? String == "steps until excess=1e-2 holds")
        #expect(output.replacing("\n  ", with: " ").contains("38 of the next 40 do"))
    }

    @Test
    func `every look is counted once, and a notebook that cannot be written says so`() throws {
        let early = "\(Self.adam) seed<8"
        for _ in 0..<2 { _ = try judge(early, Self.sgd) }
        #expect(try scratch.sqlite3("SELECT count(*), max(json_array_length(seeds)) FROM verdicts") == "1|7")

        let more = try judge(Self.adam, Self.sgd)

        #expect(more.output.contains("This is look 2 at this question"))
        #expect(try scratch.sqlite3("SELECT count(*) FROM verdicts") == "2")
        try scratch.shell("chmod a-w gradbook.db .").succeed()
        defer { _ = try? scratch.shell("chmod u+w gradbook.db .") }
        guard !FileManager.default.isWritableFile(atPath: scratch.folder.appending(path: "gradbook.db").path) else {
            return
        }
        let frozen = try judge(Self.adam, "\(Self.sgd) seed>2")
        #expect(frozen.exitCode == 0 && frozen.error.contains("cannot be written, so this verdict is not counted"))
    }

    @Test(arguments: ["text", "markdown", "latex", "json"])
    func `every form says the same sentence`(format: String) throws {
        let sentence = "is better than"

        let output = try judge(Self.adam, Self.sgd, "--format", format).output.replacing("\n  ", with: " ")

        #expect(output.contains(sentence) && output.contains("exact sign-flip") && output.hasSuffix("\n"))
        if format == "latex" { #expect(output.contains(#"\begin{tabular}{rrrr}"#) && output.contains(#"95 \%"#)) }
    }

    @Test
    func `runs that ended worse than they began are named`() throws {
        try scratch.gradbook(
            "sweep", "shaky", "--lr", "0.95", "--seeds", "1..8", "--steps", "60", "--batch-size", "full")
        let unstable =
            try scratch.gradbook("runs", "sweep=shaky unstable=yes", "--columns", "id", "--format", "csv")
            .output.split(separator: "\n").count - 1

        let output = try judge("shaky", Self.sgd).output.replacing("\n  ", with: " ")

        #expect(unstable > 0)
        #expect(output.contains("\(unstable) unstable: they ended higher than they began"), "\(output)")
    }
}

extension Invocation {
    fileprivate func succeed() throws { try #require(exitCode == 0, "\(error)") }
}
