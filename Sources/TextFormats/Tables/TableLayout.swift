/// Lines up cells in columns within a line's width, numbers to the right.
///
/// Rows are laid out a thousand at a time, so that any number of them needs little memory.
package struct TableLayout {
    /// A text, and whether it is a number, which stands to the right.
    package struct Cell {
        package let text: String
        package let isNumber: Bool

        package init(_ text: String, isNumber: Bool) {
            self.text = text
            self.isNumber = isNumber
        }
    }

    /// So many rows decide the widths together.
    package static let sampleSize = 1000

    private let columns: [String]
    private let width: Int
    private var waiting: [[Cell]] = []
    private var widths: [Int]
    private var alignsRight: [Bool]?
    /// As the rows before were laid out.
    private var arrangement: ColumnBlocks?

    package init(columns: [String], width: Int) {
        self.columns = columns
        self.width = width
        widths = columns.map(\.count)
    }

    /// Takes a row; returns the lines that can be written now.
    package mutating func append(_ row: [Cell]) -> String? {
        waiting.append(row)
        return waiting.count == Self.sampleSize ? flush() : nil
    }

    /// The lines that have not been returned yet.
    package mutating func remaining() -> String {
        arrangement == nil || !waiting.isEmpty ? flush() : ""
    }

    // MARK: - Internals

    private mutating func flush() -> String {
        for row in waiting {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.text.count) }
        }
        let alignsRight =
            alignsRight
            ?? columns.indices.map { index in
                waiting.contains { $0[index].isNumber }
                    && waiting.allSatisfy { $0[index].isNumber || $0[index].text.isEmpty }
            }
        let arrangement = ColumnBlocks(widths: widths, isText: alignsRight.map { !$0 }, width: width)
        let isNew = arrangement != self.arrangement
        let header = zip(columns, alignsRight).map { Cell($0, isNumber: $1) }
        let blocks = arrangement.blocks.map { block in
            let rows = isNew || arrangement.blocks.count > 1 ? [header] + waiting : waiting
            return rows.map { lines(of: $0, in: block, alignsRight) }.joined()
        }
        let text = (isNew && self.arrangement != nil ? "\n" : "") + blocks.joined(separator: "\n")
        (self.alignsRight, self.arrangement) = (alignsRight, arrangement)
        waiting = []
        return text
    }

    /// A row's part of a block, as high as its highest cell.
    private func lines(of row: [Cell], in block: [ColumnBlocks.Column], _ alignsRight: [Bool]) -> String {
        let cells = block.map { WrappedText.cell(row[$0.index].text, width: $0.width) }
        return (0..<(cells.map(\.count).max() ?? 1)).map { number in
            var line = ""
            for (column, cell) in zip(block, cells) {
                let text = number < cell.count ? cell[number] : ""
                let padding = String(repeating: " ", count: max(0, column.width - text.count))
                if column != block.first { line += "  " }
                line += alignsRight[column.index] ? padding + text : text + padding
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
