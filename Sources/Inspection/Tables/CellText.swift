import TextFormats
package import Tracking

/// A value as text.
struct CellText {
    /// For a cell of a table or of Markdown; nothing stands for NULL.
    static func plain(_ value: SQLValue) -> String {
        switch value {
        case .null: ""
        case .integer(let integer): String(integer)
        case .real(let number): real(number)
        case .text(let text): text
        case .blob(let bytes): hexadecimal(bytes)
        }
    }

    /// The same, but of a text or of bytes longer than a page only the beginning, with the whole length.
    static func short(_ value: SQLValue) -> String {
        switch value {
        case .text(let text) where text.utf8.count > longest:
            // Characters are counted only where there may be too many: a cell may hold megabytes.
            let count = text.count
            return count > longest ? "\(text.prefix(shownOfLong))… (\(count) characters)" : text
        case .blob(let bytes) where bytes.count * 2 > longest:
            return "\(hexadecimal(Array(bytes.prefix(shownOfLong / 2))))… (\(bytes.count) bytes)"
        default: return plain(value)
        }
    }

    /// A name that a program gave, for a table of which it is one column among others.
    static func name(_ text: String) -> String {
        let text = text.visible
        return text.count > longestName ? "\(text.prefix(longestName - 1))…" : text
    }

    private static let longestName = 40

    /// So many characters are about a page of 80 columns; what stands in a notebook is shorter.
    private static let longest = 4000
    private static let shownOfLong = 200

    /// The shortest text that reads back to the same bits, or a word for what is no number.
    static func real(_ number: Double) -> String {
        number.isFinite ? NumberText.exact(number) : NumberText.status(number)
    }

    /// Six significant digits, for a glance.
    static func glance(_ number: Double) -> String {
        let exact = real(number)
        return exact.count > 8 ? NumberText.rounded(number, digits: 6) : exact
    }

    /// As JSON has it; what is not finite is a text, and null is what is not there.
    static func json(_ value: SQLValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let integer): String(integer)
        case .real(let number): number.isFinite ? NumberText.json(number) : quoted(NumberText.json(number))
        case .text(let text): quoted(text)
        case .blob(let bytes): quoted(hexadecimal(bytes))
        }
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.visibleJSON + "\""
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension SQLValue {
    var isNumber: Bool {
        switch self {
        case .integer, .real: true
        default: false
        }
    }
}

extension SQLValue {
    package static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    package static func optional(_ integer: Int?) -> SQLValue { integer.map { .integer(Int64($0)) } ?? .null }
    package static func optional(_ number: Double?) -> SQLValue { number.map { .real($0) } ?? .null }
}

/// Two long values cut to the place where they begin to differ, for the cells of a table.
package enum TextDifference {
    /// So many characters of a text are shown, some of them before the difference.
    private static let width = 22
    private static let lead = 8

    /// The two values, texts and bytes cut where they do not fit; `…` stands for what was left out.
    package static func shortened(_ first: SQLValue, _ second: SQLValue) -> (SQLValue, SQLValue) {
        let texts = [first, second].map { Array(text($0) ?? "") }
        let shared = zip(texts[0], texts[1]).prefix { $0 == $1 }.count
        return (cut(first, at: shared), cut(second, at: shared))
    }

    private static func text(_ value: SQLValue) -> String? {
        switch value {
        case .text, .blob: CellText.plain(value)
        case .null, .integer, .real: nil
        }
    }

    private static func cut(_ value: SQLValue, at place: Int) -> SQLValue {
        guard let text = text(value), text.count > width else { return value }
        let start = max(0, min(place - lead, text.count - width))
        let shown = text.dropFirst(start).prefix(width)
        return .text((start > 0 ? "…" : "") + shown + (start + width < text.count ? "…" : ""))
    }
}
