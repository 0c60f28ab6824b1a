/// Settings as programs repeat them: `Namespace(lr=0.1, seed=3)`, `TrainConfig(model='gpt', depth=12)`.
struct ConfigurationText {
    private(set) var settings: [RecognizedSetting] = []

    /// Nil if the text is no call with named values only.
    init?(_ text: Substring) {
        let name = text.prefix { $0.isLetter || $0.isNumber || "_.".contains($0) }
        let rest = text.dropFirst(name.count)
        guard name.first?.isLetter == true, rest.first == "(", rest.last == ")" else { return nil }
        for part in Self.parts(rest.dropFirst().dropLast()) {
            guard let sign = part.firstIndex(of: "=") else { return nil }
            let key = part[..<sign].filter { $0 != " " }
            guard let first = key.first, first.isLetter || first == "_",
                key.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
            else { return nil }
            settings.append(
                RecognizedSetting(name: key, text: String(part[part.index(after: sign)...].drop { $0 == " " })))
        }
        guard !settings.isEmpty else { return nil }
    }

    /// What stands between the commas that are in no brackets and no quotes.
    private static func parts(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var depth = 0
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            switch character {
            case "'", "\"": quote = character
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            case "," where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        parts.append(text[start...])
        return parts.map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
    }
}
