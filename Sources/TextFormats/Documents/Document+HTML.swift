extension Document {
    /// The blocks as HTML, for the body of a page; `figures` are SVG by the paths of their images.
    ///
    /// An image whose path has no figure is left out.
    package func html(figures: [String: String]) -> String {
        blocks.map { $0.html(figures) }.joined()
    }
}

extension Document.Block {
    fileprivate func html(_ figures: [String: String]) -> String {
        switch self {
        case .heading(let level, let prose):
            let id = MarkupText.escaped(prose.anchor)
            return "<h\(level) id=\"\(id)\">\(prose.html)</h\(level)>\n"
        case .paragraph(let prose): return "<p>\(prose.html)</p>\n"
        case .list(let items): return Self.list(items)
        case .table(let table): return table.html
        case .code(let code, _):
            let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
            return "<pre><code>\(lines.map { MarkupText.escaped(String($0)) }.joined(separator: "\n"))</code></pre>\n"
        case .image(let path, _, let caption):
            let text = caption.parts.isEmpty ? "" : "<figcaption>\(caption.html)</figcaption>\n"
            return figures[path].map { "<figure>\n\($0)\(text)</figure>\n" } ?? ""
        case .alert(let alert, let paragraphs, let items):
            let text = paragraphs.map { "<p>\($0.html)</p>\n" }.joined() + (items.isEmpty ? "" : Self.list(items))
            return "<aside>\n<p><strong>\(alert.rawValue)</strong></p>\n\(text)</aside>\n"
        case .details(let summary, let blocks):
            let text = blocks.map { $0.html(figures) }.joined()
            return "<details>\n<summary>\(summary.html)</summary>\n\(text)</details>\n"
        }
    }

    private static func list(_ items: [Prose]) -> String {
        "<ul>\n" + items.map { "<li>\($0.html)</li>\n" }.joined() + "</ul>\n"
    }
}

extension Document.Table {
    fileprivate var html: String {
        let classes = alignments.map { $0 == .right ? " class=\"n\"" : "" }
        let row = { (cells: [Prose], tag: String) in
            "<tr>" + zip(cells, classes).map { "<\(tag)\($1)>\($0.html)</\(tag)>" }.joined() + "</tr>\n"
        }
        return "<div class=\"t\"><table>\n<thead>\(row(titles, "th"))</thead>\n<tbody>\n"
            + rows.map { row($0, "td") }.joined() + "</tbody>\n</table></div>\n"
    }
}

extension Prose {
    package var html: String {
        parts.map { part in
            switch part {
            case .words(let words): MarkupText.escaped(words.replacing("\n", with: " "))
            case .text(let text): MarkupText.escaped(text)
            case .code(let code): "<code>\(MarkupText.escaped(code))</code>"
            case .emphasis(let prose): "<em>\(prose.html)</em>"
            case .strong(let prose): "<strong>\(prose.html)</strong>"
            case .link(let prose, let target): "<a href=\"\(MarkupText.escaped(target))\">\(prose.html)</a>"
            }
        }.joined()
    }
}

/// Text of users inside SVG and HTML.
package enum MarkupText {
    /// Harmless as content and inside a quoted attribute: nothing hidden, so no character that XML forbids.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.visible.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
