import TestSupport
import Testing
import Tracking

@testable import Recording

/// Rows that may still grow.
struct OpenRowsTests {
    private func line(_ step: Int64?, _ values: KeyValuePairs<String, Double>) -> LoggedLine {
        LoggedLine(step: step, values: values.map { LoggedEntry($0.key, .real($0.value)) })
    }

    private func rows(_ lines: [LoggedLine], lastSteps: [String: Int64] = [:]) -> ([GroupRow], RowCounts) {
        var open = OpenRows(lastSteps: lastSteps)
        var rows: [GroupRow] = []
        for line in lines { open.add(line) { rows.append($0) } }
        open.closeAll { rows.append($0) }
        return (rows, open.counts)
    }

    @Test
    func `without a step each group counts on from its own last step`() {
        let (rows, _) = rows([
            line(nil, ["loss": 1]), line(7, ["a/x": 1]), line(nil, ["loss": 2, "a/x": 3, "a/y": 4]),
            line(3, ["a/x": 5]), line(nil, ["a/x": 6]),
        ])

        #expect(
            rows.map { "\($0.group) \($0.step) \($0.numbers.count)" } == [
                " 0 1", "a 7 1", " 1 1", "a 8 2", "a 3 1", "a 4 1",
            ])
    }

    @Test
    func `steps go on from those before`() {
        let (rows, counts) = rows([line(nil, ["a/x": 1]), line(nil, ["b/x": 1])], lastSteps: ["a": 41, "b": .max])

        #expect(rows.map(\.step) == [42])
        #expect(counts.refusedValues == 1)
    }

    @Test
    func `the same step adds other keys, and keeps the first of two values`() {
        let (rows, counts) = rows([
            line(1, ["a": 1]), line(2, ["a": 2]), line(1, ["b": 3, "a": 1]), line(1, ["a": -1]), line(1, ["a": .nan]),
            line(2, ["z": 0.0]), line(2, ["z": -0.0]),
            LoggedLine(step: 1, values: [LoggedEntry("a", .integer(1))]),
        ])

        #expect(rows.map { $0.keys.map(\.name) } == [["a", "b"], ["a", "z"]])
        #expect(rows.map(\.numbers) == [[.real(1), .real(3)], [.real(2), .real(0)]])
        #expect(counts.repetitions == 1)
        #expect(counts.conflicts == 4)
        #expect(counts.firstConflicts.first == .init(step: 1, key: LoggedKey("a"), kept: .real(1), second: .real(-1)))
    }

    @Test
    func `a row has the first time that came`() {
        var (first, second, third) = (line(1, ["a": 1]), line(1, ["b": 1]), line(1, ["c": 1]))
        (first.time, second.time, third.time) = (nil, 5, 6)

        #expect(rows([first, second, third]).0.map(\.time) == [5])
    }

    @Test
    func `the row that is open the longest makes room`() {
        var open = OpenRows(largestCount: 2)
        var closed: [Int64] = []
        for step in [1, 2, 1, 3, 2, 4, 1] as [Int64] { open.add(line(step, ["a": 1])) { closed.append($0.step) } }

        #expect(closed == [1, 2, 3])
        #expect(open.count == 2)
    }

    @Test
    func `too many groups and too wide a row are refused`() {
        let groups = LoggedLine(step: 1, values: (0..<300).map { LoggedEntry("g\($0)/x", .real(1)) })
        let wide = LoggedLine(step: 1, values: (0..<10_050).map { LoggedEntry("x\($0)", .real(1)) })

        #expect(rows([groups]).1.refusedValues == 300 - OpenRows.largestGroupCount)
        #expect(
            rows([wide, wide]).1
                == {
                    var counts = RowCounts()
                    (counts.refusedValues, counts.repetitions) = (100, 10_000)
                    return counts
                }())
    }

    @Test
    func `wide rows are closed before they fill the memory`() {
        var open = OpenRows()
        var closed = 0
        for step in 0..<100 {
            open.add(LoggedLine(step: Int64(step), values: (0..<5000).map { LoggedEntry("x\($0)", .real(1)) })) { _ in
                closed += 1
            }
        }

        #expect(open.count <= 41)
        #expect(closed + open.count == 100)
    }

    @Test
    func `texts are apart from numbers, and a key has one of them`() {
        let values: [LoggedEntry] = [
            LoggedEntry("a", .text("x")), LoggedEntry("b", .integer(1)), LoggedEntry("c", .text("y")),
        ]
        let second = [LoggedEntry("a", .integer(1)), LoggedEntry("b", .text("1")), LoggedEntry("c", .text("y"))]

        let (rows, counts) = rows([LoggedLine(step: 1, values: values), LoggedLine(step: 1, values: second)])

        #expect(rows.map { $0.keys.map(\.name) } == [["b"]])
        #expect(rows.map(\.numbers) == [[.integer(1)]])
        #expect(
            rows[0].texts == [LoggedText(key: LoggedKey("a"), text: "x"), LoggedText(key: LoggedKey("c"), text: "y")])
        #expect(counts.conflicts == 2)
        #expect(counts.repetitions == 1)
    }

    @Test
    func `rows with the same keys have the same shape`() {
        let (rows, _) = rows([
            line(1, ["a": 1, "b": 2]), line(2, ["b": 1, "a": 2]), line(3, ["a": 1]), line(3, ["b": 1]),
            LoggedLine(step: 4, values: [LoggedEntry("a", .text("x"))]),
            LoggedLine(step: 4, values: [LoggedEntry("g/a", .text("x"))]),
        ])

        #expect(rows.map(\.shape) == [0, 1, 0, 2, 2])
        #expect(rows.map(\.shapesVersion) == [0, 0, 0, 0, 0])
    }
}
