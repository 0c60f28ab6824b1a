import Testing

@testable import TextFormats

/// Tables in lines of limited width.
struct TableLayoutTests {
    private func table(_ columns: [String], _ rows: [[String]], numbers: Set<Int> = [], width: Int) -> String {
        var layout = TableLayout(columns: columns, width: width)
        let lines = rows.compactMap { row in
            layout.append(row.enumerated().map { TableLayout.Cell($1, isNumber: numbers.contains($0)) })
        }
        return lines.joined() + layout.remaining()
    }

    @Test
    func `a text that is too long is broken between its words`() {
        #expect(
            table(
                ["name", "what"], [["a", "one two three four five six seven"], ["b", "short"]], width: 32)
                    == """
                    name  what
                    a     one two three four five
                          six seven
                    b     short

                    """)
    }

    @Test
    func `a word that is too long is broken within`() {
        #expect(
            table(["id", "hash"], [["1", "0123456789abcdefghijklmnopqrstuvwxyz"]], numbers: [0], width: 30) == """
                id  hash
                 1  0123456789abcdefghijklmnop
                    qrstuvwxyz

                """)
    }

    @Test
    func `numbers stay whole, in blocks that each begin with the first column`() {
        let rows = [["1", "0.30000000000000004", "-1.2345678901234567e-300", "7"], ["10", "2", "3", "42"]]

        #expect(
            table(["id", "loss", "w", "steps"], rows, numbers: [0, 1, 2, 3], width: 40) == """
                id                 loss
                 1  0.30000000000000004
                10                    2

                id                         w  steps
                 1  -1.2345678901234567e-300      7
                10                         3     42

                """)
    }

    @Test
    func `a column of numbers that is too wide by itself stays whole`() {
        #expect(
            table(["a", "b"], [["1", "0.30000000000000004"]], numbers: [0, 1], width: 10).contains(
                "0.30000000000000004\n"))
    }

    @Test(arguments: [20, 40, 80, 200])
    func `no line is wider than it may be, however many rows and columns there are`(width: Int) {
        let rows = (0..<2500).map { row in
            (0..<12).map { $0 % 3 == 0 ? String(row * $0) : String(repeating: "word ", count: 1 + (row + $0) % 30) }
        }

        let text = table((0..<12).map { "column \($0)" }, rows, numbers: [0, 3, 6, 9], width: width)

        let widest = text.split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest <= max(width, 36) && widest > width / 2)
    }

    @Test
    func `later rows that are wider change the table, under a header of their own`() {
        let rows = (0..<1000).map { [String($0)] } + [["1000000"]]

        let lines = table(["n"], rows, numbers: [0], width: 80).split(separator: "\n", omittingEmptySubsequences: false)

        #expect(lines.suffix(4) == ["", "      n", "1000000", ""])
        #expect(lines[0] == "  n" && lines[1000] == "999")
    }
}
