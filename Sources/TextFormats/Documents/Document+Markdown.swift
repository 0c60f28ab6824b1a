extension Document {
    /// As GitHub's Markdown, a blank line between blocks.
    package var markdown: String {
        blocks.map(\.markdown).joined(separator: "\n")
    }
}

extension Document.Block {
    /// Ends with a newline.
    fileprivate var markdown: String {
        switch self {
        case .heading(let level, let prose): String(repeating: "#", count: level) + " \(prose.markdown)\n"
        case .paragraph(let prose): prose.markdown + "\n"
        case .list(let items): Self.list(items)
        case .table(let table): table.markdown
        case .code(let code, let language): MarkdownText.fenced(code, language: language)
        case .image(let path, let title, let caption):
            "![\(MarkdownText.escaped(title))](\(path))\n" + (caption.parts.isEmpty ? "" : "\n\(caption.markdown)\n")
        case .alert(let alert, let paragraphs, let items):
            "> [!\(alert.rawValue.uppercased())]\n" + paragraphs.map { "> \($0.markdown)\n" }.joined()
                + (items.isEmpty ? "" : ">\n" + items.map { "> - \($0.markdown)\n" }.joined())
        // HTML ends at a blank line, and what follows is Markdown again.
        case .details(let summary, let blocks):
            "<details>\n<summary>\(summary.html)</summary>\n\n\(Document(blocks).markdown)\n</details>\n"
        }
    }

    private static func list(_ items: [Prose]) -> String {
        items.map { "- \($0.markdown)\n" }.joined()
    }
}

extension Document.Table {
    fileprivate var markdown: String {
        let rule = alignments.map { $0 == .right ? "--:" : "---" }
        return ([titles.map(\.markdown), rule] + rows.map { $0.map(\.markdown) })
            .map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }
}

extension Prose {
    package var markdown: String {
        parts.map { part in
            switch part {
            case .words(let words): words
            case .text(let text): MarkdownText.escaped(text)
            case .code(let code): "`\(code)`"
            case .emphasis(let prose): "*\(prose.markdown)*"
            case .strong(let prose): "**\(prose.markdown)**"
            case .link(let prose, let target): "[\(prose.markdown)](\(target))"
            }
        }.joined()
    }
}

/// Text of users inside Markdown.
package enum MarkdownText {
    /// Harmless in a paragraph, a heading or a table cell: no markup, no HTML, no mathematics, one line.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\", "|", "`", "*", "_", "[", "]", "#", "~", "!", "$": result += "\\\(character)"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case _ where character.isNewline || character == "\t": result += " "
            default: result.append(character)
            }
        }
        return result
    }

    /// A fenced block, with a fence longer than any inside.
    package static func fenced(_ text: String, language: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\(language)\n\(text)\n\(fence)\n"
    }
}
