import TextFormats
import Tracking

/// A value as text.
struct CellText {
    /// For a cell of a table or of Markdown; nothing stands for NULL.
    static func plain(_ value: QueryValue) -> String {
        switch value {
        case .null: ""
        case .integer(let integer): String(integer)
        case .real(let number): real(number)
        case .text(let text): text
        case .blob(let bytes): hexadecimal(bytes)
        }
    }

    /// The shortest text that reads back to the same bits, or a word for what is no number.
    static func real(_ number: Double) -> String {
        number.isFinite ? NumberText.exact(number) : NumberText.status(number)
    }

    /// Six significant digits, for a glance.
    static func glance(_ number: Double) -> String {
        let exact = real(number)
        return exact.count > 8 ? NumberText.rounded(number, digits: 6) : exact
    }

    /// As JSON has it; what is not finite is null, because JSON has no word for it.
    static func json(_ value: QueryValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let integer): String(integer)
        case .real(let number): number.isFinite ? NumberText.exact(number) : "null"
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
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// One line that cannot move a terminal's cursor or change its colors.
    static func harmless(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension QueryValue {
    var isNumber: Bool {
        switch self {
        case .integer, .real: true
        default: false
        }
    }
}
