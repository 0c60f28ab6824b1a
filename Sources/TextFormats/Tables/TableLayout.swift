/// Lines up cells in columns within a line's width, numbers to the right.
///
/// Rows are laid out a thousand at a time, so that any number of them needs little memory.
package struct TableLayout {
    /// A text, of which all will be seen, and whether it is a number, which stands to the right.
    package struct Cell {
        package let text: String
        package let isNumber: Bool
        /// Which a terminal shows it in; it takes no room.
        fileprivate let color: TextColor?

        package init(_ text: String, isNumber: Bool, color: TextColor? = nil) {
            self.text = text.visible
            self.isNumber = isNumber
            self.color = color
        }
    }

    /// So many rows decide the widths together.
    package static let sampleSize = 1000

    private let columns: [String]
    private let width: Int
    private let hasHeader: Bool
    private var waiting: [[Cell]] = []
    private var widths: [Int]
    private var alignsRight: [Bool]?
    /// As the rows before were laid out.
    private var arrangement: ColumnBlocks?

    /// Lays rows out below the names of their columns, or, without a header, alone.
    package init(columns: [String], width: Int, hasHeader: Bool = true) {
        let columns = columns.map(\.visible)
        self.columns = columns
        self.width = width
        self.hasHeader = hasHeader
        widths = columns.map { hasHeader ? $0.count : 0 }
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
            let rows = hasHeader && (isNew || arrangement.blocks.count > 1) ? [header] + waiting : waiting
            return rows.map { lines(of: $0, in: block, alignsRight) }.joined()
        }
        let text = (hasHeader && isNew && self.arrangement != nil ? "\n" : "") + blocks.joined(separator: "\n")
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
                let shown = row[column.index].color.map { text.isEmpty ? "" : $0.painted(String(text)) } ?? String(text)
                line += alignsRight[column.index] ? padding + shown : shown + padding
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// Where a table's columns stand so that no line is wider than it may be.
///
/// What fits stands side by side. Else columns of text become narrower, their cells broken over lines. If that is not
/// enough, the columns stand in blocks, one below another, each beginning with the first column. A number is never
/// broken, and a column that is too wide by itself sticks out.
package struct ColumnBlocks: Equatable {
    /// A column in a block, and how wide it is there.
    package struct Column: Equatable {
        /// Its place in the table.
        package let index: Int
        package let width: Int
    }

    package let blocks: [[Column]]

    /// A text is broken to no less than this, which holds every number that could stand among texts, and a mark.
    private static let narrowestText = 26

    /// `widths` are those of the widest cells.
    package init(widths: [Int], isText: [Bool], width: Int) {
        let narrowed = Self.narrowed(widths, isText: isText, to: width)
        guard Self.sum(narrowed) > width, let first = widths.first else {
            blocks = [narrowed.indices.map { Column(index: $0, width: narrowed[$0]) }]
            return
        }
        let key = Column(index: 0, width: isText[0] ? min(first, Self.narrowestText) : first)
        var blocks: [[Column]] = []
        for index in widths.indices.dropFirst() {
            let room = max(Self.narrowestText, width - key.width - 2)
            let column = Column(index: index, width: isText[index] ? min(widths[index], room) : widths[index])
            if let block = blocks.last, Self.sum((block + [column]).map(\.width)) <= width {
                blocks[blocks.count - 1].append(column)
            } else {
                blocks.append([key, column])
            }
        }
        self.blocks = blocks.isEmpty ? [[key]] : blocks
    }

    /// Takes from the widest text, again and again, until all fits or no text can give more.
    private static func narrowed(_ widths: [Int], isText: [Bool], to width: Int) -> [Int] {
        var widths = zip(widths, isText).map { $1 ? min($0, max(narrowestText, width)) : $0 }
        while sum(widths) > width {
            let texts = widths.indices.filter { isText[$0] && widths[$0] > narrowestText }
            guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    /// With two blanks between columns.
    private static func sum(_ widths: [Int]) -> Int {
        widths.reduce(0) { $0 + $1 + 2 } - 2
    }
}
