import Foundation
import TestSupport
import Testing
import TextFormats

/// How runs and sweeps are named on the command line, and what they may be called.
@Suite(.timeLimit(.minutes(5)))
struct NamingTests {
    private static let made = Result { () throws -> Scratch in
        let scratch = try Scratch()
        try scratch.run(all: [
            ["sweep", "rates", "--lr", "0.1,0.2,1e200", "--seeds", "1..2", "--batch-size", "full", "--steps", "6"],
            ["run", "--name", "base", "--steps", "4"],
            ["run", "--name", "basement", "--steps", "5", "--optimizer", "adam"],
        ])
        return scratch
    }

    private let scratch: Scratch

    /// Runs 1 to 6 are the sweep "rates", of which 3 and 6 diverge; 7 is "base", 8 "basement".
    init() throws {
        scratch = try Scratch(copyOf: Self.made.get())
    }

    /// The first column of a table of comma-separated values, without its heading.
    private func ids(_ arguments: [String]) throws -> [String] {
        let invocation = try scratch.gradbook(arguments + ["--format", "csv"])
        #expect(invocation.exitCode == 0, "\(invocation.error)")
        return invocation.output.split(whereSeparator: \.isNewline).dropFirst()
            .map { String($0.prefix { $0 != "," }) }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    @Test(arguments: [
        (["3..5"], ["3", "4", "5"]), (["rates"], ["1", "2", "3", "4", "5", "6"]), (["base", "2"], ["2", "7"]),
        (["state=diverged"], ["3", "6"]), (["rates:state=diverged seed=1"], ["3"]), (["last"], ["8"]),
        (["1", "state=diverged"], ["1", "3", "6"]), (["sweep:rates"], ["1", "2", "3", "4", "5", "6"]),
        (["sweep=rates", "lr=0.1"], ["1", "4"]), (["2..3,last"], ["2", "3", "8"]),
    ])
    func `listings, exports and tags take the same words`(words: [String], ids: [String]) throws {
        #expect(try self.ids(["runs", "--columns", "id"] + words) == ids)
        #expect(try self.ids(["export", "runs"] + words) == ids)
        #expect(try Set(self.ids(["export", "steps"] + words)) == Set(ids))
        #expect(try scratch.gradbook(["tag"] + words + ["--remove", "none"]).error.contains("'none'"))
        #expect(try scratch.gradbook(["note"] + words + ["text"]).exitCode == 0)
        #expect(
            try scratch.sqlite3("SELECT run_id FROM notes ORDER BY 1").split(separator: "\n").map(String.init) == ids)
        #expect(try scratch.gradbook(["delete"] + words).exitCode == 0)
        #expect(try scratch.sqlite3("SELECT id FROM runs WHERE deleted_at IS NOT NULL") == ids.joined(separator: "\n"))
        #expect(try self.ids(["runs", "--deleted", "--columns", "id"] + words) == ids)
        #expect(try scratch.gradbook(["restore"] + words).exitCode == 0)
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs WHERE deleted_at IS NOT NULL") == "0")
    }

    @Test
    func `leading ids, ranges and filters are tagged, and what follows are tags`() throws {
        #expect(try scratch.gradbook("tag", "1", "2", "3", "good").output == "runs 1, 2, 3: good added\n")
        #expect(
            try scratch.gradbook("tag", "base", "4..5", "optimizer=adam", "a", "b").output
                == "runs 7, 4, 5, 8: a, b added\n")
        #expect(try scratch.gradbook("tag", "7", "cellar").output == "run 7: a, b, cellar\n")
        #expect(try scratch.gradbook("tag", "1..3", "--remove", "good").output == "runs 1, 2, 3: good removed\n")
        try scratch.gradbook("tag", "1", "good")
        #expect(try scratch.gradbook("tag", "1", "--remove", "good").output == "run 1: good removed\n")
        #expect(try scratch.gradbook("tag", "8", "key=value").output == "run 8: a, b, key=value\n")
        #expect(
            try scratch.sqlite3("SELECT run_id || tag FROM run_tags ORDER BY 1")
                == "4a\n4b\n5a\n5b\n7a\n7b\n7cellar\n8a\n8b\n8key=value")
    }

    @Test
    func `what tags and notes would change is said, and changes nothing`() throws {
        let before = try scratch.contents()
        #expect(try scratch.gradbook("tag", "1", "2", "a", "--dry-run").output == "runs 1, 2: a would be added\n")
        #expect(try scratch.gradbook("note", "1", "text", "--dry-run").output == "run 1: a note would be added\n")
        #expect(try scratch.contents() == before)
    }

    @Test(arguments: [
        (["tag", "1", "base"], "'base' is a run; to tag it, too, put a comma: 1,base"),
        (["tag", "base", "rates"], "'rates' is a sweep; to tag it, too, put a comma: base,rates"),
        (["note", "3", "4", "5"], "'5' is no note: a whole number means a run; give a text in quotes"),
        (["tag", "1", "2"], "'2' is no tag: a whole number means a run"), (["tag", "1", "2..3"], "'2..3' is no tag"),
        (["tag", "1", "best:rates"], "is no tag: it means runs"),
        (["tag", "1", "lr<0.1"], "is no tag: it is a filter"),
        (["tag", "1", "none"], "is no tag: tag=none"), (["tag", "1"], "give a tag"),
        (["run", "--tag", "5"], "'5' is no tag"),
        (["show", "1..3"], "'1..3' means 3 runs, and one run is wanted; name one of them, such as 1"),
        (
            ["why", "rates"],
            "'rates' is a sweep of 6 runs, and one run is wanted; write best:rates for the best of them"
        ),
        (["diff", "1", "state=diverged"], "'state=diverged' means 2 runs"),
        (["fork", "1..2", "--at", "1"], "means 2 runs"),
        (["delete", "rates", "state=diverged"], "write rates:state=diverged for both"),
        (["delete", "lr<"], "the filter 'lr<' has no value"),
        (["compare", "base"], "there is nothing to compare 'base' with"),
        (["report"], "name what to report"),
    ])
    func `what cannot be meant is bad usage in one sentence, and nothing happens`(
        arguments: [String], sentence: String
    ) throws {
        let before = try scratch.contents()

        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == 64)
        #expect(invocation.error.contains(sentence), "\(invocation.error)")
        #expect(invocation.error.split(separator: "\n").count == 1)
        #expect(try scratch.contents() == before)
    }

    @Test
    func `verify, compare and report take any runs`() throws {
        #expect(try scratch.gradbook("verify", "1..5").output.hasPrefix("runs 1, 2, 3, 4, 5: "))
        #expect(try scratch.gradbook("verify", "rates", "base").output.contains("7 runs"))
        #expect(try scratch.gradbook("verify", "rates").output.hasPrefix("the sweep rates: "))
        #expect(try scratch.gradbook("compare", "rates").output.contains("run 6"))
        #expect(try scratch.gradbook("compare", "rates:lr=0.1,0.2").output.contains("run 5"))

        #expect(try scratch.gradbook("report", "sweep=rates lr<1", "--out", "a").exitCode == 0)
        #expect(try scratch.gradbook("report", "rates:lr<1", "--out", "b").exitCode == 0)
        #expect(try scratch.gradbook("report", "1..3", "base", "--out", "c").exitCode == 0)
        #expect(try scratch.gradbook("report", "sweep:rates").output == "reports/rates/report.md\n")
        for (folder, command) in [
            ("a", "gradbook report --select 'sweep=rates lr<1'"), ("b", "gradbook report rates --select 'lr<1'"),
            ("c", "gradbook report 1 2 3 7"), ("reports/rates", "gradbook report rates"),
        ] {
            let page = try scratch.text(of: "\(folder)/report.md")
            #expect(page.contains("\n\(command)\n"), "\(folder)")
            #expect(try scratch.gradbook("report", "--check", folder).exitCode == 0)
        }
    }

    @Test(arguments: [
        ("7", "a whole number means a run"), ("2..5", "a range means runs"), ("last", "the last run"),
        ("best", "best:SWEEP"), ("noise", "gradbook judge noise"), ("run", "run:NAME"), ("Sweep", "sweep:NAME"),
        ("a:b", "colon"), ("-dash", "taken for an option"),
        ("best:x", "colon"), ("LAST", "the last run"), ("Best", "best:SWEEP"), ("Not", "a filter"), ("or", "a filter"),
        ("lr=1", "a filter"), ("seed<2 state=done", "a filter"), ("(lr=1 or name~b)", "a filter"), ("1,2", "a list"),
        ("a,2..3", "a list"),
        (" a", "blank"), ("a ", "blank"), ("3..", "range"),
        ("99999999999999999999", "whole number"), ("run-3", "report"), ("run-1-2", "report"),
    ])
    func `a name that means something else is none, for a run and for a sweep`(name: String, reason: String) throws {
        for arguments in [
            ["run", "--steps", "1", "--name=\(name)"], ["sweep", "--seeds", "1", "--steps", "1", "--", name],
            ["rename", "1", "--", name], ["rename", "--sweep", "rates", "--", name],
            ["fork", "1", "--at", "2", "--name=\(name)"],
        ] {
            let invocation = try scratch.gradbook(arguments)
            #expect(invocation.exitCode == 64, "\(arguments)")
            #expect(
                invocation.error.contains("'\(name)' is no name") && invocation.error.contains(reason),
                "\(invocation.error)")
        }
    }

    @Test(arguments: [
        "all", "f(x)", "a, b", "#1", "adam_lr0.1", "exp 3 (lr = 1", "v1.2-b", "größe", "2026-11-30", "lr<1 a", "a=b;c",
        "a;b&c|d>e", "2026-11",
    ])
    func `any other name can be given, and names the run`(name: String) throws {
        #expect(try scratch.gradbook("run", "--steps", "1", "--name", name).exitCode == 0)
        #expect(try scratch.gradbook("show", name).output.contains("  \(name)\n"))
        #expect(try scratch.gradbook("runs", name, "--columns", "id", "--no-header").output == "9\n")
    }

    @Test
    func `a run and a sweep have different names`() throws {
        for arguments in [
            ["run", "--name", "rates"], ["sweep", "base", "--seeds", "1"], ["rename", "1", "rates"],
            ["rename", "--sweep", "rates", "base"], ["fork", "1", "--at", "2", "--name", "rates"],
            ["sweep", "rates", "--seeds", "1"], ["run", "--name", "base"],
        ] {
            let invocation = try scratch.gradbook(arguments)
            #expect(invocation.exitCode == 1, "\(arguments)")
            #expect(invocation.error.contains("belongs to"), "\(invocation.error)")
        }
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "8")
        #expect(try scratch.gradbook("rename", "sweep:rates", "other").output == "sweep other\n")
    }

    @Test(arguments: [
        ("list", "gradbook sweeps lists sweeps"), ("ls", "gradbook sweeps lists sweeps"),
        ("show", "gradbook sweep status NAME"), ("delete", "gradbook delete --sweep NAME"),
        ("help", "gradbook sweep --help"),
    ])
    func `what people take for a command is no name of a sweep`(name: String, command: String) throws {
        for arguments in [["sweep", name], ["sweep", "start", name], ["rename", "--sweep", "rates", name]] {
            let invocation = try scratch.gradbook(arguments)
            #expect(invocation.exitCode == 64 && invocation.error.contains(command), "\(arguments): \(invocation)")
        }
        for word in ["status", "resume", "start"] {
            #expect(try scratch.gradbook("sweep", "start", word).error.contains("is a command"))
        }
        #expect(try scratch.sqlite3("SELECT count(*) FROM sweeps") == "1")
    }

    @Test
    func `names that an older release gave are reached, and told apart`() throws {
        for name in ["base", "-dash", "a:b", "list", "it's \u{1B}"] {
            try scratch.sqlite3(
                "UPDATE sweeps SET name = \(name.sqlText); UPDATE runs SET name = \(name.sqlText) WHERE id = 7")

            let both = try scratch.gradbook("export", "steps", "--", name)
            #expect(both.exitCode == 64 && both.error.contains("is a run and a sweep"), "\(both.error)")
            #expect(both.error.contains("sweep:\(name.prefix(2))"), "\(both.error)")
            #expect(try ids(["runs", "--columns", "id", "run:\(name)"]) == ["7"])
            #expect(try ids(["runs", "--columns", "id", "sweep:\(name)"]).count == 6)
            #expect(try scratch.gradbook("sweep", "status", "sweep:\(name)").exitCode == 0)
            let report = try scratch.gradbook("report", "sweep:\(name)", "--out", "r", "--force")
            #expect(report.exitCode == 0, "\(report.error)")
            #expect(try scratch.gradbook("report", "--check", "r").exitCode == 0)
            let merged = try scratch.gradbook("merge", "gradbook.db", "--db", "to.db")
            #expect(merged.exitCode == 0, "\(merged.error)")
            try FileManager.default.removeItem(at: scratch.file("to.db"))
        }
    }

    @Test
    func `sweeps are listed`() throws {
        try scratch.gradbook("sweep", "halves", "--search", "halving", "--lr", "log:1e-2:1:9", "--seeds", "1..3")
        try scratch.gradbook("sweep", "later", "--seeds", "1..4", "--enqueue-only", "--steps", "5")
        try scratch.gradbook("delete", "6")

        let rows = try scratch.gradbook("sweeps", "--format", "csv").output.split(whereSeparator: \.isNewline)
        let halving = try scratch.sqlite3("SELECT count(*) FROM runs WHERE sweep_id = 2")

        #expect(rows.count == 4 && rows[0] == "name,state,runs,ended,configurations,seeds,created_at")
        #expect(rows.dropFirst().first?.hasPrefix("rates,done,5,5,3,2,20") == true, "\(rows)")
        #expect(rows.dropFirst(2).first?.hasPrefix("halves,done,\(halving),\(halving),9,3,20") == true, "\(rows)")
        #expect(rows.last?.hasPrefix("later,open,4,0,1,4,20") == true, "\(rows)")
    }

    @Test
    func `a notebook without a sweep says so`() throws {
        let empty = try Scratch()
        try empty.gradbook("run", "--steps", "1")

        let table = try empty.gradbook("sweeps")

        #expect(table.exitCode == 0 && table.output.isEmpty)
        #expect(table.error == "there is no sweep in 'gradbook.db'; gradbook sweep NAME makes one\n")
        #expect(try empty.gradbook("sweeps", "--format", "json").output == "[]\n")
    }

    @Test
    func `two sweeps never share the folder of a report`() throws {
        for name in ["a/b", "a\\b", "a-b"] {
            try scratch.gradbook("sweep", name, "--steps", "3", "--seeds", "1..2", "--batch-size", "full")
            #expect(try scratch.gradbook("report", name).exitCode == 0)
        }
        let refused = try scratch.gradbook("report", "a-b", "--out", "reports/a%2Fb")

        #expect(refused.exitCode == 1)
        #expect(refused.error.contains("'reports/a%2Fb' holds the report on the sweep 'a/b'"), "\(refused.error)")
        let heading = try scratch.text(of: "reports/a%2Fb/report.md").prefix(6)
        #expect(heading == "# a/b\n")
    }
}
