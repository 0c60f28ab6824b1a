import TestSupport
import Testing

@testable import Recording

/// What nobody should send.
struct HostileInputTests {
    @Test
    func `a line of 10 megabytes is a line`() {
        let text = String(repeating: "x", count: 10_000_000)
        var reader = StreamReader()
        var found: [LoggedLine] = []
        reader.read(Array("{\"a\": \"\(text)\", \"b\": 1}\n{\"c\": 2}\n".utf8)) {
            if case .line(let line) = $0 { found.append(line) }
        }

        #expect(found.count == 2)
        #expect(found.first?.values.last == LoggedEntry("b", .integer(1)))
    }

    @Test
    func `of a million keys in a line ten thousand are kept`() throws {
        var reader = LineReader()
        let line = try reader.read("{" + (0..<1_000_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}")

        #expect(line.values.count == 10_000)
        #expect(line.refusals.sentences == ["a line has 10000 keys at most; the others are left out"])
    }

    @Test
    func `many lines with a key each make one row of ten thousand`() throws {
        var reader = LineReader()
        var rows = OpenRows()
        for index in 0..<50_000 { rows.add(try reader.read("{\"step\":0,\"key\(index)\":1}")) { _ in } }

        #expect(rows.count == 1)
        #expect(rows.counts.refusedValues == 40_000)
    }

    @Test
    func `a number of ten million digits is refused`() throws {
        var reader = LineReader()

        #expect(throws: LineError.self) { try reader.read("{\"a\": 1\(String(repeating: "0", count: 10_000_000))}") }
    }

    @Test(
        arguments: [
            "[", "(", "{", "{'a':", "[(", "a=", "a:", "1,", "a ", "a 1 ", "-", "|", "\"", "'", "=", "1", "█",
            "epoch 1 [", "loss=1 (", "a(b=", "/", "[INFO]", "12:00:00 ", "a|", "%",
        ])
    func `no line of output takes the stack or the time`(piece: String) {
        // As long as is read, and the longest line where it matters.
        let size = ["[", "{'a':", "1,"].contains(piece) ? OutputLines.longest : PairScanner.longest
        var recognizer = OutputRecognizer()
        let text = String(repeating: piece, count: size / piece.utf8.count)
        let start = ContinuousClock.now
        for line in [text, "step loss", text] { _ = recognizer.recognize(OutputLine(line)) }

        // Unoptimized, beside other tests.
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test
    func `random bytes neither trap nor hang any reader`() {
        var generator = SplitMix(seed: TestTier.seed)
        let alphabet =
            Array("{}[]():,=|\"'\\ \t\r\n0123456789.e-+%/#@abNaInfinitystepochlosu\u{2588}é".utf8) + [
                0x01, 0x08, 0x1B, 0xFF,
            ]
        var stream = StreamReader(limit: 4096)
        var lines = OutputLines()
        var recognizer = OutputRecognizer()
        var seen = 0
        for _ in 0..<(TestTier.isLong ? 200_000 : 5000) {
            let bytes = (0..<generator.next() % 120).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))]
            }
            stream.read(bytes) { _ in seen += 1 }
            lines.read(bytes) { line in
                seen += recognizer.recognize(line).explanation.isEmpty ? 0 : 1
            }
        }

        #expect(seen > 0, "seed \(TestTier.seed)")
    }
}
