/// A color that a terminal gives to a word, by the codes that all of them know (ECMA-48, "select graphic rendition").
package enum TextColor: Int, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case magenta = 35
    case cyan = 36

    /// The text in this color; it takes no more columns than before.
    package func painted(_ text: String) -> String {
        "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }
}
