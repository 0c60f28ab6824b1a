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
            "![\(MarkdownText.escaped(title))](\(MarkdownText.target(path)))\n"
                + (caption.parts.isEmpty ? "" : "\n\(caption.markdown)\n")
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
            case .words(let words): words.visibleLines
            case .text(let text): MarkdownText.escaped(text)
            case .code(let code): MarkdownText.code(code)
            case .emphasis(let prose): "*\(prose.markdown)*"
            case .strong(let prose): "**\(prose.markdown)**"
            case .link(let prose, let target): "[\(prose.markdown)](\(MarkdownText.target(target)))"
            }
        }.joined()
    }
}

/// Text of users inside Markdown.
package enum MarkdownText {
    /// Harmless in a paragraph, a heading or a table cell: no markup, no HTML, no mathematics, no link, one line, of
    /// which all can be seen.
    package static func escaped(_ text: String) -> String {
        let scalars = Array(text.visible.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            switch scalar {
            case "\\", "|", "`", "*", "_", "[", "]", "#", "~", "!", "$": result += "\\\(scalar)"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            // GitHub makes links of addresses in plain text: of a page, of a host, of a person.
            case ":" where next == "/": result += "\\:"
            case "." where result.suffix(3).lowercased() == "www": result += "\\."
            case "@" where next != nil && next != " ": result += "@<!-- -->"
            // At the beginning of a line: an item of a list, a rule, or code.
            case "-", "+", "=", ".", ")":
                let isMarker = index == 0 || isNumber(scalars[..<index])
                let isRule = index == 0 && scalars.allSatisfy { $0 == scalar }
                result += (isMarker && next == " ") || isRule ? "\\\(scalar)" : "\(scalar)"
            case " " where index == 0 && scalars.prefix(4).allSatisfy { $0 == " " }: result += "&#32;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Verbatim within a line; what would end the code is plain text instead.
    package static func code(_ text: String) -> String {
        text.isEmpty || text.unicodeScalars.contains("`") ? escaped(text) : "`\(text.visible)`"
    }

    /// Where a link leads, which ends at nothing but its own parenthesis: what no address has is its bytes.
    package static func target(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x21...0x7E where !"()<>\\`|".utf8.contains(byte): String(UnicodeScalar(byte))
            default: "%\(byte.hexadecimal)"
            }
        }.joined()
    }

    private static func isNumber(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        !scalars.isEmpty && scalars.allSatisfy { ("0"..."9").contains($0) }
    }

    /// A fenced block, with a fence longer than any inside.
    package static func fenced(_ code: String, language: String) -> String {
        let text = code.visibleLines
        var (longest, run) = (0, 0)
        for scalar in text.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(text)\n\(fence)\n"
    }
}
