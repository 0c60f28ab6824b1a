import Foundation
import TestSupport
import Testing

/// Notebooks with recorded runs are merged, checked, copied and cleaned as others are.
@Suite(.timeLimit(.minutes(5)))
struct RecordedMergeCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.run(all: [
            [
                "record", "--name", "first", "--db", "first.db", "--", "sh", "-c",
                "for i in 1 2 3; do echo \"step: $i train/loss: 0.$i val/acc: nan\"; done",
            ]
        ])
        let failed = try scratch.gradbook(
            "record", "--name", "second", "--db", "second.db", "--", "sh", "-c", "echo step: 1 loss: 0.5; exit 3")
        try #require(failed.exitCode == 3)
    }

    @Test
    func `recorded runs are merged once, however often they are given`() throws {
        let once = try scratch.gradbook("merge", "first.db", "second.db")
        let dump = try scratch.sqlite3(".dump")
        let twice = try scratch.gradbook("merge", "second.db", "first.db")

        #expect(once.exitCode == 0 && once.output.hasPrefix("first.db: 1 run added; 3 steps"), "\(once)")
        #expect(twice.output == "second.db: nothing new\nfirst.db: nothing new\n")
        #expect(try scratch.sqlite3(".dump") == dump)
        #expect(
            try scratch.sqlite3("SELECT name, state, steps_done FROM runs ORDER BY name")
                == "first|done|3\nsecond|failed|1")
        #expect(try scratch.gradbook("doctor", "--deep").exitCode == 0)
    }

    @Test
    func `a run that is being recorded is interrupted in the other notebook, and its end comes with the next merge`()
        throws
    {
        let program = try TestedProgram.file.path
        let story = try scratch.shell(
            """
            '\(program)' record --db live.db -- sh -c 'echo step: 1 loss: 0.5; while [ ! -e go ]; do sleep 0.01; done; echo step: 2 loss: 0.25' >/dev/null 2>&1 &
            until [ "$(sqlite3 live.db 'SELECT count(*) FROM logged_steps' 2>/dev/null)" = 1 ]; do sleep 0.01; done
            '\(program)' merge live.db >merged; '\(program)' runs --format csv --columns state; '\(program)' doctor >checked || echo failed
            touch go
            until [ "$(sqlite3 live.db 'SELECT state FROM runs')" = done ]; do sleep 0.01; done
            '\(program)' merge live.db; '\(program)' merge live.db; '\(program)' runs --format csv --columns state
            """)

        #expect(
            story.output == """
                state
                interrupted
                live.db: 1 run completed; 1 step
                live.db: nothing new
                state
                done

                """, "\(story)")
        #expect(try scratch.sqlite3("SELECT step, loss FROM logged_steps") == "1|0.5\n2|0.25")
    }

    @Test
    func `a copy of a notebook has everything, and a removed run leaves nothing`() throws {
        try scratch.gradbook("merge", "first.db", "second.db")
        try scratch.gradbook("backup", "copy.db")
        #expect(try scratch.sqlite3(".dump", in: "copy.db") == scratch.sqlite3(".dump"))

        try scratch.gradbook("delete", "first")
        #expect(try scratch.gradbook("gc", "--dry-run").output == "1 run with 3 steps would be removed\n")
        #expect(try scratch.gradbook("gc", "--yes").output == "1 run with 3 steps removed\n")
        #expect(try scratch.sqlite3("SELECT DISTINCT run_id FROM metrics UNION SELECT run_id FROM run_output") == "2")
        #expect(try scratch.gradbook("doctor", "--deep").exitCode == 0)
    }
}
