/// Text in lines of limited width.
package enum WrappedText {
    /// A sentence, or SQL, in lines that break between its words, all but the first indented by two blanks more.
    ///
    /// A word is never broken, so that paths and numbers can be copied. What cannot be seen is written out.
    package static func paragraph(_ text: String, indentation: Int = 0, width: Int) -> String {
        let text = text.visible
        let blanks = String(repeating: " ", count: indentation)
        if indentation + text.count <= width { return blanks + text }
        return paragraph(words: text.split(separator: " ").map(String.init), indentation: indentation, width: width)
    }

    /// Words, which may hold blanks where no line is to break, as ``paragraph(_:indentation:width:)`` has them.
    static func paragraph(words: [String], indentation: Int, width: Int) -> String {
        let blanks = String(repeating: " ", count: indentation)
        var lines: [String] = []
        var line = blanks
        for word in words {
            if line.count > blanks.count, line.count + 1 + word.count > width {
                lines.append(line)
                line = blanks + "  " + word
            } else {
                line += line.count == blanks.count ? word : " " + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// Terms and their explanations side by side, all explanations beginning in one column, indented by two blanks.
    package static func entries(_ entries: [(term: String, explanation: String)], width: Int) -> [String] {
        let margin = (entries.map(\.term.count).max() ?? 0) + 4
        return entries.flatMap { term, explanation in
            cell(explanation, width: max(20, width - margin)).enumerated().map { number, line in
                let start = number == 0 ? "  \(term)" : ""
                return start + String(repeating: " ", count: margin - start.count) + line
            }
        }
    }

    /// The lines of a cell: broken between words where that is possible, else within one.
    package static func cell(_ text: String, width: Int) -> [Substring] {
        var (lines, rest) = ([Substring](), text[...])
        // Not counted to its end: a name may be as long as a book.
        while !rest.dropFirst(width).isEmpty {
            let fitting = rest.prefix(width + 1)
            let end = fitting.lastIndex(of: " ").flatMap { $0 > fitting.startIndex ? $0 : nil }
            lines.append(rest[..<(end ?? fitting.index(before: fitting.endIndex))])
            rest = rest[(lines[lines.count - 1].endIndex)...]
            if end != nil { rest.removeFirst() }
        }
        return lines + [rest]
    }

    /// Words after `heading`, separated by two blanks; further lines begin below the first word.
    package static func line(_ heading: String, _ words: [String], width: Int) -> String {
        let indentation = String(repeating: " ", count: heading.count + 1)
        var lines: [String] = []
        var line = heading
        for word in words.map(\.visible) {
            let separator = line.count == heading.count && lines.isEmpty ? " " : "  "
            if line.count + separator.count + word.count > width, line.count > indentation.count {
                lines.append(line)
                line = indentation + word
            } else {
                line += separator + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
