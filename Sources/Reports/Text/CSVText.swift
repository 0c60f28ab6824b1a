/// A CSV file as RFC 4180 has it: CRLF, quotes doubled, a header row.
struct CSVText {
    private(set) var text: String

    init(columns: [String]) {
        text = ""
        append(columns)
    }

    mutating func append(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { text += "," }
            text += Self.quoted(field)
        }
        text += "\r\n"
    }

    /// The text so far, which is then forgotten.
    mutating func takeText() -> String {
        defer { text = "" }
        return text
    }

    /// An exact number; what is not finite is an empty field.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return NumberText.exact(value)
    }

    static func number(_ value: Int?) -> String { value.map(String.init) ?? "" }

    /// What the empty field of a number that is not finite stands for.
    static func status(_ value: Double) -> String {
        if value.isFinite { return "ok" }
        return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }

    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
        return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
    }
}
