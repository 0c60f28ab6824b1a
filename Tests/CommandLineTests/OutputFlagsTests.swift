import Foundation
import TestSupport
import Testing

/// The flags that all commands share: how an answer is printed, and how much is said beside it.
@Suite(.timeLimit(.minutes(5)))
struct OutputFlagsTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "s", "--lr", "0.1,1e200", "--seeds", "1..2", "--steps", "5", "--batch-size", "full")
    }

    @Test
    func `--json is short for --format json, and contradicts every other`() throws {
        for command in [
            ["runs"], ["show", "1"], ["compare", "1", "2"], ["sweep", "status", "s"], ["query", "SELECT 1 AS a"],
        ] {
            let short = try scratch.gradbook(command + ["--json"])
            #expect(short.exitCode == 0 && !short.output.isEmpty)
            #expect(try short.output == scratch.gradbook(command + ["--format", "json"]).output, "\(command)")
            #expect(
                try short.output == scratch.gradbook(command + ["--format", "json", "--json"]).output, "\(command)")
            let both = try scratch.gradbook(command + ["--json", "--format", "csv"])
            #expect(both.exitCode == 64 && both.output.isEmpty)
            #expect(both.error.hasPrefix("gradbook: --json and --format csv are two formats; give one; see gradbook "))
        }
        #expect(try scratch.gradbook("judge", "s", "s", "--json", "--format", "latex").exitCode == 64)
    }

    @Test
    func `quiet leaves out notes, and neither results nor errors`() throws {
        let sweep = try scratch.gradbook("sweep", "t", "--lr", "0.1", "--seeds", "1..2", "--steps", "5", "-q")
        #expect(sweep.exitCode == 0 && sweep.output.isEmpty && sweep.error.isEmpty)
        let removed = try scratch.gradbook("delete", "5", "--quiet")
        #expect(removed.exitCode == 0 && removed.error.isEmpty)
        #expect(try scratch.gradbook("runs", "--columns", "id", "-n", "2", "--no-header", "-q").output == "1\n2\n")
        #expect(try scratch.gradbook("show", "99", "--quiet").error.hasPrefix("gradbook: there is no run"))
        #expect(try scratch.gradbook("runs", "-q", "--verbose").error.contains("--quiet and --verbose contradict"))
    }

    @Test
    func `verbose names the file and each run that ends`() throws {
        let sweep = try scratch.gradbook(
            "sweep", "t", "--lr", "0.1,1e200", "--seeds", "1", "--steps", "5", "--verbose", "--workers", "1")

        let lines = sweep.error.split(separator: "\n")
        #expect(lines.contains { $0.hasSuffix("/gradbook.db'") }, "\(sweep.error)")
        #expect(lines.contains { $0.hasPrefix("run 5: done after 5 steps, final loss ") }, "\(sweep.error)")
        #expect(lines.contains { $0.hasPrefix("run 6: diverged after ") }, "\(sweep.error)")
    }

    @Test
    func `numbers are exact unless somebody asks for fewer digits`() throws {
        let query = ["query", "SELECT 0.1 + 0.2 AS x, 12345678 AS n, -0.0 AS z, 9e999 AS i"]
        #expect(
            try scratch.gradbook(query + ["--format", "csv"]).output == "x,n,z,i\n0.30000000000000004,12345678,-0,inf\n"
        )
        #expect(
            try scratch.gradbook(query + ["--format", "csv", "--precision", "3"]).output
                == "x,n,z,i\n0.3,12345678,-0,inf\n")
        #expect(try scratch.gradbook(query + ["--json", "--precision", "17"]).output.contains("0.30000000000000004"))
        let run = try scratch.gradbook("run", "--steps", "3", "--precision", "2").output
        #expect(run.contains(#/final loss  \d\.\d\n/#), "\(run)")
        #expect(try scratch.gradbook("show", "1", "--precision", "2").output.contains(#/final loss \d\.?\d*\n/#))
        for command in [
            ["run", "--steps", "3", "-q"], ["fork", "1", "--at", "1", "-q"], ["sweep", "best", "s"], ["watch", "s"],
        ] {
            let json = try scratch.gradbook(command + ["--json", "--precision", "2"]).output
            #expect(json.contains(#/_loss":\d\.\d{1,2}[,}]/#) && !json.contains(#/\d\.\d{4}/#), "\(json)")
        }
        for digits in ["0", "18", "x", "-1"] {
            let mistake = try scratch.gradbook(query + ["--precision", digits])
            #expect(
                mistake.exitCode == 64 && mistake.error.contains("--precision") && mistake.error.contains("'\(digits)'")
            )
        }
    }

    @Test
    func `a header can be left out where rows can do without`() throws {
        let query = ["query", "SELECT 1 AS a, 'x' AS b", "--no-header", "--format"]
        #expect(try scratch.gradbook(query + ["table"]).output == "1  x\n")
        #expect(try scratch.gradbook(query + ["csv"]).output == "1,x\n")
        #expect(try scratch.gradbook(query + ["tsv"]).output == "1\tx\n")
        #expect(
            try scratch.gradbook("fork", "1", "--at", "2", "--format", "csv", "--no-header").output.hasPrefix(
                "5,done,5,"))
        let other = try scratch.gradbook("run", "--no-header", "--format", "csv")
        #expect(
            other.exitCode == 64 && other.error.contains("--no-header: of gradbook run it says that"), "\(other.error)")
        for format in ["json", "jsonl", "markdown"] {
            #expect(
                try scratch.gradbook(query + [format]).error.contains("--no-header: \(format) is none without names"))
        }
    }

    @Test
    func `exports and queries end after as many rows as are asked for`() throws {
        for (command, limit) in [
            (["export", "runs"], 1), (["export", "steps"], 7), (["export", "query", "SELECT id FROM runs"], 2),
            (["query", "SELECT id FROM runs", "--format", "csv"], 3),
        ] {
            let whole = try scratch.gradbook(command).output.split(separator: "\n")
            let part = try scratch.gradbook(command + ["-n", "\(limit)"])
            #expect(part.exitCode == 0 && part.output.split(separator: "\n") == Array(whole.prefix(limit + 1)))
            #expect(
                try scratch.gradbook(command + ["--limit", "0"]).error.contains("--limit: '0' is not a number of rows"))
        }
    }

    @Test
    func `lists of columns and names to sort by add up`() throws {
        let listed = ["runs", "--format", "csv"]
        #expect(
            try scratch.gradbook(
                listed + ["--columns", "id", "--columns", "lr,seed", "--sort", "-seed", "--sort", "-id"]
            ).output
                == scratch.gradbook(listed + ["--columns", "id,lr,seed", "--sort", "-seed,-id"]).output)
    }

    @Test
    func `tabs and line breaks in cells of TSV are written out`() throws {
        let sql = "SELECT 'a' || char(9) || 'b' || char(10) || 'c\\d' || char(13) AS t, NULL AS n, '\"' AS q"
        #expect(try scratch.gradbook("query", sql, "--format", "tsv").output == "t\tn\tq\na\\tb\\nc\\\\d\\r\t\t\"\n")
    }

    @Test
    func `a table is not folded where no terminal is`() throws {
        let word = String(repeating: "0123456789 ", count: 30)
        let table = try scratch.gradbook("query", "SELECT '\(word)' AS a, 1 AS b, '\(word)' AS c").output

        #expect(
            table.split(separator: "\n").count == 2 && table.contains("\(word)  1  \(word.dropLast())"), "\(table)")
    }

    @Test
    func `a cell of megabytes is cut in tables, with its length, and whole elsewhere`() throws {
        let query = ["query", "SELECT printf('%.*c', 3000000, 'x') AS t, zeroblob(2000000) AS z, 7 AS n"]

        let table = try scratch.gradbook(query).output
        #expect(table.utf8.count < 2000)
        #expect(
            table.contains("x… (3000000 characters)") && table.contains("0… (2000000 bytes)") && table.contains("7"))
        #expect(try scratch.gradbook(query + ["--format", "csv"]).outputBytes.count > 7_000_000)
        #expect(try scratch.gradbook(query + ["--json"]).outputBytes.count > 7_000_000)
    }

    @Test
    func `states have colors where they are asked for, and a name brings none of its own`() throws {
        try scratch.sqlite3("UPDATE runs SET name = 'a' || char(27) || '[31mb' WHERE id = 1")
        let colored = try scratch.gradbook("runs", "--columns", "id,state,name", "--color", "always").output
        #expect(colored.contains("\u{1B}[32mdone\u{1B}[0m") && colored.contains("\u{1B}[35mdiverged\u{1B}[0m"))
        #expect(!colored.contains("\u{1B}[31m") && colored.contains(#"a\u{1B}[31mb"#))
        let page = try scratch.gradbook("show", "1", "--color", "always").output
        #expect(page.contains("\u{1B}[32mdone\u{1B}[0m, 5 of 5 steps") && !page.contains("\u{1B}[31m"), "\(page)")

        let status = try scratch.gradbook("sweep", "status", "s", "--color", "always").output
        #expect(status.contains("s: \u{1B}[32mdone\u{1B}[0m, 4 of 4"), "\(status)")
        #expect(status.contains("  2 \u{1B}[32mdone\u{1B}[0m, 2 \u{1B}[35mdiverged\u{1B}[0m"), "\(status)")

        let plain = try scratch.gradbook(["runs", "--columns", "id,state"])
        #expect(!plain.output.contains("\u{1B}"))
        let lines = try scratch.gradbook("runs", "--columns", "id,state", "--color", "always").output
        #expect(lines.replacing(#/\u{1B}\[\d+m/#, with: "") == plain.output)
        let forced = ["CLICOLOR_FORCE": "1"]
        #expect(try scratch.gradbook(["runs"], environment: forced).output.contains("\u{1B}["))
        #expect(
            try scratch.gradbook(["runs"], environment: forced.merging(["NO_COLOR": "1"]) { $1 }).output.contains(
                "\u{1B}[")
                == false)
        for format in ["csv", "json", "tsv", "markdown"] {
            let output = try scratch.gradbook("runs", "--format", format, "--color", "always").output
            #expect(!output.contains("\u{1B}[32m"))
        }
    }

    @Test
    func `export writes a whole file or none, and never takes a notebook's place`() throws {
        let before = try scratch.notebookContent()
        let exported = try scratch.gradbook("export", "runs", "-o", "runs.csv")
        #expect(exported.exitCode == 0 && exported.output.isEmpty && exported.error.isEmpty)
        #expect(try scratch.text(of: "runs.csv") == scratch.gradbook("export", "runs").output)
        #expect(try scratch.gradbook("export", "steps", "1", "--out", "-").output.hasPrefix("run_id,step,"))

        let failed = try scratch.gradbook("export", "query", "SELECT nothing", "-o", "runs.csv")
        #expect(failed.exitCode == 64 && failed.error.contains("nothing"))
        #expect(try scratch.text(of: "runs.csv").hasPrefix("id,name,"))
        _ = try scratch.shell("mkfifo pipe; mkdir folder")
        for (path, reason) in [
            ("gradbook.db", "is a notebook"), ("gradbook.db-wal", "a part of one"), ("pipe", "is a named pipe"),
            ("folder", "is a"), ("missing/x.csv", "cannot be written"),
        ] {
            let refused = try scratch.gradbook("export", "runs", "-o", path)
            #expect(refused.exitCode == 1 && refused.error.hasPrefix("gradbook: --out: "), "\(refused.error)")
            #expect(refused.error.contains(reason), "\(refused.error)")
        }
        #expect(try scratch.notebookContent() == before)
        #expect(try scratch.contents().keys.contains { $0.hasPrefix(".gradbook-work") } == false)
    }
}
