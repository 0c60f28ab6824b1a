/// Lines up cells in columns, numbers to the right.
///
/// The widths are those of the first thousand rows, so that any number of rows can be laid out.
struct TableLayout {
    struct Cell {
        let text: String
        let isNumber: Bool

        init(_ text: String, isNumber: Bool) {
            self.text = text
            self.isNumber = isNumber
        }
    }

    /// So many rows decide the widths.
    static let sampleSize = 1000

    private let columns: [String]
    private var waiting: [[Cell]] = []
    private var widths: [Int]?
    private var alignsRight: [Bool] = []

    init(columns: [String]) {
        self.columns = columns
    }

    /// Takes a row; returns the lines that can be written now.
    mutating func append(_ row: [Cell]) -> String? {
        if widths != nil { return line(row) }
        waiting.append(row)
        return waiting.count == Self.sampleSize ? flush() : nil
    }

    /// The lines that have not been returned yet.
    mutating func remaining() -> String {
        widths == nil ? flush() : ""
    }

    // MARK: - Internals

    private mutating func flush() -> String {
        widths = columns.indices.map { index in
            max(columns[index].count, waiting.map { $0[index].text.count }.max() ?? 0)
        }
        alignsRight = columns.indices.map { index in
            waiting.contains { $0[index].isNumber }
                && waiting.allSatisfy { $0[index].isNumber || $0[index].text.isEmpty }
        }
        let header = zip(columns, alignsRight).map { Cell($0, isNumber: $1) }
        let lines = ([header] + waiting).map(line).joined()
        waiting = []
        return lines
    }

    private func line(_ row: [Cell]) -> String {
        var line = ""
        for (index, cell) in row.enumerated() {
            let padding = String(repeating: " ", count: max(0, (widths?[index] ?? 0) - cell.text.count))
            if index > 0 { line += "  " }
            line += alignsRight[index] ? padding + cell.text : cell.text + padding
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
