import Foundation
import TestSupport
import Testing

/// `gradbook merge` on real files.
@Suite(.timeLimit(.minutes(15)))
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
                first.db: 1 run added, 0 completed, 0 unchanged; 300 steps
                second.db: 1 run added, 0 completed, 0 unchanged; 300 steps

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
        #expect(invocation.output == "first.db: 1 run added, 0 completed, 0 unchanged; 300 steps\n")
        #expect(try scratch.sqlite3("SELECT seed, count(*) FROM runs GROUP BY seed ORDER BY seed") == "1|1\n2|1")
    }
}
