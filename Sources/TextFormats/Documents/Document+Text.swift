extension Document {
    /// For a terminal or a mail: lines of at most `width` characters where a table or code is not wider by itself.
    ///
    /// Folded blocks are open, and of a picture the caption says where it is.
    package func text(width: Int) -> String {
        blocks.map { $0.text(width: width) }.joined(separator: "\n")
    }
}

extension Document.Block {
    /// Ends with a newline.
    fileprivate func text(width: Int) -> String {
        let paragraph = { (prose: Prose) in WrappedText.paragraph(prose.line, width: width) + "\n" }
        switch self {
        case .heading(let level, let prose):
            let title = prose.line
            let line = String(repeating: level == 1 ? "=" : "-", count: min(width, title.count))
            return level > 2 ? "\(title)\n" : "\(title)\n\(line)\n"
        case .paragraph(let prose): return paragraph(prose)
        case .list(let items): return Self.list(items, width: width)
        case .table(let table): return table.text(width: width)
        case .code(let code, _):
            return code.visibleLines.split(separator: "\n", omittingEmptySubsequences: false)
                .map { "    \($0)\n" }.joined()
        case .image(let path, let title, let caption):
            let end: Prose = caption.parts.isEmpty ? "" : ": \(caption)"
            return paragraph("\(words: title) (\(path))\(end)")
        case .alert(let alert, let paragraphs, let items):
            let body = paragraphs.map(paragraph).joined()
            return "\(alert.rawValue): \(body)\(items.isEmpty ? "" : Self.list(items, width: width))"
        case .details(let summary, let blocks):
            return ([paragraph(summary)] + blocks.map { $0.text(width: width) }).joined(separator: "\n")
        }
    }

    private static func list(_ items: [Prose], width: Int) -> String {
        items.map { WrappedText.paragraph("- \($0.line)", width: width) + "\n" }.joined()
    }
}

extension Document.Table {
    fileprivate func text(width: Int) -> String {
        var layout = TableLayout(columns: titles.map(\.line), width: width)
        var text = ""
        for row in rows {
            let cells = zip(row, alignments).map { TableLayout.Cell($0.line, isNumber: $1 == .right) }
            text += layout.append(cells) ?? ""
        }
        return text + layout.remaining()
    }
}

extension Prose {
    /// On one line of which all can be seen.
    fileprivate var line: String { plainText.visible }
}
