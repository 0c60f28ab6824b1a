/// A number as a program printed it: its value, its digits, and its unit.
package struct PrintedNumber: Sendable, Equatable {
    /// An integer where only digits are printed and 64 bits hold them, else the nearest double.
    package let value: LoggedValue
    package let precision: PrintedPrecision
    /// What stands behind it, such as `ms`; the value is not converted.
    package var unit: String?
}

/// How exactly a number is printed: two programs agree if they agree in these digits.
package struct PrintedPrecision: Sendable, Equatable {
    /// From the first digit that is not 0; 0 for 0.00, NaN and infinities.
    package let significantDigits: Int
    /// The power of ten of the last digit: -4 for 3.2800, 1 for 12e1; nil for NaN and infinities.
    package let lastPlace: Int?
}

/// What stands where a number may be.
enum PrintedToken: Equatable {
    case number(PrintedNumber)
    /// A comma that may stand between thousands or before decimals.
    case ambiguous
    case other
}

extension PrintedNumber {
    /// Reads digits, a fraction, an exponent, NaN or an infinity at the start of the text, and says how many bytes it took.
    static func read(_ text: ArraySlice<UInt8>) -> (token: PrintedToken, count: Int) {
        if let word = readWord(text) { return word }
        var place = text.startIndex
        if place < text.endIndex, text[place] == UInt8(ascii: "-") || text[place] == UInt8(ascii: "+") { place += 1 }
        let whole = text[place...].prefix(while: isDigit)
        place += whole.count
        var fraction: ArraySlice<UInt8> = []
        var groups: [ArraySlice<UInt8>] = []
        if !whole.isEmpty { groups = Self.groups(text[place...]) }
        place += groups.reduce(0) { $0 + 1 + $1.count }
        if place < text.endIndex, text[place] == UInt8(ascii: ".") {
            fraction = text[(place + 1)...].prefix(while: isDigit)
            guard !fraction.isEmpty || !whole.isEmpty else { return (.other, 0) }
            // A point at the end of a sentence is none of the number's, but 5. is what some print for 5.0.
            if !fraction.isEmpty || isFollowedByBlank(text, place + 1) && place + 1 < text.endIndex {
                place += 1 + fraction.count
            }
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return (.other, 0) }
        let hasPoint = text[text.startIndex..<place].contains(UInt8(ascii: "."))
        let exponentStart = place
        let exponent = readExponent(text, &place)
        if !groups.isEmpty, !isGrouped(whole, groups, hasPoint: hasPoint) {
            return (.ambiguous, place - text.startIndex)
        }

        let digits = Array(whole) + groups.joined() + Array(fraction)
        var plain = String(decoding: text[..<exponentStart].filter { $0 != UInt8(ascii: ",") }, as: UTF8.self)
        let isInteger = !hasPoint && exponentStart == place
        plain += String(decoding: text[exponentStart..<place], as: UTF8.self)
        guard plain.utf8.count <= 400, let double = Double(plain.hasSuffix(".") ? plain + "0" : plain) else {
            return (.other, 0)
        }
        let value: LoggedValue = isInteger ? Int64(plain).map(LoggedValue.integer) ?? .real(double) : .real(double)
        let precision = PrintedPrecision(
            significantDigits: digits.drop { $0 == UInt8(ascii: "0") }.count, lastPlace: exponent - fraction.count)
        // -0 is no integer.
        let isNegativeZero = value == .integer(0) && double.sign == .minus
        return (
            .number(PrintedNumber(value: isNegativeZero ? .real(double) : value, precision: precision)),
            place - text.startIndex
        )
    }

    // MARK: - Internals

    static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func readWord(_ text: ArraySlice<UInt8>) -> (token: PrintedToken, count: Int)? {
        let sign = text.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") ? 1 : 0 } ?? 0
        let letters = text.dropFirst(sign).prefix { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
        guard letters.count == 3 || letters.count == 8 else { return nil }
        let isNegative = text.first == UInt8(ascii: "-")
        let value: Double
        switch String(decoding: letters, as: UTF8.self).lowercased() {
        // Linux's printf has a sign for NaN, which says nothing.
        case "nan": value = .nan
        case "inf", "infinity": value = isNegative ? -.infinity : .infinity
        default: return nil
        }
        let precision = PrintedPrecision(significantDigits: 0, lastPlace: nil)
        return (.number(PrintedNumber(value: .real(value), precision: precision)), sign + letters.count)
    }

    /// Groups of digits, each behind a comma.
    private static func groups(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var groups: [ArraySlice<UInt8>] = []
        var rest = text
        while rest.first == UInt8(ascii: ",") {
            let digits = rest.dropFirst().prefix(while: isDigit)
            guard !digits.isEmpty else { break }
            groups.append(digits)
            rest = rest.dropFirst(1 + digits.count)
        }
        return groups
    }

    /// Whether commas can only stand between thousands: there are two of them, or a point comes behind them.
    private static func isGrouped(_ whole: ArraySlice<UInt8>, _ groups: [ArraySlice<UInt8>], hasPoint: Bool) -> Bool {
        (1...3).contains(whole.count) && whole.first != UInt8(ascii: "0") && groups.allSatisfy { $0.count == 3 }
            && (hasPoint || groups.count > 1)
    }

    private static func isFollowedByBlank(_ text: ArraySlice<UInt8>, _ place: Int) -> Bool {
        place >= text.endIndex || text[place] == 0x20 || text[place] == UInt8(ascii: ",")
            || text[place] == UInt8(ascii: "]")
    }

    private static func readExponent(_ text: ArraySlice<UInt8>, _ place: inout Int) -> Int {
        guard place < text.endIndex, text[place] | 0x20 == UInt8(ascii: "e") else { return 0 }
        var digitsStart = place + 1
        let hasSign =
            digitsStart < text.endIndex
            && (text[digitsStart] == UInt8(ascii: "-") || text[digitsStart] == UInt8(ascii: "+"))
        if hasSign { digitsStart += 1 }
        let digits = text[min(digitsStart, text.endIndex)...].prefix(while: isDigit)
        guard !digits.isEmpty, digits.count <= 4, let power = Int(String(decoding: digits, as: UTF8.self)) else {
            return 0
        }
        place = digitsStart + digits.count
        return text[digitsStart - 1] == UInt8(ascii: "-") ? -power : power
    }
}
