import TestSupport
import Testing

@testable import Recording

/// Lines and frames in a stream of bytes.
struct StreamReaderTests {
    private func frame(_ list: UInt8, _ process: UInt32, _ step: Int64, _ values: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = [0x01, list]
        withUnsafeBytes(of: process.littleEndian) { bytes += $0 }
        withUnsafeBytes(of: step.littleEndian) { bytes += $0 }
        for value in values { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        return bytes
    }

    private func items(_ bytes: [UInt8], cutAt size: () -> Int = { .max }, limit: Int = StreamReader.usualLimit) -> (
        [StreamItem], StreamCounts
    ) {
        var reader = StreamReader(limit: limit)
        var items: [StreamItem] = []
        var place = 0
        while place < bytes.count {
            let end = place + min(max(1, size()), bytes.count - place)
            reader.read(Array(bytes[place..<end])) { items.append($0) }
            place = end
        }
        reader.finish { items.append($0) }
        return (items, reader.counts)
    }

    private var declaration: [UInt8] {
        Array("{\"@keys\": {\"1\": [\"train/loss\", \"time\", \"x\"]}, \"pid\": 77}\n".utf8)
    }

    @Test
    func `lines and frames alternate in their order`() {
        let payload: UInt64 = 0x7FF8_0000_DEAD_BEEF
        let signaling: UInt64 = 0xFFF0_0000_0000_0001
        let bytes =
            declaration + frame(1, 77, 5, [payload, 2.5.bitPattern, signaling])
            + Array("{\"step\": 6, \"x\": 1}\n\n".utf8)
            + frame(1, 77, 7, [0x8000_0000_0000_0000, 0, 1])

        let (items, counts) = items(bytes)

        var first = LoggedLine(
            step: 5,
            values: [
                LoggedEntry("train/loss", .real(Double(bitPattern: payload))),
                LoggedEntry("x", .real(Double(bitPattern: signaling))),
            ])
        (first.processID, first.time) = (77, 2.5)
        var last = LoggedLine(
            step: 7,
            values: [LoggedEntry("train/loss", .real(-0.0)), LoggedEntry("x", .real(Double.leastNonzeroMagnitude))])
        (last.processID, last.time) = (77, 0)
        #expect(
            items.dropFirst() == [
                .line(first), .line(LoggedLine(step: 6, values: [LoggedEntry("x", .integer(1))])), .line(last),
            ])
        #expect(counts.lines == 2)
        #expect(counts.frames == 2)
    }

    @Test
    func `each process has lists of its own`() {
        let other = Array("{\"@keys\": {\"1\": [\"other\"]}, \"pid\": 78}\n".utf8)
        let (items, _) = items(
            declaration + other + frame(1, 78, 1, [0]) + frame(1, 77, 1, [0, 0, 0]) + frame(1, 78, 2, [0]))

        let keys = items.compactMap { if case .line(let line) = $0 { line.values.map(\.key.name) } else { nil } }
        #expect(keys == [[], [], ["other"], ["train/loss", "x"], ["other"]])
    }

    @Test
    func `a frame that nobody declared is counted and skipped to the next object`() {
        let bytes = frame(3, 5, 1, [0, 0x0A7B_0A0A_0A00_0000]) + Array("torn\n{\"a\": 1}\n".utf8)

        let (items, counts) = items(declaration + bytes)

        #expect(items.last == .line(LoggedLine(values: [LoggedEntry("a", .integer(1))])))
        #expect(counts.undeclaredFrames == 1)
        #expect(counts.skippedBytes > 14)
    }

    @Test
    func `a frame below step 0 and one without its end are counted`() {
        let (items, counts) = items(declaration + frame(1, 77, -1, [0, 0, 0]) + frame(1, 77, 1, [0, 0]))

        #expect(items.count == 1)
        #expect(counts.refusedFrames == 1)
        #expect(counts.incompleteFrames == 1)
        #expect(counts.skippedBytes == 30)
    }

    @Test
    func `a last line needs no line feed, and what is no object is given as it is`() {
        let (items, counts) = items(Array("hello\n{\"a\": 1}\r\n[2]\n{\"a\": 2}".utf8))

        #expect(items.count == 4)
        #expect(items.last == .line(LoggedLine(values: [LoggedEntry("a", .integer(2))])))
        guard case .unreadable(let unreadable) = items[0] else { return #expect(Bool(false)) }
        #expect(unreadable.text == "hello")
        #expect(unreadable.reason == "it does not begin with {")
        #expect(counts.unreadableLines == 2)
    }

    @Test
    func `a long line is cut, counted and skipped to its end`() {
        let exact = "{\"a\":\"" + String(repeating: "x", count: 5000 - 8) + "\"}\n"
        let long = "{\"a\":\"" + String(repeating: "x", count: 5000 - 7) + "\"}\n"

        let (items, counts) = items(Array((exact + long + exact).utf8), limit: 5000)

        #expect(items.count == 3)
        #expect(counts.lines == 2)
        #expect(counts.cutLines == 1)
        #expect(counts.skippedBytes == 1)
    }

    @Test
    func `how a stream is cut into pieces changes nothing`() {
        var generator = SplitMix(seed: TestTier.seed)
        for _ in 0..<(TestTier.isLong ? 3000 : 100) {
            let bytes = stream(&generator)
            let whole = items(bytes, limit: 4096)
            let largest = 1 << (generator.next() % 12)
            let cut = items(bytes, cutAt: { Int(generator.next() % UInt64(largest)) + 1 }, limit: 4096)
            #expect(cut.0 == whole.0, "seed \(TestTier.seed)")
            #expect(cut.1 == whole.1, "seed \(TestTier.seed)")
        }
    }

    /// Lines, frames and rubbish.
    private func stream(_ generator: inout SplitMix) -> [UInt8] {
        var bytes = declaration
        for _ in 0..<40 {
            switch generator.next() % 9 {
            case 0:
                bytes += frame(
                    1, 77, Int64(generator.next() >> 1), [generator.next(), generator.next(), generator.next()])
            case 1:
                bytes += frame(
                    UInt8(generator.next() % 3), 77 + UInt32(generator.next() % 2), 3,
                    [generator.next(), generator.next(), 0])
            case 2: bytes += (0..<generator.next() % 60).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            case 3: bytes += [0x0A]
            case 4: bytes += Array("{\"a\": \"\(String(repeating: "é", count: Int(generator.next() % 3000)))\"}\n".utf8)
            default:
                bytes += Array(
                    "{\"step\": \(generator.next() >> 1), \"b/c\": \(Double(bitPattern: generator.next() >> 2))}\n".utf8
                )
            }
        }
        return bytes
    }

    @Test
    func `lists of many processes take a bounded memory`() {
        var lists = KeyLists()
        let keys = (0..<500).map { LoggedKey("a key of this list, number \($0)") }
        for process in 0..<2000 { lists.declare(KeyList(number: 1, keys: keys), by: UInt32(process)) }

        #expect(lists.keys(1, of: 1999) != nil)
        #expect(lists.keys(1, of: 0) == nil)
    }
}
