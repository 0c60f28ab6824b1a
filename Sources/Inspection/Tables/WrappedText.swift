/// Text in lines of limited width.
package enum WrappedText {
    /// A sentence in lines that break between its words, all but the first indented by two blanks.
    package static func paragraph(_ text: String, width: Int) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = "  " + word
            } else {
                line += line.isEmpty ? String(word) : " " + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// Words after `heading`, separated by two blanks; further lines begin below the first word.
    package static func line(_ heading: String, _ words: [String], width: Int) -> String {
        let indentation = String(repeating: " ", count: heading.count + 1)
        var lines: [String] = []
        var line = heading
        for word in words {
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
