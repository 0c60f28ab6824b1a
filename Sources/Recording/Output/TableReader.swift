/// Finds tables: a line of words, and below it lines with a number for each.
///
/// A line is a header as soon as a row follows; until then it is a line like others.
struct TableReader: Sendable {
    private var columns: [[String]] = []

    /// Whether the line may be a header, which is kept.
    mutating func takeHeader(_ text: String) -> Bool {
        // Most lines have values, which names of columns have not.
        guard !text.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") }) else { return false }
        // As NumPy writes it.
        let names = text.first == "#" ? String(Substring(text.dropFirst()).trimmed) : text
        let candidates = [Self.fields(names, apart: 1), Self.fields(names, apart: 2)].filter(Self.isHeader)
        guard !candidates.isEmpty else { return false }
        columns = candidates
        return true
    }

    /// Forgets the table: something else came.
    mutating func close() {
        columns = []
    }

    /// Whether it only separates a header from its rows.
    static func isRule(_ text: String) -> Bool {
        text.utf8.count >= 3 && text.allSatisfy { "#-=+|_ :─━═│".contains($0) } && text.contains { $0 != " " }
    }

    /// The columns' names with the row's fields; nil if it is no row of the table above.
    mutating func row(_ text: String) -> [(name: String, number: PrintedNumber?, text: String)]? {
        guard !columns.isEmpty else { return nil }
        let fields = Self.fields(text, apart: 1)
        guard let names = columns.first(where: { $0.count == fields.count }) else { return nil }
        let row = zip(names, fields).map { name, field in
            (name: name.split(separator: " ").joined(separator: "_"), number: Self.number(field), text: field)
        }
        // The first field counts, and most of the others are numbers.
        guard let first = row.first, first.number != nil, row.count(where: { $0.number != nil }) * 2 > row.count else {
            return nil
        }
        columns = [names]
        return row
    }

    // MARK: - Internals

    private static func isHeader(_ fields: [String]) -> Bool {
        guard fields.count >= 2, fields.count <= 40, Set(fields).count == fields.count else { return false }
        let areNames = fields.allSatisfy { field in
            field.first?.isLetter == true && field.utf8.count <= 40
                && !field.split(separator: " ").contains { $0.first?.isNumber == true }
                && field.allSatisfy { $0.isLetter || $0.isNumber || " _/.@%()-".contains($0) }
        }
        // A sentence may have as many words as the line below has numbers.
        guard areNames, !fields.contains(where: { MetricWords.prose.contains($0.lowercased()) }) else { return false }
        return fields.contains { MetricWords.isMetric($0) }
            && (fields.contains { MetricWords.stepRank($0) != nil } || fields.count > 2)
    }

    /// Between bars, commas or tabs if there are any, else at least so many blanks.
    private static func fields(_ text: String, apart: Int) -> [String] {
        for separator: Character in ["|", "│", "\t", ","] where text.contains(separator) {
            let fields = text.split(
                separator: separator, omittingEmptySubsequences: separator == "|" || separator == "│")
            return fields.map { String($0.trimmed) }.filter { separator == "," || !$0.isEmpty }
        }
        if apart == 1 { return text.split(separator: " ").map(String.init) }
        var fields: [String] = []
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if word.isEmpty {
                fields.append("")
            } else if let last = fields.last, !last.isEmpty {
                fields[fields.count - 1] += " \(word)"
            } else {
                fields.append(String(word))
            }
        }
        return fields.filter { !$0.isEmpty }
    }

    private static func number(_ field: String) -> PrintedNumber? {
        let bytes = Array(field.utf8)
        guard case (.number(var number), let count) = PrintedNumber.read(bytes[...]) else { return nil }
        if count == bytes.count { return number }
        let unit = String(decoding: bytes[count...], as: UTF8.self)
        guard Units.isUnit(unit) else { return nil }
        number.unit = unit
        return number
    }
}
