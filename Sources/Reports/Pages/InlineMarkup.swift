import TextFormats

/// A line of the report's Markdown as HTML: code, emphasis, links and escapes.
enum InlineMarkup {
    static func html(_ markdown: String) -> String {
        var rest = Substring(markdown)
        var text = ""
        var isStrong = false
        var isEmphasis = false
        while let character = rest.first {
            if rest.hasPrefix("\\"), rest.count > 1 {
                text += MarkupText.escaped(String(rest.dropFirst().prefix(1)))
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("`"), let end = rest.dropFirst().firstIndex(of: "`") {
                text += "<code>\(MarkupText.escaped(String(rest[..<end].dropFirst())))</code>"
                rest = rest[end...].dropFirst()
            } else if rest.hasPrefix("**") {
                text += isStrong ? "</strong>" : "<strong>"
                isStrong.toggle()
                rest = rest.dropFirst(2)
            } else if character == "*", isEmphasis || !rest.hasPrefix("* ") {
                text += isEmphasis ? "</em>" : "<em>"
                isEmphasis.toggle()
                rest = rest.dropFirst()
            } else if let link = Link(rest) {
                text += "<a href=\"\(MarkupText.escaped(link.target))\">\(html(link.text))</a>"
                rest = link.rest
            } else if let entity = ["&lt;", "&gt;", "&amp;"].first(where: rest.hasPrefix) {
                text += entity
                rest = rest.dropFirst(entity.count)
            } else {
                text += MarkupText.escaped(String(character))
                rest = rest.dropFirst()
            }
        }
        return text
    }

    /// `[text](#target)`: reports link to nothing but their own parts.
    private struct Link {
        let text: String
        let target: String
        let rest: Substring

        init?(_ markdown: Substring) {
            guard markdown.hasPrefix("["), let middle = markdown.firstRange(of: "](#"),
                let end = markdown[middle.upperBound...].firstIndex(of: ")")
            else { return nil }
            text = String(markdown[..<middle.lowerBound].dropFirst())
            target = "#" + markdown[middle.upperBound..<end]
            rest = markdown[end...].dropFirst()
        }
    }
}
