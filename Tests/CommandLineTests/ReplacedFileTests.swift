import Foundation
import TestSupport
import Testing

/// The notebook's file changes its place, its name or its schema while the program, or before it, works on it.
@Suite(.timeLimit(.minutes(5)))
struct ReplacedFileTests {
    @Test(arguments: [
        ("rm gradbook.db", "'gradbook.db' was moved or deleted while it was being written"),
        ("mv gradbook.db moved.db", "'gradbook.db' was moved or deleted while it was being written"),
        ("mv other.db gradbook.db", "'gradbook.db' was replaced by another file while it was being written"),
        ("cp other.db new.db; mv new.db gradbook.db", "'gradbook.db' was replaced by another file"),
        ("ln -sf other.db gradbook.db", "'gradbook.db' was replaced by another file"),
        ("rm gradbook.db-wal", "'gradbook.db-wal', which is a part of 'gradbook.db', was moved or deleted"),
    ])
    func `a sweep whose file is taken away ends with a sentence, and the other file is whole`(
        change: String, sentence: String
    ) throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "3", "--name", "precious", "--db", "other.db")
        let other = try scratch.sqlite3("SELECT * FROM quadratic_steps", in: "other.db")
        let sweep = try scratch.start(["sweep", "s", "--seeds", "1..400", "--steps", "20000", "--workers", "2"])
        #expect(try scratch.wait(for: "SELECT 1 FROM quadratic_steps WHERE step > 3000 LIMIT 1", while: sweep))

        _ = try scratch.shell(change)
        sweep.waitUntilExit()

        #expect(sweep.terminationStatus == 1)
        let error = try scratch.text(of: "started.err")
        #expect(error.contains(sentence), "\(error)")
        guard change.contains("other") else { return }
        #expect(!scratch.contains("gradbook.db-wal"))
        #expect(try scratch.sqlite3("PRAGMA integrity_check; SELECT * FROM quadratic_steps") == "ok\n" + other)
    }

    @Test
    func `a name that is not UTF-8 is refused before two of them become one file`() throws {
        let scratch = try Scratch()
        let program = try TestedProgram.file

        let story = try scratch.shell(
            """
            '\(program.path)' run --steps 2 --db $(printf 'n\\351.db'); echo $?
            GRADBOOK_DB=$(printf 'n\\374.db') '\(program.path)' run --steps 2; echo $?
            mkdir "$(printf 'f\\351')"; cd "$(printf 'f\\351')"; '\(program.path)' run --steps 2; echo $?; ls
            """)

        #expect(story.output == "64\n64\n64\n")
        #expect(story.error.contains(#"the argument 'n\xe9.db' is not UTF-8"#), "\(story.error)")
        #expect(story.error.contains(#"GRADBOOK_DB, 'n\xfc.db', is not UTF-8"#))
        #expect(story.error.contains("the path of the current folder is not UTF-8"))
        #expect(try scratch.contents().keys.filter { $0.contains(".db") }.isEmpty)
    }

    @Test
    func `a reader that closes last leaves nothing beside the file`() throws {
        let scratch = try Scratch()
        let sweep = try scratch.start(["sweep", "s", "--seeds", "1..20", "--steps", "30000"])
        #expect(try scratch.wait(for: "SELECT 1 FROM quadratic_steps LIMIT 1", while: sweep))
        let watch = try scratch.start(["watch", "s"], name: "watch")
        sweep.waitUntilExit()
        watch.waitUntilExit()

        #expect(!scratch.contains("gradbook.db-wal"))
        _ = try scratch.shell("cp gradbook.db copy.db")
        #expect(try scratch.sqlite3("SELECT count(*) FROM quadratic_steps", in: "copy.db") == "600000")
        #expect(try scratch.gradbook("doctor").exitCode == 0)
    }

    @Test
    func `a command beside a writer says that a plain copy will not do`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "3")

        // A reader's snapshot keeps the rows of later commits in the log, and the file open.
        let story = try scratch.shell(
            """
            { echo 'BEGIN; SELECT count(*) FROM runs;'; touch began; until [ -e done ]; do sleep 0.01; done; } \
                | sqlite3 gradbook.db >/dev/null &
            until [ -e began ]; do sleep 0.01; done; sleep 0.5
            '\(try TestedProgram.file.path)' tag 1 kept 2>tag.err; '\(try TestedProgram.file.path)' runs >/dev/null 2>runs.err; touch done
            """)

        #expect(story.exitCode == 0)
        for file in ["tag.err", "runs.err"] {
            #expect(
                try scratch.text(of: file).contains(
                    "another process is writing to 'gradbook.db': to copy it, use gradbook backup copy.db "
                        + "--db gradbook.db, not cp"),
                "\(file)")
        }
    }

    @Test
    func `doctor recognizes a copy made with .dump, repairs it, and names what is not gradbook's`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--seeds", "1..2", "--steps", "20")
        _ = try scratch.shell(
            "sqlite3 gradbook.db .dump | sqlite3 copy.db; sqlite3 copy.db 'CREATE TABLE mine (a); DROP VIEW leaderboard'"
        )
        let refused = try scratch.gradbook("runs", "--db", "copy.db")
        #expect(refused.exitCode == 1)
        #expect(refused.error.contains("which a copy made with .dump loses"), "\(refused.error)")

        let fixed = try scratch.gradbook("doctor", "--fix", "--db", "copy.db")

        #expect(fixed.exitCode == 0, "\(fixed.output) \(fixed.error)")
        #expect(fixed.error.contains("the table 'mine' is not gradbook's; it is left alone"))
        #expect(scratch.contains("copy.db.before-fix"))
        #expect(try scratch.gradbook("verify", "s", "--db", "copy.db").exitCode == 0)
        #expect(try scratch.sqlite3("SELECT count(*) FROM leaderboard", in: "copy.db") == "1")
    }

    /// What `doctor --fix` sees as running or unfinished may have ended when it looks for the process.
    @Test
    func `doctor beside runs that come and go changes none of them`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "10")
        let program = try TestedProgram.file

        let story = try scratch.shell(
            """
            for k in 1 2 3; do
                { for j in $(seq 12); do '\(program.path)' run --steps 500 --seed $k$j >/dev/null 2>&1; done; touch ended-$k; } &
            done
            until [ "$(ls | grep -c ended)" = 3 ]; do '\(program.path)' doctor --fix >>doctor.txt 2>/dev/null; done
            """)

        #expect(story.exitCode == 0)
        #expect(try scratch.sqlite3("SELECT state, count(*), count(final_loss) FROM runs GROUP BY 1") == "done|37|37")
        #expect(try scratch.sqlite3("SELECT count(*) FROM events WHERE kind IN ('repaired', 'interrupted')") == "0")
    }
}
