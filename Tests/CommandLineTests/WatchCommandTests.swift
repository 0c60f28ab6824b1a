import Foundation
import TestSupport
import Testing

/// `gradbook watch` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct WatchCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test
    func `a sweep is watched in lines until it has ended, without a change to the file`() throws {
        let name = "learning-rates-of-gradient-descent-on-all-seeds"
        let lines = try scratch.shell(
            """
            '\(try TestedProgram.file.path)' sweep \(name) --lr 0.01,0.1 --seeds 1..3 --steps 20 --enqueue-only 2>plan.txt
            '\(try TestedProgram.file.path)' sweep resume \(name) >resume.txt 2>&1 &
            '\(try TestedProgram.file.path)' watch \(name)
            wait
            """
        ).output.split(separator: "\n")

        let last = try #require(lines.last)
        #expect(lines.allSatisfy { $0.hasPrefix("\(name): ") && !$0.contains("\u{1B}") })
        #expect(last.hasPrefix("\(name): done, 6 of 6 runs ended, 0 diverged, 120 steps; best run "), "\(last)")
        #expect(Set(lines).count == lines.count)
    }

    @Test
    func `rows of a sweep that continues have one header`() throws {
        try scratch.gradbook("sweep", "first", "--lr", "0.01", "--seeds", "1..2", "--steps", "20", "--enqueue-only")

        let output = try scratch.shell(
            """
            '\(try TestedProgram.file.path)' watch first --format csv >rows.csv &
            until grep -qs ^first, rows.csv || ! kill -0 $!; do :; done
            sqlite3 gradbook.db "UPDATE runs SET state = 'cancelled'; UPDATE sweeps SET state = 'cancelled'"
            wait
            cat rows.csv
            """
        ).output

        let rows = try #require(PageReader.rows(of: output, "csv"), "\(output)")
        #expect(rows > 0 && output.components(separatedBy: "name,state,").count == 2)
    }

    @Test
    func `of a sweep that has ended there is one look`() throws {
        try scratch.gradbook("sweep", "first", "--lr", "0.01,1e200", "--seeds", "1", "--steps", "20")
        let before = try scratch.contents()

        let table = try scratch.gradbook("watch", "first")
        let json = try scratch.gradbook("watch", "first", "--format", "json")
        let csv = try scratch.gradbook("watch", "first", "--format", "csv")

        #expect(table.exitCode == 0)
        #expect(table.output.hasPrefix("first: done, 2 of 2 runs ended, 1 diverged, "))
        #expect(table.output.contains("; best run 1: "))
        #expect(json.output.hasPrefix(#"{"best_loss":"#) && json.output.hasSuffix("}\n"))
        #expect(json.output.contains(#","best_run":1,"interrupted":[],"name":"first""#))
        #expect(csv.output.hasPrefix("name,state,runs_planned,") && csv.output.contains("\nfirst,done,2,2,"))
        #expect(try scratch.contents() == before)
    }

    @Test(arguments: [(["watch", "nobody"], "'nobody'", 1), (["watch"], "name", 64)])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        try scratch.gradbook("run", "--steps", "2")

        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code && invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
    }
}
