import TestSupport
import Testing
import Tracking

@testable import Recording

/// Open rows against a plain implementation, with random lines.
struct OpenRowsReferenceTests {
    /// Lines as programs write them: usually the same keys at rising steps, and anything else from time to time.
    private struct Program {
        var generator: SplitMix
        let keys: [[LoggedKey]]
        let oddity: UInt64
        var step: Int64 = 0
        var usual: [LoggedKey] = []

        init(seed: UInt64) {
            var generator = SplitMix(seed: seed)
            let groups = 1 + Int(generator.next() % 5)
            // A key has two copies, as in frames and in lines.
            let names = (0..<1 + generator.next() % 60).map { index in
                let group = Int(generator.next() % UInt64(groups))
                return group == 0 ? "k\(index)" : "g\(group)/k\(index)"
            }
            keys = names.map { [LoggedKey($0), LoggedKey($0)] }
            oddity = [2, 5, 30][Int(generator.next() % 3)]
            step = [0, 5, .max - 60][Int(generator.next() % 3)]
            self.generator = generator
            usual = list()
        }

        mutating func below(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
        mutating func isOdd() -> Bool { generator.next() % oddity == 0 }

        mutating func list() -> [LoggedKey] {
            let copy = below(2)
            return keys.shuffled(using: &generator).prefix(1 + below(keys.count)).map { $0[copy] }
        }

        mutating func value() -> LoggedValue {
            switch below(12) {
            case 0: .text(["a", "\u{E9}", "e\u{301}"][below(3)])
            case 1: .integer(Int64(below(2)))
            case 2: .real(.nan)
            case 3: .real(-0.0)
            default: .real(Double(below(2)))
            }
        }

        mutating func line() -> LoggedLine {
            if isOdd() { usual = list() }
            var line = LoggedLine(step: step < .max ? step + 1 : step)
            if isOdd() { line.step = max(0, step - Int64(below(30))) }
            if isOdd() { line.step = nil }
            if let given = line.step { step = given }
            if isOdd() { line.time = Double(below(5)) }
            let keys = isOdd() ? Array(usual.dropFirst(below(usual.count))) : usual
            line.values = keys.map { LoggedEntry($0, value()) }
            if isOdd() { line.values.append(LoggedEntry(self.keys[below(self.keys.count)][0], value())) }
            return line
        }
    }

    private func compare(_ seed: UInt64, count: Int) {
        var program = Program(seed: seed)
        let limit = [1, 2, 3, 10, 50][program.below(5)]
        let lastSteps: [String: Int64] = program.isOdd() ? ["": 7, "g1": .max] : [:]
        var open = OpenRows(
            largestCount: limit, lastSteps: lastSteps, shapesLimit: [20, 300, RowShapes.usualLimit][program.below(3)])
        var reference = ReferenceRows(largestCount: limit, lastSteps: lastSteps)
        var (found, expected): ([GroupRow], [ReferenceRows.Row]) = ([], [])
        var (lists, version): ([[LoggedKey]], Int) = ([], 0)
        // Some rows are kept, some are not; either way their numbers stay.
        let close = { (row: GroupRow) in
            found.append(row)
            if row.shapesVersion != version { (lists, version) = ([], row.shapesVersion) }
            if row.shape == lists.count { lists.append(row.keys) }
            #expect(lists[row.shape] == row.keys, "seed \(seed)")
        }
        for _ in 0..<count {
            let line = program.line()
            open.add(line, close: close)
            reference.add(line) { expected.append($0.withTextsLast) }
            if program.below(100) == 0 {
                open.closeAll(close)
                reference.closeAll { expected.append($0.withTextsLast) }
            }
        }
        open.closeAll(close)
        reference.closeAll { expected.append($0.withTextsLast) }

        #expect(found.map { ReferenceRows.Row($0) } == expected, "seed \(seed)")
        #expect(found.allSatisfy { $0.keys.count == $0.numbers.count }, "seed \(seed)")
        #expect(open.counts == reference.counts, "seed \(seed)")
        #expect(open.shapes == lists || open.shapesVersion > version, "seed \(seed)")
    }

    @Test
    func `rows are those of the plain implementation`() {
        for index in 0..<UInt64(TestTier.isLong ? 5000 : 80) { compare(TestTier.seed &+ index, count: 120) }
    }

    @Test
    func `wide rows merge as narrow ones`() {
        var open = OpenRows()
        var rows: [GroupRow] = []
        let keys = (0..<10_010).map { LoggedKey("k\($0)") }
        for step in 0..<25 as Range<Int64> {
            let line = LoggedLine(step: step / 2, values: keys.map { LoggedEntry($0, .integer(step / 4)) })
            open.add(line) { rows.append($0) }
        }
        open.closeAll { rows.append($0) }

        #expect(rows.map(\.step) == Array(0...12))
        #expect(rows.allSatisfy { $0.shape == 0 && $0.keys == Array(keys.prefix(OpenRows.largestRow)) })
        #expect(rows.map { $0.numbers[0] } == (0...12).map { .integer($0 / 2) })
        #expect(open.counts.repetitions == 12 * OpenRows.largestRow)
        #expect(open.counts.refusedValues == 25 * 10)
    }

    @Test
    func `keys that are made up all the time take a bounded memory`() {
        var open = OpenRows(largestCount: 100, shapesLimit: 10_000)
        var (rows, version, largest) = (0, 0, 0)
        for step in 0..<20_000 as Range<Int64> {
            let values = [LoggedEntry("k\(step)", .integer(step)), LoggedEntry("x", .integer(1))]
            open.add(LoggedLine(step: step, values: values)) { row in
                rows += 1
                version = row.shapesVersion
                largest = max(largest, row.shape)
            }
        }

        #expect(rows + open.count == 20_000)
        #expect(version > 0)
        #expect(largest < 2500)
    }
}
