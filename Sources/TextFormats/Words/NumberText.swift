import Foundation

/// Numbers as text, the same on every machine and in every locale.
package enum NumberText {
    /// The shortest text that reads back to the same bits, without a fraction where there is none.
    package static func exact(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// With so many significant digits, or a word for what is no number.
    package static func rounded(_ value: Double, digits: Int = 4) -> String {
        guard value.isFinite else { return status(value) }
        guard value != 0 else { return "0" }
        return rounded(value, decimalPlace: decimalExponent(value) - digits + 1)
    }

    /// With a fixed number of decimals, or a word for what is no number.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        value.isFinite ? String(format: "%.\(decimals)f", locale: nil, value) : status(value)
    }

    /// Values that belong together, an interval and its estimate, rounded at one decimal place: the one that leaves
    /// their spread two significant digits.
    ///
    /// A value far below the spread still keeps two digits of its own, and none gets more than six.
    package static func together(_ values: [Double]) -> [String] {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max(), high > low else { return values.map { rounded($0) } }
        let place = decimalExponent(high - low) - 1
        return values.map { value in
            guard value.isFinite else { return status(value) }
            guard value != 0 else { return "0" }
            let own = decimalExponent(value)
            return rounded(value, decimalPlace: max(own - 5, min(own - 1, place)))
        }
    }

    /// A number of steps, whole.
    package static func steps(_ value: Double) -> String {
        fixed(value, decimals: 0)
    }

    /// What a number is: `ok`, `nan`, `inf` or `-inf`.
    package static func status(_ value: Double) -> String {
        if value.isFinite { return "ok" }
        return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
    }

    /// As JSON has it, to the last bit: a number, or one of the texts `"NaN"`, `"Infinity"` and `"-Infinity"` without the
    /// quotes, for which JSON has no number.
    ///
    /// -0 has a fraction: readers that tell whole numbers from others, such as Python's, take `-0` for 0.
    package static func json(_ value: Double) -> String {
        if value == 0, value.sign == .minus { return "-0.0" }
        if value.isFinite { return exact(value) }
        return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }

    /// Rounded at the decimal 10^place, which is at or below the value's own first digit; written with an exponent
    /// where plain digits would be mostly zeros.
    private static func rounded(_ value: Double, decimalPlace place: Int) -> String {
        let own = decimalExponent(value)
        if (-4..<7).contains(own) { return fixed(value, decimals: max(0, -place)) }
        return String(format: "%.\(own - place)e", locale: nil, value)
    }

    /// Of the first significant digit: 0 for 1...9.99, -2 for 0.05.
    private static func decimalExponent(_ value: Double) -> Int {
        let text = String(format: "%.16e", locale: nil, value)
        return text.split(separator: "e").last.flatMap { Int($0) } ?? 0
    }
}

extension Double {
    /// Reads a number as people write it: digits, a point, an exponent; nil for anything else.
    ///
    /// Swift's own reader also takes `0x1p-3`, `nan` and `infinity`, which in a setting or a data file are
    /// typos. What is too large for 64 bits is infinite.
    package init?(decimal text: String) {
        let isDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal else { return nil }
        self.init(text)
    }
}
