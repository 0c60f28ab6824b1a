import Testing

@testable import Recording

/// The names under which values are recorded.
struct LoggedKeyTests {
    @Test(arguments: [
        ("\u{E9}", "e\u{301}"), ("a/\u{1E69}", "a/s\u{307}\u{323}"), ("\u{AC00}", "\u{1100}\u{1161}"),
        // Some scalars have a normal form of other scalars.
        ("\u{915}\u{93C}", "\u{958}"), ("\u{3A9}", "\u{2126}"),
    ])
    func `names that are canonically equal are one key with the same bytes`(normal: String, other: String) {
        let (first, second) = (LoggedKey(normal), LoggedKey(other))

        #expect(first == second)
        #expect(first.hashValue == second.hashValue)
        #expect(Array(second.name.utf8) == Array(normal.utf8))
        #expect(first.group == second.group)
    }

    @Test
    func `names that look alike are other keys`() {
        #expect(Set(["a", "A", "\u{430}", "\u{FF41}", "a ", "a\u{301}"].map { LoggedKey($0) }).count == 6)
    }

    @Test
    func `canonically equal keys of a line are duplicates`() throws {
        var reader = LineReader()
        let line = try reader.read("{\"\u{E9}\": 1, \"e\u{301}\": 2, \"x\": {\"e\u{301}\": 3}, \"x/\u{E9}\": 4}")

        #expect(line.values == [LoggedEntry("\u{E9}", .integer(1)), LoggedEntry("x/\u{E9}", .integer(3))])
        #expect(line.duplicates == 2)
    }

    @Test
    func `canonically equal keys of a list for frames are there twice`() throws {
        var reader = LineReader()
        let line = try reader.read("{\"pid\": 1, \"@keys\": {\"1\": [\"\u{E9}\", \"e\u{301}\"]}}")

        #expect(line.declarations == [.keys(KeyList(number: 1, keys: [LoggedKey("\u{E9}"), nil]))])
        #expect(line.refusals.count == 1)
    }

    @Test
    func `a name whose normal form is too long is refused`() throws {
        var reader = LineReader()
        let name = String(repeating: "\u{958}", count: 333)
        let line = try reader.read("{\"\(name)\": 1, \"\(name.dropLast(167))\": 2}")

        #expect(line.values.map(\.value) == [.integer(2)])
        #expect(line.refusals.count == 1)
    }
}
