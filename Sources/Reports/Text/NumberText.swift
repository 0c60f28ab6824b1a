import Foundation

/// Numbers as text, the same on every machine.
enum NumberText {
    /// The shortest text that reads back to the same bits; without a fraction where there is none.
    static func exact(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// For people: four significant digits, or a word for what is no number.
    static func rounded(_ value: Double, digits: Int = 4) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        return String(format: "%.\(digits)g", locale: nil, value)
    }

    static func rounded(_ value: Double?, digits: Int = 4) -> String {
        value.map { rounded($0, digits: digits) } ?? ""
    }

    /// With a fixed number of decimals.
    static func fixed(_ value: Double, decimals: Int) -> String {
        value.isFinite ? String(format: "%.\(decimals)f", locale: nil, value) : rounded(value)
    }
}
