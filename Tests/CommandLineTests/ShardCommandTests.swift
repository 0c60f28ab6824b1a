import Foundation
import TestRows
import TestSupport
import Testing

/// A sweep in parts, put together again.
@Suite(.timeLimit(.minutes(5)))
struct ShardCommandTests {
    private static let flags = ["--optimizer", "sgd,adam", "--lr", "0.1,5", "--seeds", "1..5", "--steps", "200"]
    /// Everything but ids, times, hosts and the command line.
    private static let content = """
        SELECT w.name, r.trial_number, r.config, r.state, r.steps_done, r.diverged_step, r.state_reason, r.attempt,
            printf('%!.17g %!.17g', r.final_loss, r.best_loss), hex(r.ieee_bytes), s.step, s.epoch,
            printf('%!.17g %!.17g %!.17g %!.17g %!.17g', s.loss, s.w, s.b, s.grad_w, s.grad_b), hex(s.ieee_bytes)
        FROM runs AS r JOIN sweeps AS w ON w.id = r.sweep_id JOIN quadratic_steps AS s ON s.run_id = r.id
        ORDER BY r.trial_number, s.step
        """

    @Test
    func `shards merged into the plan make the file that one process makes`() throws {
        let (whole, parts) = (try Scratch(), try Scratch())
        try whole.gradbook(["sweep", "s"] + Self.flags + ["--workers", "1"])
        try parts.plan(Self.flags)
        for index in ["2", "0", "1"] {
            let shard = try parts.gradbook("sweep", "shard", "s", "--index", index, "--of", "3", "--out", "\(index).db")
            #expect(shard.output == "\(index).db\n", "\(shard.error)")
        }

        let merge = try parts.gradbook("merge", "1.db", "2.db", "0.db")

        #expect(merge.exitCode == 0, "\(merge.error)")
        let expected = try whole.sqlite3(Self.content)
        #expect(expected.split(separator: "\n").count > 3000)
        #expect(try parts.sqlite3(Self.content) == expected)
        #expect(try parts.sqlite3("SELECT state, planned_runs FROM sweeps") == "done|20")
    }

    @Test
    func `a shard in an empty notebook does not pass for the whole sweep`() throws {
        let scratch = try Scratch()
        try scratch.plan(Self.flags)
        try scratch.gradbook("sweep", "shard", "s", "--index", "0", "--of", "2", "--out", "part.db")

        try scratch.gradbook("merge", "part.db", "--db", "all.db")

        let sweep = "SELECT state, planned_runs, (SELECT count(*) FROM runs) FROM sweeps"
        #expect(try scratch.sqlite3(sweep, in: "all.db") == "open|20|10")
    }

    @Test
    func `a complete shard is left alone, one with a run to do is made again`() throws {
        let scratch = try Scratch()
        try scratch.plan(Self.flags)
        let command = ["sweep", "shard", "s", "--index", "1", "--of", "4", "--out", "part.db"]
        try scratch.gradbook(command)
        let first = try #require(try scratch.contents()["part.db"])

        let again = try scratch.gradbook(command)
        #expect(again.exitCode == 0 && again.output.isEmpty)
        #expect(try scratch.contents()["part.db"] == first)

        try scratch.sqlite3("UPDATE runs SET state = 'queued' WHERE id = 1", in: "part.db")
        try scratch.gradbook(command)
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs WHERE state = 'queued'", in: "part.db") == "0")
        #expect(try scratch.notebooks() == ["gradbook.db", "part.db"])
    }

    @Test(arguments: [
        "gradbook.db", "link.db", "twin.db", "gradbook.db-wal", "copy.db", "other.db", "notes.txt", "empty",
    ])
    func `a file that is no shard of this sweep is not replaced`(name: String) throws {
        let scratch = try Scratch()
        try scratch.plan(Self.flags)
        try scratch.gradbook("sweep", "other", "--seeds", "1", "--steps", "5", "--db", "other.db")
        try scratch.write("my words", to: "notes.txt")
        try scratch.write("", to: "empty")
        #expect(try scratch.shell("ln -s gradbook.db link.db; ln gradbook.db twin.db").exitCode == 0)
        try scratch.gradbook("backup", "copy.db")
        let before = try scratch.notebooks().map { ($0, try scratch.sum($0)) }

        let invocation = try scratch.gradbook(
            "sweep", "shard", "s", "--index", "0", "--of", "2", "--out", name, "--workers", "1")

        #expect(invocation.exitCode == 1 && invocation.output.isEmpty)
        let isOwn = ["gradbook.db", "link.db", "twin.db", "gradbook.db-wal"].contains(name)
        let reason = isOwn ? "is the notebook with the sweep itself" : "is no shard of the sweep 's'"
        #expect(invocation.error.contains("'\(name)'") && invocation.error.contains(reason), "\(invocation.error)")
        #expect(try scratch.notebooks().map { ($0, try scratch.sum($0)) }.elementsEqual(before, by: ==))
    }

    @Test(arguments: [
        (arguments: ["--index", "3", "--of", "3"], text: "'3' is no shard of 3"),
        (arguments: ["--index", "-1", "--of", "3"], text: "'-1' is no shard"),
        (arguments: ["--index", "0", "--of", "0"], text: "'0' is not a number of shards"),
    ])
    func `an impossible share is refused`(arguments: [String], text: String) throws {
        let scratch = try Scratch()
        try scratch.plan(Self.flags)

        let invocation = try scratch.gradbook(["sweep", "shard", "s", "--out", "part.db"] + arguments)

        #expect(invocation.exitCode == 64)
        #expect(invocation.error.contains(text), "\(invocation.error)")
        #expect(!scratch.contains("part.db"))
    }

    @Test(arguments: [
        "y_divisor = 1.7e308, ieee_bytes = NULL", "y_offset = 9e999, ieee_bytes = NULL",
        "ieee_bytes = x'000000000000F07F000000000000F07F000000000000F07F'",
    ])
    func `data that cannot be calculated with are named by a shard and by a report`(change: String) throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "done", "--seeds", "1..2", "--steps", "5")
        try scratch.plan(Self.flags)
        try scratch.sqlite3("UPDATE datasets SET \(change)")

        let shard = try scratch.gradbook("sweep", "shard", "s", "--index", "0", "--of", "2", "--out", "part.db")
        let report = try scratch.gradbook("report", "done", "--out", "report")

        for invocation in [shard, report] {
            #expect(
                invocation.exitCode == 1 && invocation.error.contains("the data set 'chapter' has"),
                "\(invocation.error)")
        }
        #expect(!scratch.contains("part.db") && !scratch.contains("report"))
    }

    @Test(arguments: ["1.7e308", "-1.7e308", "9e999", "-1", "0"])
    func `whatever is said to be the minimum, a report is written`(value: String) throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "done", "--seeds", "1..2", "--steps", "5")
        for kind in ["parameter", "minimum", "hessian"] {
            try scratch.sqlite3("UPDATE optima SET value = \(value) WHERE kind = '\(kind)'")

            let report = try scratch.gradbook("report", "done", "--out", "report-\(kind)")

            #expect(report.exitCode == 0, "\(kind): \(report.error)")
        }
    }

    @Test
    func `a place that cannot be written is named, and nothing is left behind`() throws {
        let scratch = try Scratch()
        try scratch.plan(Self.flags)

        let invocation = try scratch.gradbook(
            "sweep", "shard", "s", "--index", "0", "--of", "1", "--out", "missing/part.db")

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains("'missing/part.db' cannot be written"), "\(invocation.error)")
        #expect(try scratch.notebooks() == ["gradbook.db"])
    }
}

extension Scratch {
    /// The files here, but for those that SQLite puts beside a notebook while it is read.
    fileprivate func notebooks() throws -> [String] {
        try contents().keys.filter { !$0.hasSuffix("-shm") && !$0.hasSuffix("-wal") }.sorted()
    }

    /// The content of a file, links followed.
    fileprivate func sum(_ name: String) throws -> String { try shell("sha256sum < '\(name)'").output }

    /// A notebook with a sweep `s` of which nothing has been run.
    fileprivate func plan(_ flags: [String]) throws {
        try gradbook(["sweep", "s", "--enqueue-only"] + flags)
    }
}
