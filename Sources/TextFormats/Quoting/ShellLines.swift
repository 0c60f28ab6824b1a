/// A command line in several lines that a shell reads as one.
package enum ShellLines {
    /// Breaks between words, each line but the last ending with a backslash; a quoted word that is too long is broken
    /// at its blanks, one quotation ending and the next beginning.
    ///
    /// - Precondition: blanks within words are in single quotes, as `quotedForShell` writes them.
    package static func wrapped(_ command: String, width: Int) -> String {
        var lines: [String] = []
        var line = ""
        for word in words(of: command) {
            if line.isEmpty {
                line = word
            } else if line.count + 1 + word.count + 2 <= width {
                line += " " + word
            } else {
                lines.append(line + " \\")
                let pieces = pieces(of: word, width: width)
                lines += pieces.dropLast()
                line = pieces[pieces.count - 1]
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }

    private static func words(of command: String) -> [String] {
        var words = [""]
        var isQuoted = false
        var last: Unicode.Scalar?
        for scalar in command.unicodeScalars {
            if scalar == "'", isQuoted || last != "\\" { isQuoted.toggle() }
            if scalar == " " && !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].unicodeScalars.append(scalar)
            }
            last = scalar
        }
        return words.filter { !$0.isEmpty }
    }

    /// The word with two blanks before it; what follows a break stands at the line's beginning, where the word continues.
    private static func pieces(of word: String, width: Int) -> [String] {
        guard word.count + 4 > width else { return ["  " + word] }
        var lines: [String] = []
        var line = "  "
        for (number, part) in word.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if number > 0, line.count + 1 + part.count + 3 > width {
                lines.append(line + " '\\")
                line = "'" + part
            } else {
                line += number > 0 ? " " + part : part
            }
        }
        return lines + [line]
    }
}
