extension Document.Table {
    /// Rules at the top, below the titles and at the bottom; the titles again on every page.
    ///
    /// A table that is wider than the page has its cells broken into lines; where even that is too wide there are several
    /// tables, each beginning with the columns that tell the rows apart.
    var latex: String {
        let columns = titles.indices.map { index in
            LaTeXColumn(title: titles[index], cells: rows.map { $0[index] }, alignment: alignments[index])
        }
        let size = LaTeXSize.allCases.first { $0.fits(columns.map(\.natural)) } ?? .small
        return parts(of: columns, size).map { part($0, size) }.joined(separator: "\n")
    }

    // MARK: - Internals

    private func part(_ columns: [LaTeXColumn], _ size: LaTeXSize) -> String {
        let row = { (cells: [String]) in cells.joined(separator: " & ") + " \\tabularnewline\n" }
        let titles = columns.map { "{\\bfseries \($0.title.latex(longest: LaTeXColumn.longest))}" }
        let rows = rows.indices.map { index in
            row(columns.map { "{}\($0.cells[index].latex(longest: LaTeXColumn.longest))" })
        }
        return "{\\\(size.rawValue)\\setlength{\\tabcolsep}{3pt}\n\\begin{longtable}{\(specification(columns, size))}\n"
            + "\\hline\n" + row(titles) + "\\hline\n\\endhead\n" + rows.joined() + "\\hline\n\\end{longtable}}\n"
    }

    /// The columns of each table, as many as fit.
    private func parts(of columns: [LaTeXColumn], _ size: LaTeXSize) -> [[LaTeXColumn]] {
        guard !size.fits(columns.map(\.least)) else { return [columns] }
        let key = Array(columns.prefix(keyCount))
        var parts: [[LaTeXColumn]] = []
        var part = key
        for column in columns.dropFirst(keyCount) {
            if part.count > key.count, !size.fits((part + [column]).map(\.least)) {
                parts.append(part)
                part = key
            }
            part.append(column)
        }
        return parts + [part]
    }

    /// How many of the first columns tell the rows apart, at most three; one if more would be needed.
    private var keyCount: Int {
        let counts = 1...max(1, min(3, titles.count - 1))
        return counts.first { count in
            Set(rows.map { row in row.prefix(count).map(\.plainText) }).count == rows.count
        } ?? 1
    }

    /// Every column as wide as its longest cell, or else with what its longest word needs and a part of the rest.
    private func specification(_ columns: [LaTeXColumn], _ size: LaTeXSize) -> String {
        if size.fits(columns.map(\.natural)) {
            return columns.map { $0.alignment == .right ? "r" : "l" }.joined()
        }
        let wanted = columns.map { min($0.natural, 3 * $0.least + 20) - $0.least }
        let rest = max(0, size.room(columns.count) - columns.map(\.least).reduce(0, +))
        let share = min(1, rest / max(1, wanted.reduce(0, +)))
        return zip(columns, wanted).map { column, wanted in
            let width = NumberText.fixed(size.points(column.least + share * wanted), decimals: 1)
            return "\(column.alignment == .right ? "R" : "L"){\(width)pt}"
        }.joined()
    }
}

/// One column of a table for LaTeX, with its widths in parts of the text's size.
private struct LaTeXColumn {
    let title: Prose
    let cells: [Prose]
    let alignment: Document.Table.Alignment
    /// Where no cell is broken, and where all are broken after each word.
    let natural: Double
    let least: Double

    /// Longer words may be broken.
    static let longest = 16

    init(title: Prose, cells: [Prose], alignment: Document.Table.Alignment) {
        (self.title, self.cells, self.alignment) = (title, cells, alignment)
        let texts = cells.map(\.plainText)
        let words = { (text: String) in
            text.split(separator: " ").flatMap { LaTeXText.pieces(String($0), longest: Self.longest) }
        }
        let bold = 1.16
        natural = max(Self.width(title.plainText) * bold, texts.map(Self.width).max() ?? 0)
        least = max(
            words(title.plainText).map(Self.width).max().map { $0 * bold } ?? 0,
            texts.flatMap(words).map(Self.width).max() ?? 0)
    }

    /// Of LaTeX's own font in small sizes, rather too wide.
    private static func width(_ text: String) -> Double {
        text.reduce(0) { sum, character in
            switch character {
            case "i", "j", "l", ".", ",", ":", ";", "'", "|", " ": sum + 0.34
            case "f", "r", "s", "t", "-", "(", ")", "[", "]", "/": sum + 0.47
            case "m", "w", "A"..."Z", "%", "=", "+", "<", ">", "≤", "≥", "…": sum + 0.87
            default: sum + 0.6
            }
        }
    }
}

/// How large the text of a table is.
private enum LaTeXSize: String, CaseIterable {
    case normal = "footnotesize"
    case small = "scriptsize"

    private static let pageWidth = 483.0

    private var height: Double { self == .normal ? 8 : 7 }

    /// So much of its own size is left for so many columns' text.
    func room(_ columnCount: Int) -> Double { (Self.pageWidth - 6 * Double(columnCount)) / height }

    func points(_ width: Double) -> Double { width * height }

    func fits(_ widths: [Double]) -> Bool { widths.reduce(0, +) <= room(widths.count) }
}
