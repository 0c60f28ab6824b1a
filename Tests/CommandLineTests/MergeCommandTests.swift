import Foundation
import TestSupport
import Testing

/// `gradbook merge` on real files.
@Suite(.timeLimit(.minutes(5)))
struct MergeCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for (seed, file) in [(1, "first.db"), (2, "second.db")] {
            try scratch.gradbook("run", "--seed", "\(seed)", "--steps", "300", "--db", file)
        }
    }

    @Test
    func `notebooks are merged once, however often they are given`() throws {
        let once = try scratch.gradbook("merge", "first.db", "second.db")
        let twice = try scratch.gradbook("merge", "second.db", "first.db")

        #expect(
            once.output == """
                first.db: 1 run added; 300 steps, 1 data set
                second.db: 1 run added; 300 steps

                """)
        #expect(twice.output == "second.db: nothing new\nfirst.db: nothing new\n")
        #expect(once.exitCode == 0 && twice.exitCode == 0)
        #expect(try scratch.sqlite3("SELECT count(*), count(DISTINCT run_id) FROM quadratic_steps") == "600|2")
    }

    @Test(arguments: [
        (damage: "truncate", code: "damaged"), (damage: "newer", code: "schema version 99"),
        (damage: "alter", code: "differ in w at step 7"),
    ])
    func `a file that cannot be merged is named, and the others are merged`(damage: String, code: String) throws {
        try scratch.gradbook("merge", "second.db")
        let file = scratch.folder.appending(path: "second.db")
        switch damage {
        case "truncate":
            let handle = try FileHandle(forUpdating: file)
            try handle.truncate(atOffset: handle.seekToEnd() / 2 / 8192 * 8192)
            try handle.close()
        case "newer": try scratch.sqlite3("PRAGMA user_version = 99", in: "second.db")
        default: try scratch.sqlite3("UPDATE quadratic_steps SET w = w + 1e-9 WHERE step = 7", in: "second.db")
        }

        let invocation = try scratch.gradbook("merge", "second.db", "first.db")

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.split(separator: "\n").count == 1)
        #expect(invocation.error.contains("'second.db'") && invocation.error.contains(code), "\(invocation.error)")
        #expect(invocation.output == "first.db: 1 run added; 300 steps\n")
        #expect(try scratch.sqlite3("SELECT seed, count(*) FROM runs GROUP BY seed ORDER BY seed") == "1|1\n2|1")
    }

    @Test
    func `tags and notes are said to have come, and names and deleted runs to have stayed`() throws {
        try scratch.gradbook("merge", "first.db", "second.db")
        try scratch.gradbook("backup", "copy.db")
        for arguments in [
            ["tag", "1", "from-copy"], ["note", "1", "seen"], ["rename", "1", "theirs"],
        ] {
            try scratch.gradbook(arguments + ["--db", "copy.db"])
        }
        try scratch.gradbook("rename", "1", "ours")
        try scratch.gradbook("delete", "2")

        let brought = try scratch.gradbook("merge", "copy.db")
        let again = try scratch.gradbook("merge", "copy.db")
        let back = try scratch.gradbook("merge", "gradbook.db", "--db", "copy.db")
        let rows = try scratch.gradbook("merge", "copy.db", "--format", "csv")

        let kept =
            "; 1 run that is deleted here and not there stays deleted; run 1 is called 'theirs' there; the name here stays"
        #expect(brought.output.unwrapped == "copy.db: 2 runs unchanged; 1 tag, 1 note\(kept)")
        #expect(again.output.unwrapped == "copy.db: nothing new\(kept)")
        #expect(
            back.output.unwrapped
                == "gradbook.db: nothing new; 1 run that is deleted there stays here, and takes nothing from there; "
                + "run 1 is called 'ours' there; the name here stays")
        let lines = rows.output.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
        try #require(lines.count == 2)
        let columns = Dictionary(uniqueKeysWithValues: zip(lines[0], lines[1]))
        #expect(columns["file"] == "copy.db" && columns["runs_unchanged"] == "2" && columns["tags_added"] == "0")
        #expect(columns["names_kept"] == "1" && columns["deleted_here"] == "1" && columns["deleted_there"] == "0")
    }

    @Test
    func `everything that differs is told in a line each, and the other files are merged`() throws {
        try scratch.gradbook("rename", "1", "same", "--db", "first.db")
        try scratch.gradbook("rename", "1", "same", "--db", "second.db")
        try scratch.gradbook("merge", "second.db")
        try scratch.gradbook("run", "--steps", "5", "--seed", "9", "--db", "third.db")
        try scratch.sqlite3("UPDATE quadratic_steps SET w = w + 1e-9 WHERE step = 7", in: "second.db")
        try scratch.gradbook("merge", "first.db", "--rename", "x-", "--db", "second.db")

        let refused = try scratch.gradbook("merge", "second.db", "first.db", "third.db")

        #expect(refused.exitCode == 1)
        #expect(refused.output == "third.db: 1 run added; 5 steps\n")
        #expect(
            refused.error == """
                gradbook: 'second.db' was not merged: its run 1 and run 1 here are the same run, but differ in w at step 7
                gradbook: 'first.db' was not merged: its run 1 has the name 'same', which belongs to run 1 here; rename one of \
                them, or give a prefix for theirs with --rename

                """)
        try scratch.sqlite3(
            "UPDATE runs SET name = 'other' WHERE id = 2; UPDATE runs SET batch_size = 3", in: "first.db")
        try scratch.sqlite3("UPDATE runs SET batch_size = 3, identity = identity || 'x' WHERE id = 1", in: "second.db")
        try scratch.gradbook("merge", "first.db", "--rename", "x-")
        let several = try scratch.gradbook("merge", "second.db")
        #expect(
            several.error == """
                gradbook: 'second.db' was not merged, because of 2 differences:
                  its run 2 and run 3 here are the same run, but differ in batch_size
                  its run 1 has the name 'same', which belongs to run 1 here
                  rename one of them, or give a prefix for theirs with --rename

                """)
    }

    @Test(arguments: [true, false])
    func `a dry run leaves everything as it was`(isThere: Bool) throws {
        if isThere { try scratch.gradbook("merge", "first.db") }
        let before = try scratch.contents()

        let planned = try scratch.gradbook("merge", "first.db", "second.db", "--dry-run")

        #expect(try scratch.contents() == before)
        #expect(
            planned.output
                == (isThere
                    ? "first.db: nothing new\nsecond.db: would bring 1 run; 300 steps\n"
                    : """
                    first.db: would bring 1 run; 300 steps, 1 data set
                    second.db: would bring 1 run; 300 steps, 1 data set

                    """))
        #expect(planned.exitCode == 0 && planned.error.isEmpty)
    }

    @Test(arguments: ["", " ", "a\nb", "a:", "-a"])
    func `a prefix that cannot begin a name is bad usage`(prefix: String) throws {
        let refused = try scratch.gradbook("merge", "first.db", "--rename=\(prefix)")

        #expect(refused.exitCode == 64 && refused.error.contains("--rename"))
        #expect(!scratch.contains("gradbook.db"))
    }
}

extension String {
    /// In one line, whatever the width it was broken to.
    fileprivate var unwrapped: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
