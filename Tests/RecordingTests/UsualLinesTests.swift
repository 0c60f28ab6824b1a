import TestSupport
import Testing

@testable import Recording

/// What a reader keeps of the line before changes nothing but the time.
struct UsualLinesTests {
    /// Lines that are mostly as the one before, and break off or differ anywhere.
    private struct Program {
        var generator: SplitMix
        var members: [String] = []

        init(seed: UInt64) {
            generator = SplitMix(seed: seed)
            members = (0..<below(20)).map { _ in key() }
        }

        mutating func below(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }

        mutating func key() -> String {
            let names = [
                "a", "b", "g/c", "g/d", "d", "\\u0061", "\u{E9}", "e\u{301}", "step", "time", "pid", "", "st\\u0065p",
            ]
            let blanks = ["", "", "", " ", "\t"]
            let name = below(3) == 0 ? "k\(below(30))" : names[below(names.count)]
            return "\(blanks[below(5)])\"\(name)\"\(blanks[below(5)]):\(blanks[below(5)])"
        }

        mutating func value() -> String {
            let others = [
                "null", "true", "\"text\"", "\"NaN\"", "NaN", "{\"a\": 1, \"x\": 2}", "[1, [2]]", "{}", "-",
                "\"\\ud800\"",
                "{\"a\": 1, \"b\":", "\"x", "-1", "1.5e3", "9007199254740993",
            ]
            return below(10) == 0 ? others[below(others.count)] : "\(below(1000))"
        }

        mutating func line() -> [UInt8] {
            if below(4) == 0, !members.isEmpty { members[below(members.count)] = key() }
            if below(10) == 0 { members.append(key()) }
            if below(10) == 0, !members.isEmpty { members.remove(at: below(members.count)) }
            if below(20) == 0 { members.shuffle(using: &generator) }
            let shown = below(6) == 0 ? Array(members.prefix(below(20))) : members
            var bytes = Array("{\(shown.map { $0 + value() }.joined(separator: below(9) == 0 ? ", " : ","))}".utf8)
            if below(20) == 0 { bytes.removeLast(below(bytes.count)) }
            if below(40) == 0 { bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: generator.next()) }
            return bytes
        }
    }

    @Test
    func `a line is that of a reader that has read nothing else`() {
        for index in 0..<UInt64(TestTier.isLong ? 20_000 : 200) {
            var program = Program(seed: TestTier.seed &+ index)
            var reader = LineReader()
            // Lines that somebody keeps stay as they were.
            var (kept, expected): ([LoggedLine], [LoggedLine]) = ([], [])
            for _ in 0..<60 {
                let bytes = program.line()
                var fresh = LineReader()
                let (first, second) = (Result { try reader.read(bytes) }, Result { try fresh.read(bytes) })
                if case .success(let first) = first, case .success(let second) = second {
                    kept.append(first)
                    expected.append(second)
                    if program.below(2) == 0 {
                        kept = []
                        expected = []
                    }
                } else {
                    #expect("\(first)" == "\(second)", "seed \(TestTier.seed &+ index)")
                }
            }
            #expect(kept == expected, "seed \(TestTier.seed &+ index)")
        }
    }

    @Test
    func `frames have the values and keys that their process declared`() {
        var generator = SplitMix(seed: TestTier.seed)
        var reader = StreamReader()
        var lists: [UInt32: [UInt8: [String]]] = [:]
        var (kept, expected): ([LoggedLine], [LoggedLine]) = ([], [])
        for _ in 0..<(TestTier.isLong ? 100_000 : 3000) {
            let (process, list) = (UInt32(generator.next() % 3), UInt8(generator.next() % 2))
            guard generator.next() % 20 > 0, let keys = lists[process]?[list] else {
                let names = (0..<generator.next() % 6).map { $0 == 2 ? "time" : "k\($0 + generator.next() % 2 * 10)" }
                lists[process, default: [:]][list] = names
                let text = names.map { "\"\($0)\"" }.joined(separator: ",")
                reader.read(Array("{\"pid\":\(process),\"@keys\":{\"\(list)\":[\(text)]}}\n".utf8)) { _ in }
                continue
            }
            var line = LoggedLine(step: Int64(generator.next() >> 1))
            line.processID = process
            var bytes: [UInt8] = [0x01, list]
            withUnsafeBytes(of: process.littleEndian) { bytes += $0 }
            withUnsafeBytes(of: line.step?.littleEndian ?? 0) { bytes += $0 }
            for key in keys {
                let bits = generator.next()
                withUnsafeBytes(of: bits.littleEndian) { bytes += $0 }
                let value = Double(bitPattern: bits)
                if key == "time" { line.time = value } else { line.values.append(LoggedEntry(key, .real(value))) }
            }
            expected.append(line)
            reader.read(bytes) { if case .line(let line) = $0 { kept.append(line) } }
        }

        #expect(kept == expected, "seed \(TestTier.seed)")
    }
}
