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
