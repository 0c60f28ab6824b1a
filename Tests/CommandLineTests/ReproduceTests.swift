import Foundation
import TestSupport
import Testing

/// The commands that a report prints under Reproduce, typed as they stand in an empty folder.
@Suite(.timeLimit(.minutes(5)))
struct ReproduceTests {
    /// What was typed, the last of it a report into `report`, and the name of the report's folder when its command is typed
    /// again.
    struct History: Sendable, CustomStringConvertible {
        let description: String
        let commands: String
        let folder: String
        /// What must stand among the printed commands.
        let printed: [String]
    }

    private static let histories = [
        History(
            description: "a plan",
            commands: """
                gradbook sweep 'two words' --lr 0.01,0.1 --steps 20 --seeds 1..2
                gradbook report 'two words' --success excess=1e-3 --reproducible --out report
                """, folder: "two words", printed: ["gradbook report 'two words' --success excess=1e-3 --reproducible"]),
        History(
            description: "a name like a filter",
            commands: """
                gradbook sweep 'lr<0.1 a' --steps 20 --seeds 1..2
                gradbook report --reproducible --format csv,latex --out report 'lr<0.1 a'
                """, folder: "lr<0.1 a",
            printed: [
                "gradbook report 'lr<0.1 a' --format csv,latex --reproducible",
                "gradbook verify 'lr<0.1 a' --sample 20",
            ]),
        History(
            description: "an extension, another name, another file",
            commands: """
                gradbook sweep plan --lr 0.01,0.1 --steps 20 --seeds 1..2 --db 'my notes.db'
                gradbook sweep extend plan --seeds 3..4 --db 'my notes.db'
                gradbook rename --sweep plan "it's" --db 'my notes.db'
                gradbook sweep extend "it's" --lr 0.2 --db 'my notes.db'
                gradbook report "it's" --brief --every 3 --reproducible --db 'my notes.db' --out report
                """, folder: "it's",
            printed: [
                "gradbook sweep extend plan --seeds 3..4 --db 'my notes.db'",
                "gradbook rename --sweep plan 'it'\\''s' --db 'my notes.db'",
                "gradbook sweep extend 'it'\\''s' --lr 0.2 --db 'my notes.db'",
                "gradbook report 'it'\\''s' --brief --every 3 --reproducible --db 'my notes.db'",
            ]),
        History(
            description: "parts that were merged",
            commands: """
                gradbook sweep parts --lr 0.01,0.1 --steps 20 --seeds 1..2 --enqueue-only
                gradbook sweep shard parts --index 0 --of 2 --out 'part 0.db'
                gradbook sweep shard parts --index 1 --of 2 --out part-1.db
                gradbook merge 'part 0.db' part-1.db
                gradbook report parts --reproducible --out report
                """, folder: "parts", printed: ["gradbook merge 'part 0.db' part-1.db"]),
        History(
            description: "a queue that was trained later",
            commands: """
                gradbook sweep later --steps 20 --seeds 1..2 --enqueue-only
                gradbook sweep resume later
                gradbook report later --reproducible --out report
                """, folder: "later", printed: ["gradbook sweep resume later"]),
        History(
            description: "runs, one of another notebook",
            commands: """
                gradbook run --steps 20
                gradbook run --steps 20 --optimizer adam --db other.db
                gradbook merge other.db
                gradbook report 1 2 --reproducible --out report
                """, folder: "run-1-2", printed: ["gradbook merge other.db", "gradbook report 1 2 --reproducible"]),
    ]

    private func type(_ commands: String, in scratch: Scratch) throws -> Invocation {
        let program = try TestedProgram.file.deletingLastPathComponent().path
        return try scratch.shell("PATH='\(program)':$PATH\nset -e\n\(commands)")
    }

    @Test(arguments: histories)
    func `the printed commands make the report again`(history: History) throws {
        let first = try Scratch()
        let made = try type(history.commands, in: first)
        try #require(made.exitCode == 0, "\(made.error)")
        let files = first.folder.appending(path: "report")
        let name = try #require(
            ["report.md", "report.tex"].first { name in
                FileManager.default.fileExists(atPath: files.appending(path: name).path)
            })
        let commands =
            try history.description.hasPrefix("an extension") || name == "report.tex"
            ? commands(ofFullReport: history, in: first)
            : Self.commands(in: String(contentsOf: files.appending(path: name), encoding: .utf8))
        for line in history.printed { #expect(commands.contains("\(line)\n"), "\(commands)") }

        let second = try Scratch()
        let again = try type(commands, in: second)

        #expect(again.exitCode == 0, "\(commands)\n\(again.error)")
        let copy = second.folder.appending(path: "reports/\(history.folder)")
        for file in try FileManager.default.subpathsOfDirectory(atPath: files.path).filter({ $0.contains(".") }) {
            let (old, new) = (files.appending(path: file), copy.appending(path: file))
            #expect(try Data(contentsOf: old) == (try? Data(contentsOf: new)), "\(file)")
        }
    }

    /// A brief report prints no commands, and LaTeX prints them its own way: those of the same report in full.
    private func commands(ofFullReport history: History, in scratch: Scratch) throws -> String {
        let report = try #require(history.commands.split(separator: "\n").last)
        let full = report.replacing("--brief ", with: "").replacing("csv,latex", with: "markdown")
            .replacing("--out report", with: "--out full")
        let made = try type(String(full), in: scratch)
        try #require(made.exitCode == 0, "\(made.error)")
        let text = try String(contentsOf: scratch.folder.appending(path: "full/report.md"), encoding: .utf8)
        return try Self.commands(in: text).replacing(
            "gradbook report 'it'\\''s'", with: "gradbook report 'it'\\''s' --brief"
        )
        .replacing("--format markdown", with: "--format csv,latex")
    }

    private static func commands(in markdown: String) throws -> String {
        let section = try #require(markdown.components(separatedBy: "## Reproduce\n\n```sh\n").last)
        return section.components(separatedBy: "```")[0]
    }

    @Test
    func `three names that differ in a sign have three reports`() throws {
        let scratch = try Scratch()
        for name in ["a/b", "a\\b", "a-b"] {
            try scratch.gradbook("sweep", name, "--steps", "5", "--seeds", "1..2", "--batch-size", "full")
            #expect(try scratch.gradbook("report", name).exitCode == 0)
        }

        for (folder, title) in [("a%2Fb", "# a/b\n"), ("a%5Cb", "# a\\\\b\n"), ("a-b", "# a-b\n")] {
            let file = scratch.folder.appending(path: "reports/\(folder)/report.md")
            #expect(try String(contentsOf: file, encoding: .utf8).hasPrefix(title))
        }
    }

    @Test
    func `a folder with something else is left alone`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "5")
        try FileManager.default.createDirectory(
            at: scratch.folder.appending(path: "mine"), withIntermediateDirectories: true)
        try scratch.write("x", to: "mine/notes.txt")

        let refused = try scratch.gradbook("report", "1", "--out", "mine")
        let printed = try scratch.gradbook("report", "1", "--out", "-")

        #expect(refused.exitCode == 1)
        #expect(
            refused.error
                == "gradbook: 'mine' holds a file that is no part of a report: 'notes.txt'; name another folder with "
                + "--out, or write beside it with --force\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path + "/mine") == ["notes.txt"])
        #expect(printed.exitCode == 64)
        #expect(printed.error.contains("a report is a folder of files and cannot be printed"))
        #expect(try scratch.gradbook("report", "1", "--out", "mine", "--force").exitCode == 0)
        #expect(try scratch.gradbook("report", "1", "--out", "mine").exitCode != 0, "the file is still no part of it")
    }
}
