import Foundation
import TestSupport
import Testing

/// `gradbook redact` removes what may be private, asks before, and leaves nothing of it in the file.
@Suite(.timeLimit(.minutes(5)))
struct RedactCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.run(all: [
            [
                "record", "--set", "lr=0.1", "--notes", "kept", "--", "sh", "-c",
                "echo step 1 loss 0.5 s3cr3t-output # s3cr3t-argument",
            ],
            ["record", "--", "echo", "s3cr3t-other"], ["run", "--steps", "3"],
        ])
    }

    private func secrets() throws -> String {
        try scratch.shell("grep -a -c 's3cr3t' gradbook.db*; true").output
    }

    @Test
    func `without a terminal it needs --yes and says what would go`() throws {
        let before = try scratch.notebookContent()

        let refused = try scratch.gradbook("redact", "1..2")
        #expect(refused.exitCode == 64 && refused.output.isEmpty)
        #expect(
            refused.error
                == "gradbook: redact removes the command, output and environment of runs 1, 2 for good, and nobody can be asked "
                + "here; add --yes if that is meant, or --dry-run to see; see gradbook redact --help\n")
        #expect(try scratch.gradbook("redact", "1..2", "--dry-run").output == "runs 1, 2 would be redacted\n")
        let trained = try scratch.gradbook("redact", "1..3", "--yes")
        #expect(trained.exitCode == 1 && trained.error.contains("run 3 is a built-in run"))
        #expect(try scratch.notebookContent() == before)

        let done = try scratch.gradbook("redact", "1..2", "--yes")
        #expect(done.exitCode == 0 && done.error == "2 runs redacted\n", "\(done)")
        #expect(
            try secrets().components(separatedBy: "\n").allSatisfy { $0.isEmpty || $0 == "0" || $0.hasSuffix(":0") })
        #expect(
            try scratch.sqlite3("SELECT command, config FROM runs WHERE id < 3 ORDER BY id")
                == #"|{"settings":{"lr":0.1}}"# + "\n" + #"|{"settings":{}}"#)
        #expect(try scratch.sqlite3("SELECT count(*) FROM run_environment; SELECT count(*) FROM run_output") == "0\n0")
        #expect(try scratch.sqlite3("SELECT text FROM notes; SELECT count(*) FROM run_usage") == "kept\n2")
        #expect(try scratch.gradbook("doctor", "--deep").exitCode == 0)
    }

    @Test(arguments: [("y", true), ("", false)])
    func `at a terminal it asks`(answer: String, isRemoved: Bool) throws {
        let script = try #require(Program.named("script"), "the program script is in bsdutils")
        let program = try TestedProgram.file.path

        let session = try script.run(
            ["-qec", "'\(program)' redact 1", "/dev/null"], in: scratch.folder, input: Data("\(answer)\n".utf8))

        #expect(
            session.output.contains("remove the command, output and environment of run 1 for good? [y/N] "),
            "\(session)")
        #expect(session.exitCode == (isRemoved ? 0 : 1))
        #expect(try scratch.sqlite3("SELECT count(*) FROM run_output WHERE run_id = 1") == (isRemoved ? "0" : "1"))
    }

    @Test
    func `a run that is being recorded is refused`() throws {
        let story = try scratch.shell(
            """
            '\(TestedProgram.file.path)' record -- sh -c 'echo loss 1; while [ ! -e go ]; do sleep 0.01; done' >/dev/null 2>&1 &
            until [ "$(sqlite3 gradbook.db 'SELECT count(*) FROM runs WHERE id = 4')" = 1 ]; do sleep 0.01; done
            '\(TestedProgram.file.path)' redact 4 --yes
            touch go
            until [ "$(sqlite3 gradbook.db "SELECT state FROM runs WHERE id = 4")" = done ]; do sleep 0.01; done
            """)

        #expect(
            story.error.contains("run 4 is being recorded; nothing was redacted, wait until it has ended"), "\(story)")
    }
}
