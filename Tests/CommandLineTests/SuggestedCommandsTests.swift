import Foundation
import TestSupport
import Testing

/// What messages tell people to type can be pasted: it names the notebook that was given.
struct SuggestedCommandsTests {
    private let scratch: Scratch
    private static let notebook = "it's mine.db"
    private static let sweep = "a 'b' c"

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook(
            "sweep", Self.sweep, "--seeds", "1..2", "--steps", "5", "--enqueue-only", "--db", Self.notebook)
    }

    @Test func `a queued sweep is resumed by the command that its status names`() throws {
        let queued = try scratch.gradbook("sweep", "status", Self.sweep, "--db", Self.notebook)
        #expect(try paste(queued.output, from: "gradbook sweep resume", upTo: " resumes it").exitCode == 0)

        let ended = try scratch.gradbook("sweep", "status", Self.sweep, "--db", Self.notebook)
        #expect(ended.output.contains("2 of 2 runs ended"), "\(ended.output)")
    }

    @Test func `a cancelled sweep is trained by the command that cancelling names`() throws {
        let cancelled = try scratch.gradbook("sweep", "cancel", Self.sweep, "--db", Self.notebook)
        #expect(try paste(cancelled.error, from: "gradbook sweep retry", upTo: " queues them again").exitCode == 0)

        let ended = try scratch.gradbook("sweep", "status", Self.sweep, "--db", Self.notebook)
        #expect(ended.output.contains("2 of 2 runs ended"), "\(ended.output)")
    }

    @Test func `a name that is taken names the command that finishes the sweep`() throws {
        let taken = try scratch.gradbook("sweep", Self.sweep, "--seeds", "1..2", "--db", Self.notebook)
        #expect(taken.exitCode == 1)
        #expect(try paste(taken.error, from: "gradbook sweep resume", upTo: "\n").exitCode == 0)
    }

    @Test func `a name of a sweep that is done names a command that adds to it`() throws {
        try scratch.gradbook("sweep", "resume", Self.sweep, "--db", Self.notebook)
        let taken = try scratch.gradbook("sweep", Self.sweep, "--seeds", "1..2", "--db", Self.notebook)
        #expect(taken.error.contains("--seeds 3"), "\(taken.error)")
        #expect(try paste(taken.error, from: "gradbook sweep extend", upTo: "\n").exitCode == 0)
    }

    @Test(arguments: [
        ["tag", "1"], ["tag", "good"], ["tag", "last"], ["note", "1"], ["note", "looks good"],
        ["note", "1", "x", "--sweep", sweep], ["note", "1", "2"],
    ])
    func `an example of a tag or a note is one of what was typed`(words: [String]) throws {
        let asked = try scratch.gradbook(words + ["--db", Self.notebook])
        #expect(asked.exitCode == 64)
        let pasted = try paste(asked.error, from: "gradbook \(words[0])", upTo: "; see")
        #expect(pasted.exitCode == 0 && !pasted.output.isEmpty, "\(asked.error)")
    }

    @Test func `without a notebook given none is named`() throws {
        try scratch.gradbook("sweep", "s", "--seeds", "1..2", "--steps", "5", "--enqueue-only")
        let status = try scratch.gradbook("sweep", "status", "s")

        #expect(status.output.contains("gradbook sweep resume s resumes it"), "\(status.output)")
    }

    /// Types what stands between two texts of an output into a shell.
    private func paste(_ text: String, from start: String, upTo end: String) throws -> Invocation {
        let begin = try #require(text.firstRange(of: start)?.lowerBound, "\(text)")
        // Behind the command a sentence may go on in another line.
        let lines = text[begin...].replacing("\n ", with: "")
        let stop = try #require(lines.firstRange(of: end)?.lowerBound, "\(text)")
        return try scratch.shell("gradbook() { '\(try TestedProgram.file.path)' \"$@\"; }; \(lines[..<stop])")
    }
}
