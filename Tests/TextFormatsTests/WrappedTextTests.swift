import Foundation
import TestSupport
import Testing

@testable import TextFormats

/// Sentences, words and commands in lines of limited width.
struct WrappedTextTests {
    @Test
    func `a sentence that fits stays as it is`() {
        #expect(WrappedText.paragraph("best loss  0.1", indentation: 2, width: 16) == "  best loss  0.1")
    }

    @Test
    func `a longer one is broken between words, never within one`() {
        #expect(
            WrappedText.paragraph("see /a/very/long/path/to/a/file and fix it", indentation: 1, width: 16) == """
                 see
                   /a/very/long/path/to/a/file
                   and fix it
                """)
    }

    @Test
    func `explanations begin in one column`() {
        #expect(
            WrappedText.entries([("a=1", "the first of the two settings"), ("long=2", "the other")], width: 30) == [
                "  a=1     the first of the two", "          settings", "  long=2  the other",
            ])
    }

    @Test(arguments: [
        "gradbook run --lr 0.1", "gradbook run --notes 'it'\\''s a long note of many words' --name x",
        "gradbook run --notes '  blanks  at both ends and within   ' --set 'momentum=0.9 if optimizer=sgd'",
    ])
    func `a command in several lines is the same command to a shell`(_ command: String) throws {
        let lines = ShellLines.wrapped(command, width: 30)

        let widest = lines.split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest <= 30, "\(lines)")
        #expect(try words(lines) == words(command))
    }

    /// As a shell understands them.
    private func words(_ command: String) throws -> String {
        try Program.shell.run(["-c", "gradbook() { printf '[%s]' \"$@\"; }\n\(command)"]).output
    }
}
