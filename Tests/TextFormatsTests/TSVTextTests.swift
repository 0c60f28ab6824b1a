import Testing

@testable import TextFormats

/// Values between tabs.
struct TSVTextTests {
    @Test(arguments: [
        (["a", "b"], "a\tb\n"), (["", ""], "\t\n"), (["a\tb\nc\rd\\"], "a\\tb\\nc\\rd\\\\\n"),
        (["\"q\"", "é"], "\"q\"\té\n"),
        (["a\r\nb"], "a\\r\\nb\n"), (["\\t"], "\\\\t\n"),
    ])
    func `every tab ends a value and every line feed a row`(values: [String], line: String) {
        #expect(Array(TSVText.line(values).unicodeScalars) == Array(line.unicodeScalars))
    }
}
