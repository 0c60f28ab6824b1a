import Foundation
import TestSupport
import Testing

/// Nothing that somebody put in the way keeps a command waiting for ever.
@Suite(.timeLimit(.minutes(5)))
struct NoHangTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--lr", "0.1,0.2", "--seeds", "1..2", "--steps", "5")
    }

    /// Runs a line of the shell in which `gradbook` is the program, for at most a minute: then it is ended with 124.
    private func shell(_ line: String) throws -> Invocation {
        try scratch.shell("gradbook() { timeout 60 '\(TestedProgram.file.path)' \"$@\"; }; \(line)")
    }

    @Test(arguments: ["-journal", "-wal", "-shm"])
    func `a named pipe where SQLite keeps a part of a notebook is refused`(suffix: String) throws {
        _ = try scratch.shell("cp gradbook.db n.db; ln -s n.db link.db; mkfifo n.db\(suffix) new.db\(suffix)")

        for line in [
            "runs --db n.db", "runs --db link.db", "run --steps 3 --db n.db", "run --steps 3 --db new.db",
            "doctor --db n.db", "merge n.db",
        ] {
            let refused = try shell("gradbook \(line) </dev/null")
            #expect(refused.exitCode == 1, "\(line): \(refused.output)")
            #expect(
                refused.error.contains("\(suffix)' is a named pipe, where SQLite keeps"), "\(refused.error)")
        }
        #expect(!scratch.contains("new.db"))
    }

    @Test(arguments: [
        "runs --db pipe", "run --db pipe", "run --data pipe --x a --y b", "run --config pipe", "merge pipe",
        "backup pipe",
        "report s --out pipe", "report --check pipe", "report s --since pipe", "sweep best s --export pipe",
        "sweep best s -o pipe",
        "sweep shard s --index 0 --of 1 -o pipe", "export runs -o pipe", "doctor --db pipe", "gc --db pipe",
    ])
    func `a named pipe in place of a file is refused with a sentence`(line: String) throws {
        let refused = try shell("mkfifo pipe; gradbook \(line) </dev/null")

        #expect(refused.exitCode == 1, "\(refused)")
        #expect(
            refused.error.hasPrefix("gradbook: ") && refused.error.split(separator: "\n").count == 1, "\(refused.error)"
        )
        #expect(refused.error.contains("pipe'"), "\(refused.error)")
    }

    @Test
    func `an endless view of somebody's keeps nothing waiting that does not ask for it`() throws {
        try scratch.sqlite3(
            """
            CREATE VIEW endless AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t;
            CREATE VIEW counted AS SELECT count(*) AS c FROM endless
            """)
        _ = try scratch.shell("cp gradbook.db other.db")
        for line in [
            "runs", "doctor --deep", "report s", "schema", "schema counted", "merge other.db", "verify s",
            "backup copy.db",
        ] {
            let done = try shell("gradbook \(line)")
            #expect(done.exitCode == 0, "\(line): \(done.error)")
        }
    }

    @Test
    func `the rows of an endless query come at once, and Ctrl-C ends it`() throws {
        let endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t"
        #expect(try shell("gradbook query '\(endless)' --format csv | head -3").output == "n\n1\n2\n")
        // A shell without job control has background commands ignore Ctrl-C; env takes that back.
        let ended = try shell(
            """
            env --default-signal=INT '\(TestedProgram.file.path)' query 'SELECT count(*) FROM (\(endless))' & job=$!
            sleep 1; kill -INT $job; wait $job
            """)
        #expect(ended.exitCode == 130, "\(ended)")
    }

    @Test
    func `where the system starts no more threads one sentence says so, and the sweep can be resumed`() throws {
        // Each thread's stack would take all the memory that there may be.
        let limited = "ulimit -v 6000000; ulimit -s 8000000; '\(try TestedProgram.file.path)'"
        for line in ["run --steps 5", "runs", "sweep t --lr 0.1 --seeds 1..2 --steps 5"] {
            let refused = try shell("(\(limited) \(line))")
            #expect(refused.exitCode == 1 && refused.output.isEmpty, "\(refused)")
            #expect(refused.error.hasPrefix("gradbook: the system starts no more threads ("), "\(refused.error)")
            #expect(refused.error.split(separator: "\n").count == 1, "\(refused.error)")
        }
        let few = "ulimit -v 8000000; ulimit -s 1000000; '\(try TestedProgram.file.path)'"
        let halted = try shell("(\(few) sweep t --lr 0.1 --seeds 1..2 --steps 5 --workers 64)")
        #expect(halted.exitCode == 1, "\(halted)")
        #expect(halted.error.contains("gradbook: the system starts no more threads (worker "), "\(halted.error)")
        #expect(halted.error.contains("gradbook sweep resume t resumes the sweep"), "\(halted.error)")

        #expect(try scratch.gradbook("sweep", "resume", "t").exitCode == 0)
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs WHERE state = 'done'") == "6")
    }
}
