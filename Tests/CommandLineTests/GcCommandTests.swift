import Foundation
import TestSupport
import Testing

/// `gradbook gc` removes nothing that nobody meant.
@Suite(.timeLimit(.minutes(5)))
struct GcCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--lr", "0.1", "--seeds", "1..2", "--steps", "50")
        try scratch.gradbook("run", "--steps", "3")
        try scratch.gradbook("delete", "--sweep", "s")
    }

    @Test
    func `without a terminal it needs --yes and says what would go`() throws {
        let before = try scratch.notebookContent()

        let refused = try scratch.gradbook("gc")
        #expect(refused.exitCode == 64 && refused.output.isEmpty)
        #expect(
            refused.error
                == "gradbook: gc removes 2 runs with 100 steps for good, and nobody can be asked here; add --yes if that is "
                + "meant, or --dry-run to see; see gradbook gc --help\n")
        let preview = try scratch.gradbook("gc", "--dry-run")
        #expect(preview.exitCode == 0 && preview.output == "2 runs with 100 steps would be removed, 1 sweep\n")
        #expect(try scratch.notebookContent() == before)

        #expect(try scratch.gradbook("gc", "--yes").output == "2 runs with 100 steps removed, 1 sweep\n")
        #expect(try scratch.gradbook("gc").output == "0 runs with 0 steps removed\n")
    }

    @Test(arguments: [("y", true), ("yes", true), ("", false), ("n", false), ("no way", false)])
    func `at a terminal it asks`(answer: String, isRemoved: Bool) throws {
        let script = try #require(Program.named("script"), "the program script is in bsdutils")
        let program = try TestedProgram.file.path

        let session = try script.run(
            ["-qec", "'\(program)' gc", "/dev/null"], in: scratch.folder, input: Data("\(answer)\n".utf8))

        #expect(session.output.contains("remove 2 runs with 100 steps for good? [y/N] "), "\(session)")
        #expect(session.exitCode == (isRemoved ? 0 : 1))
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == (isRemoved ? "1" : "3"))
    }
}
