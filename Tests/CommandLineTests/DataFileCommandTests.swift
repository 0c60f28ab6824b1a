import Foundation
import TestSupport
import Testing

/// `--data` with files as people have them.
@Suite(.timeLimit(.minutes(5)))
struct DataFileCommandTests {
    private let scratch: Scratch
    private static let german = "x;y\r\n1,5;2,3\r\n2,5;3,1\r\n3,5;4\r\n"
    private static let columns = ["--x", "x", "--y", "y", "--batch-size", "full", "--lr", "0.001", "--steps", "3"]

    init() throws {
        scratch = try Scratch()
        try scratch.write(Self.german, to: "german.csv")
    }

    private func run(_ arguments: String...) throws -> Invocation {
        try scratch.gradbook(["run"] + Self.columns + arguments)
    }

    /// The same in the shell, with `$GB` for the program's run.
    private func shell(_ line: String) throws -> Invocation {
        let run = (["'\(try TestedProgram.file.path)'", "run"] + Self.columns).joined(separator: " ")
        return try Program(URL(filePath: "/bin/bash")).run(
            ["-c", line.replacing("$GB", with: run)], in: scratch.folder)
    }

    @Test
    func `what was recognized is said on standard error, and what was given is not`() throws {
        let guessed = try run("--data", "german.csv")
        let given = try run("--data", "german.csv", "--delimiter", ";", "--decimal", "comma")

        #expect(guessed.exitCode == 0 && given.exitCode == 0)
        #expect(guessed.error == "gradbook: german.csv is read with ';' between fields and decimal commas\n")
        #expect(given.error.isEmpty, "\(given.error)")
        #expect(try scratch.sqlite3("SELECT count(DISTINCT config), count(DISTINCT dataset_id) FROM runs") == "1|1")
        #expect(try scratch.sqlite3("SELECT sum(x), sum(y) FROM dataset_rows") == "7.5|9.4")
    }

    @Test
    func `two readings of one file are two data, and both are verified`() throws {
        try scratch.write("x;y\n1,250;2\n2,500;3\n", to: "data.csv")
        let comma = try run("--data", "data.csv", "--decimal", "comma")
        try scratch.write("x;y\n1;2\nNA;3\n2;3\n", to: "gaps.csv")
        let gaps = try run("--data", "gaps.csv", "--skip-missing")

        #expect(comma.exitCode == 0 && gaps.exitCode == 0, "\(comma.error)\(gaps.error)")
        #expect(gaps.error.contains("gaps.csv: 1 of 3 rows is left out, without a value of x or y"), "\(gaps.error)")
        #expect(try scratch.sqlite3("SELECT count(DISTINCT dataset_id) FROM runs") == "2")
        #expect(try scratch.gradbook("verify", "1").exitCode == 0)
        #expect(try scratch.gradbook("verify", "2").exitCode == 0)
        #expect(try scratch.gradbook("fork", "1", "--at", "1", "lr=0.002").exitCode == 0)
    }

    @Test
    func `a sweep on a recognized file is extended, exported and computed again`() throws {
        let sweep = try scratch.gradbook(
            ["sweep", "s", "--seeds", "1..2", "--data", "german.csv"] + Self.columns + ["--scale", "none,normalize"])
        #expect(sweep.exitCode == 0 && sweep.error.contains("german.csv is read with ';'"), "\(sweep.error)")
        #expect(try scratch.gradbook("sweep", "extend", "s", "--seeds", "3").exitCode == 0)
        #expect(try scratch.gradbook("verify", "s").exitCode == 0)
        #expect(try scratch.gradbook("sweep", "best", "s", "--export", "best.json").exitCode == 0)

        let again = try scratch.gradbook("run", "--config", "best.json", "--data", "german.csv", "--db", "new.db")
        try scratch.write("x;y\n1,5;2,3\n", to: "other.csv")
        let other = try scratch.gradbook("run", "--config", "best.json", "--data", "other.csv", "--db", "new.db")

        #expect(again.exitCode == 0, "\(again.error)")
        #expect(other.exitCode == 1 && other.error.contains("is not the file of the configuration"), "\(other.error)")
    }

    @Test(arguments: [
        "cat german.csv | $GB --data -", "cat german.csv | $GB --data /dev/stdin", "$GB --data - < german.csv",
        "$GB --data <(cat german.csv)", "mkfifo pipe; cat german.csv > pipe & sleep 0.1; $GB --data - < pipe",
        "exec 7< german.csv; $GB --data /dev/fd/7",
        "(head -c 9 german.csv; sleep 0.2; tail -c +10 german.csv) | $GB --data -",
    ])
    func `what is open already is read whole`(line: String) throws {
        let invocation = try shell(line)

        #expect(invocation.exitCode == 0, "\(invocation.error)")
        #expect(try scratch.sqlite3("SELECT samples FROM datasets") == "3")
    }

    @Test
    func `a sweep over scalings reads a pipe once`() throws {
        let sweep = (["'\(try TestedProgram.file.path)'", "sweep", "s", "--seeds", "1"] + Self.columns).joined(
            separator: " ")
        let invocation = try scratch.shell("cat german.csv | \(sweep) --scale none,normalize --data -")

        #expect(invocation.exitCode == 0, "\(invocation.error)")
        #expect(try scratch.sqlite3("SELECT count(*), min(source) FROM datasets") == "2|standard input")
    }

    @Test(arguments: [
        ("mkfifo pipe; timeout 20 $GB --data pipe", "'pipe' is a named pipe"),
        ("$GB --data - < /dev/null", "standard input is a socket or a device"),
        ("$GB --data /dev/fd/77", "there is no file '/dev/fd/77'"),
        ("$GB --data - < .", "standard input is a directory"),
        ("timeout 200 cat /dev/zero | $GB --data -", "standard input has more than 512 MiB"),
        ("printf 'gr\\xf6\\xdfe,y\\n1,2\\n' > l.csv; $GB --data l.csv --x größe", "give --encoding windows-1252"),
        ("printf 'title\\nx,y\\n1,2\\n' > l.csv; $GB --data l.csv", "give --skip-lines 1"),
        ("printf 'x,y\\nm,s\\n1,2\\n' > l.csv; $GB --data l.csv", "give --skip-rows 1"),
        (
            "printf 'x;y\\n1 234,5;2\\n' > l.csv; $GB --data l.csv",
            "l.csv, line 2: '1 234,5' in column 'x' has a separator"
        ),
        ("$GB --no-header --x 1", "it is for data from a file"),
    ])
    func `what cannot be read is refused with one sentence, and nothing is written`(line: String, part: String) throws {
        let invocation = try shell(line)

        #expect(invocation.exitCode != 0)
        #expect(invocation.error.contains(part), "\(invocation.error)")
        #expect(invocation.error.split(separator: "\n").count == 1, "\(invocation.error)")
        #expect(!scratch.contains("gradbook.db"))
    }

    // MARK: - Before the first step

    @Test(arguments: [
        (["--lr", "0.9"], "lr 0.9 is above the edge 0.888 of these data; try --lr 0.44"),
        (["--lr", "4", "--set", "momentum=0.9"], "lr 4 is above the edge 1.69 of these data; try --lr 0.84"),
        (
            ["--lr", "0.9", "--set", "momentum=0.9", "--set", "nesterov=true"],
            "lr 0.9 is above the edge 0.603 of these data"
        ),
    ])
    func `a learning rate above the edge is named before the first step`(flags: [String], part: String) throws {
        let invocation = try scratch.gradbook(["run", "--batch-size", "full", "--steps", "3"] + flags)

        #expect(invocation.exitCode == 0)
        #expect(invocation.error.hasPrefix("gradbook: \(part)"), "\(invocation.error)")
    }

    @Test
    func `scaling is suggested for a file where it helps, and the suggestions hold`() throws {
        try scratch.write("x,y\n1,2\n5,60\n8,150\n", to: "far.csv")
        let run = ["run", "--data", "far.csv", "--x", "x", "--y", "y", "--batch-size", "full", "--steps", "4000"]

        let high = try scratch.gradbook(run + ["--lr", "0.1"])
        #expect(high.error.contains("try --scale normalize or --lr 0.00"), "\(high.error)")
        #expect(high.error.hasSuffix("\ngradbook why 1 says why\n"), "\(high.error)")
        let words = high.error.split(separator: "\n")[0].split(separator: " ")
        for flags in [["--lr", "0.1", "--scale", "normalize"], ["--lr", String(try #require(words.last))]] {
            let low = try scratch.gradbook(run + flags)
            #expect(low.error.isEmpty && low.output.contains("done after 4000"), "\(low.error)\(low.output)")
        }
        let far = try scratch.gradbook(run + ["--lr", "50"])
        #expect(far.error.contains("these data; try --lr 0.00"), "\(far.error)")
    }

    @Test(arguments: [
        "x,y\n0.1,2\n0.1,3\n0.1,4\n0.1,7\n0.1,9\n0.1,2\n0.1,1\n", "x,y\n-1,2\n1,3\n-1,4\n",
        "x,y\n3e5,2\n3e5,3\n3e5,4\n",
    ])
    func `data that cannot tell parameters apart are named`(file: String) throws {
        try scratch.write(file, to: "same.csv")

        let invocation = try scratch.gradbook(["run", "--data", "same.csv"] + Self.columns + ["--lr", "1e-30"])

        #expect(invocation.exitCode == 0)
        #expect(
            invocation.error.hasPrefix("gradbook: w and b cannot be told apart on these data"), "\(invocation.error)")
    }

    @Test
    func `large x that differ little, and x of 0, are something else`() throws {
        try scratch.write("x,y\n1000,2\n1001,3\n", to: "large.csv")
        try scratch.write("x,y\n0,2\n0,3\n", to: "zero.csv")

        let large = try scratch.gradbook(["run", "--data", "large.csv"] + Self.columns + ["--lr", "1e-30"])
        let zero = try scratch.gradbook(["run", "--data", "zero.csv"] + Self.columns)

        #expect(large.error.isEmpty, "\(large.error)")
        #expect(zero.error.hasPrefix("gradbook: w makes no difference to the loss on these data"), "\(zero.error)")
    }

    @Test
    func `a sweep says in one line which configurations are above the edge`() throws {
        let sweep = try scratch.gradbook(
            "sweep", "s", "--lr", "0.1,1,2", "--batch-size", "full", "--seeds", "1..2", "--steps", "3", "--dry-run")

        #expect(
            sweep.error
                == "gradbook: 2 of 3 configurations have a learning rate above the edge 0.888 of these data, and will diverge "
                + "if they train long enough\n")
    }
}
