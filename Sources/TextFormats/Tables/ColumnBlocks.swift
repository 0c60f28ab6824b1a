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
