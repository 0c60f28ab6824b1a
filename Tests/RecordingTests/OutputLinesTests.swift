import TestSupport
import Testing

@testable import Recording

/// Lines as a terminal shows them when they end.
struct OutputLinesTests {
    private func lines(_ text: String, size: Int = .max) -> [OutputLine] {
        var reader = OutputLines()
        var found: [OutputLine] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            reader.read(Array(rest.prefix(size))) { found.append($0) }
            rest = rest.dropFirst(size)
        }
        reader.finish { found.append($0) }
        return found
    }

    @Test(arguments: [
        ("a\nb\n", ["a", "b"]), ("a\r\nb", ["a", "b"]), ("10%\r50%\r100%\n", ["100%"]), ("100%\r\n", ["100%"]),
        ("x\r     \r\n", ["x"]),
        ("\r1\r2\r\r", ["2"]), ("\u{1B}[1mbold\u{1B}[0m\u{1B}]0;title\u{7}!\n", ["bold!"]),
        ("abc\u{8}\u{8}d\n", ["ad"]), ("\n\n", ["", ""]),
        ("aé\u{8}b\n", ["ab"]), ("x\r\u{1B}[2K\n", ["x"]), ("a\tb\u{0}c\n", ["a\tbc"]), ("x\u{1B}", ["x"]),
        ("x\u{1B}[3", ["x"]),
    ])
    func `the last state of a line counts`(text: String, expected: [String]) {
        #expect(lines(text).map(\.text) == expected)
        #expect(lines(text, size: 1) == lines(text))
    }

    @Test
    func `redraws are counted`() {
        #expect(lines("a\rb\rc\nd\n").map(\.redraws) == [2, 0])
    }

    @Test
    func `a long line is cut and said to be`() {
        let found = lines(String(repeating: "x", count: 100_000) + "\ny\n")

        #expect(found.map(\.text.utf8.count) == [OutputLines.longest, 1])
        #expect(found.map(\.isCut) == [true, false])
    }

    @Test
    func `bytes that are no Unicode are repaired`() {
        var reader = OutputLines()
        var found: [String] = []
        reader.read([0x61, 0xFF, 0x62, 0x0A]) { found.append($0.text) }

        #expect(found == ["a\u{FFFD}b"])
    }
}
