import TestSupport
import Testing

@testable import Recording

/// Lines whose writer was killed, with another writer's line behind them.
struct TornLineTests {
    private func read(_ text: String, limit: Int = StreamReader.usualLimit) -> ([StreamItem], StreamCounts) {
        var reader = StreamReader(limit: limit)
        var items: [StreamItem] = []
        reader.read(Array(text.utf8)) { items.append($0) }
        reader.finish { items.append($0) }
        return (items, reader.counts)
    }

    private let second = LoggedLine(step: 2, values: [LoggedEntry("a", .real(0.5))])

    @Test(arguments: [
        #"{"step": 1, "a": 0."#, #"{"step": 1, "a": 0"#, #"{"step": 1, "a": "#, #"{"step": 1, "a""#, #"{"step": 1, "a"#,
        #"{"step": 1, "#, #"{"step": 1"#, "{", #"{""#, #" {"step": 1, "s": "x"#, #"{"step": 1, "m": {"b": 2, "c": "#,
        #"{"step": 1, "m": {"b": 2}, "c": ["#, #"{"step": 1, "s": "x\"#,
    ])
    func `the object behind a torn line is read`(torn: String) throws {
        let (items, counts) = read(torn + "{\"step\": 2, \"a\": 0.5}\n{\"b\": 1}\n")

        try #require(items.count == 3)
        guard case .unreadable(let unreadable) = items[0] else { return #expect(Bool(false), "\(items)") }
        #expect(unreadable.text == torn)
        #expect(items[1] == .line(second))
        #expect(counts.unreadableLines == 1)
        #expect(counts.lines == 2)
    }

    @Test
    func `several torn lines may follow each other`() {
        let (items, counts) = read(
            #"{"step": 1, "a": 0.{"step": 2, "a": 0.5}{"step": 3, "a{"m": {"b": {}, "c": 1}, "step": 4} "#)

        #expect(items.last == .line(LoggedLine(step: 4, values: [LoggedEntry("m/c", .integer(1))])))
        #expect(counts.unreadableLines == 1)

        // Two whole objects are two lines, even if the first has no line feed.
        let whole = read(#"{"step": 1, "a": 0.{"a": 0.5}{"step": 2, "a": 0.5}{"step": 3} "#)
        #expect(whole.0.count == 3)
        #expect(whole.0.contains(.line(second)))
        #expect(whole.1.lines == 2)
    }

    @Test(arguments: [
        // No step, a bad step, no end, more behind it, no object before it, and text.
        #"{"step": 1, "a": 0.{"a": 0.5}"#, #"{"step": 1, "a": 0.{"step": -2, "a": 0.5}"#,
        #"{"step": 1, "a": 0.{"step": 2, "a": 0.5"#, #"{"step": 1, "a": 0.{"step": 2, "a": 0.5} x"#,
        #"hello {"step": 2, "a": 0.5}"#, #"{"step": 1, "a": "{\"step\": 2}"#,
    ])
    func `what is no whole object with a step stays unreadable`(text: String) {
        let (items, counts) = read(text)

        #expect(items.count == 1)
        #expect(counts.unreadableLines == 1)
        #expect(counts.lines == 0)
    }

    @Test
    func `the object at the end of a line that is too long is read`() {
        for size in [3900, 4095, 4096, 4097, 10_000, 70_000, 200_000] {
            let torn = "{\"step\": 1, \"a\": \"" + String(repeating: "x", count: size)
            let (items, counts) = read(torn + "{\"step\": 2, \"a\": 0.5}\n{\"b\": 1}\n", limit: 4096)

            #expect(items.count == 3)
            #expect(items.contains(.line(second)))
            let total = torn.utf8.count + 22
            #expect(counts.cutLines == (total > 4096 ? 1 : 0))
            #expect(counts.unreadableLines == (total > 4096 ? 0 : 1))
            #expect(counts.skippedBytes == max(0, total - 4096 - 22))
        }
    }

    @Test
    func `a whole line that is too long stays cut`() {
        let text = "{\"step\": 1, \"m\": {\"step\": 2}, \"a\": \"\(String(repeating: "x", count: 4060))\"}\n"
        let (items, counts) = read(text, limit: 4096)

        #expect(items.count == 1)
        #expect(counts.cutLines == 1)
        #expect(counts.skippedBytes == text.utf8.count - 1 - 4096)
    }

    @Test
    func `looking for an object takes a bounded time`() {
        let attempts = String(repeating: "{\"step\":1,", count: 1_000_000)
        let (items, counts) = read(attempts + "\n" + String(repeating: "{\"a\":[", count: 1_000_000) + "\n")

        #expect(items.count == 2)
        #expect(counts.unreadableLines == 2)
    }

    @Test
    func `how a stream is cut into pieces changes nothing`() {
        var generator = SplitMix(seed: TestTier.seed)
        let pieces = [
            "{\"step\": 2, \"a\": 0.5}", "{\"step\": 3", "{\"", "\n", "x", "\"", String(repeating: "y", count: 3000),
        ]
        for _ in 0..<(TestTier.isLong ? 5000 : 40) {
            let text = (0..<20).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }.joined()
            let whole = read(text, limit: 4096)
            var reader = StreamReader(limit: 4096)
            var items: [StreamItem] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let size = Int(generator.next() % 5000) + 1
                reader.read(Array(rest.prefix(size))) { items.append($0) }
                rest = rest.dropFirst(size)
            }
            reader.finish { items.append($0) }
            #expect(items == whole.0, "seed \(TestTier.seed)")
            #expect(reader.counts == whole.1, "seed \(TestTier.seed)")
        }
    }
}
