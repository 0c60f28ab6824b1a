/// The parser's help, in which it leaves the line of usage as long as it is.
enum HelpText {
    /// The text with its usage broken between options.
    static func wrapped(_ text: String, width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.hasPrefix("USAGE: "), line.count > width else { return String(line) }
            return lines(line.matches(of: option).map { String($0.output) }, width: width)
        }.joined(separator: "\n")
    }

    /// An optional part in brackets, an option with its value, or a word.
    private static var option: Regex<Substring> { #/\[[^\]]*\]|--[^ ]+ <[^>]+>|[^ ]+/# }

    private static func lines(_ parts: [String], width: Int) -> String {
        var lines = [parts[0]]
        for part in parts.dropFirst() {
            let line = lines[lines.count - 1]
            if line.count + 1 + part.count <= width {
                lines[lines.count - 1] = "\(line) \(part)"
            } else {
                lines.append("  \(part)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
