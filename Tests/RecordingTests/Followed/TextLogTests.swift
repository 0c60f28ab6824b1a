import TestSupport
import Testing

@testable import Recording

/// CSV, TSV and JSON lines that grow.
struct TextLogTests {
    private static func items(_ text: String, size: () -> Int = { 7 }, finishes: Bool = true) -> [FollowedItem] {
        var reader = TextLogReader()
        var items: [FollowedItem] = []
        let bytes = Array(text.utf8)
        var place = 0
        while place < bytes.count {
            let end = min(bytes.count, place + max(1, size()))
            reader.read(Array(bytes[place..<end])) { items.append($0) }
            place = end
        }
        if finishes { reader.finish { items.append($0) } }
        return items
    }

    private static func lines(_ text: String, finishes: Bool = true) -> [LoggedLine] {
        items(text, finishes: finishes).compactMap { if case .line(let line) = $0 { line } else { nil } }
    }

    @Test
    func `rows of a table are lines with the most exact step`() {
        let lines = Self.lines("epoch,step,train_loss,val_loss\n0,49,0.25,\n0,99,,1e-3\r\n")

        #expect(
            lines == [
                LoggedLine(
                    step: 49, values: [LoggedEntry("epoch", .integer(0)), LoggedEntry("train_loss", .real(0.25))]),
                LoggedLine(
                    step: 99, values: [LoggedEntry("epoch", .integer(0)), LoggedEntry("val_loss", .real(1e-3))]),
            ])
    }

    @Test(arguments: ["step", "iteration", "global_step", "epoch", "Step", "_step", "iter"])
    func `a column with the name of a step is the step`(name: String) {
        #expect(Self.lines("loss,\(name)\n0.5,3\n") == [LoggedLine(step: 3, values: [LoggedEntry("loss", .real(0.5))])])
    }

    @Test
    func `without a step rows count, and without names columns do`() {
        #expect(Self.lines("loss\n0.5\n").first?.step == nil)
        #expect(
            Self.lines("1,0.5\n").first?.values == [LoggedEntry("1", .integer(1)), LoggedEntry("2", .real(0.5))])
    }

    @Test
    func `the last row waits for its line feed`() {
        #expect(Self.lines("step,loss\n0,0.5\n1,0.2", finishes: false).count == 1)
        #expect(Self.lines("step,loss\n0,0.5\n1,0.2").count == 2)
    }

    @Test
    func `quotes enclose delimiters, line feeds and quotes`() {
        let lines = Self.lines("step,\"a,b\",\"say \"\"it\"\"\"\n1,\"2\",\"x\ny\"\n")

        #expect(lines.first?.values == [LoggedEntry("a,b", .integer(2)), LoggedEntry("say \"it\"", .text("x\ny"))])
    }

    @Test(arguments: ["\t", ";"])
    func `tabs and semicolons separate cells, too`(delimiter: String) {
        let text = "step,\"a,b\",c\n1,2,3\n".split(separator: "\"", omittingEmptySubsequences: false)
        let changed = text.enumerated().map { $0 % 2 == 1 ? "\"\($1)\"" : $1.replacing(",", with: delimiter) }.joined()

        #expect(
            Self.lines(changed)
                == [LoggedLine(step: 1, values: [LoggedEntry("a,b", .integer(2)), LoggedEntry("c", .integer(3))])])
    }

    @Test(arguments: [
        ("1", LoggedValue.integer(1)), ("-0", .real(-0.0)), ("+1.5", .real(1.5)), (".5", .real(0.5)), ("5.", .real(5)),
        ("nan", .real(.nan)), ("-inf", .real(-.infinity)), ("Infinity", .real(.infinity)),
        ("5e-324", .real(.leastNonzeroMagnitude)),
        ("007", .integer(7)), ("9223372036854775808", .real(0x1p63)), ("0x10", .text("0x10")), ("1,5", .text("1,5")),
        ("n/a", .text("n/a")), ("True", .text("True")), ("1e999", .real(.infinity)), ("--1", .text("--1")),
        ("+-1", .text("+-1")), ("-", .text("-")), (".", .text(".")),
        ("9007199254740993", .integer(9_007_199_254_740_993)),
    ])
    func `a cell is a number exactly or a text`(cell: String, value: LoggedValue) {
        #expect(Self.lines("step,a\n0,\" \(cell)\"\n").first?.values == [LoggedEntry("a", value)])
    }

    @Test
    func `a header in the middle is a new table, and the same one is nothing`() {
        let lines = Self.lines("step,a\n0,1\nstep,a\n1,2\nstep,b,a\n2,3,4\n")

        #expect(lines.map(\.step) == [0, 1, 2])
        #expect(lines.last?.values == [LoggedEntry("b", .integer(3)), LoggedEntry("a", .integer(4))])
    }

    @Test
    func `a row of texts is a row`() {
        let lines = Self.lines("name,kind\nx,y\nname,z\n")

        #expect(lines.count == 1, "the second names a column of two")
        #expect(Self.lines("name,kind,why\nx,y,z\nname,y,z\n").count == 2)
    }

    @Test(arguments: ["-1", "1.5", "nan", "x"])
    func `values of a row without a valid step are left out`(step: String) throws {
        let line = try #require(Self.lines("step,a\n\(step),1\n").first)

        #expect(line.values.isEmpty)
        #expect(line.refusals.count == 2)
    }

    @Test
    func `a row that never ends is cut at a megabyte`() {
        let items = Self.items(
            "step,a\n0,\"" + String(repeating: "x", count: 3_000_000) + "\n1,2\n", size: { 65_536 })

        #expect(items.count == 2)
        #expect(items.last == .line(LoggedLine(step: 1, values: [LoggedEntry("a", .integer(2))])))
    }

    @Test
    func `JSON lines take other names of a step`() {
        let lines = Self.lines(
            "\n{\"loss\": 1, \"epoch\": 0.5, \"global_step\": 7}\n{\"step\": 3, \"epoch\": 2}\n{\"epoch\": 0.5, \"a\": 1}\n"
        )

        #expect(lines.map(\.step) == [7, 3, nil])
        #expect(lines.first?.values == [LoggedEntry("loss", .integer(1)), LoggedEntry("epoch", .real(0.5))])
    }

    @Test
    func `a JSON list is refused`() {
        #expect(Self.items("[{\"a\": 1}]\n").count == 1)
    }

    @Test
    func `pieces of any size give the same lines`() {
        var generator = SplitMix(seed: TestTier.seed)
        let text = "\u{FEFF}step,\"a\nb\",c\r\n1,\"2\"\"\",3\n# comment\n\n2,é,\n3,,4\nstep,d\n4,5"
        let expected = Self.items(text, size: { 1000 })
        for _ in 0..<200 {
            #expect(Self.items(text, size: { Int(generator.next() % 9) }) == expected, "seed \(TestTier.seed)")
        }
        #expect(expected.count == 4)
    }

    @Test
    func `random bytes neither trap nor hang`() {
        var generator = SplitMix(seed: TestTier.seed)
        let alphabet = Array("step,loss\n\"\t;0123456789.e-+naif#\r é{}[]:".utf8) + [0, 0xFF]
        for _ in 0..<(TestTier.isLong ? 20_000 : 1000) {
            var reader = TextLogReader()
            for _ in 0..<4 {
                reader.read((0..<generator.next() % 60).map { _ in alphabet.randomElement(using: &generator) ?? 0 }) {
                    _ in
                }
            }
            reader.finish { _ in }
        }
    }
}
