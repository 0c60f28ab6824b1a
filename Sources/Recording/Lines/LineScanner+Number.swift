extension LineScanner {
    /// Longer literals are refused: no program prints them, and reading them takes time.
    static let longestNumber = 1000

    /// A number of RFC 8259, or one of the words NaN, Infinity and -Infinity.
    ///
    /// Digits alone that fit in 64 bits are an integer, but -0 is -0.0; anything else is the nearest double, which is infinite
    /// for 1e999.
    @inline(__always)
    mutating func number() throws(LineError) -> LoggedValue {
        let start = place
        let isNegative = take(UInt8(ascii: "-"))
        if let word = wordNumber(isNegative: isNegative) { return .real(word) }

        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var isWhole = true
        guard isDigit(peek) else { throw unexpected("a value") }
        if peek == UInt8(ascii: "0") {
            place += 1
            guard !isDigit(peek) else { throw LineError("a number begins with 0\(character), which JSON has not") }
        } else {
            addDigits(to: &mantissa, &digits, &exponent, isFraction: false)
        }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard isDigit(peek) else { throw unexpected("a digit after the point") }
            addDigits(to: &mantissa, &digits, &exponent, isFraction: true)
        }
        if peek | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            place += 1
            try addExponent(to: &exponent)
        }
        let isCut = digits > 19
        if isWhole, !isCut, let integer = Self.integer(mantissa, isNegative: isNegative) { return .integer(integer) }
        if !isCut, let value = DecimalNumber.nearest(mantissa, exponent: exponent) {
            return .real(isNegative ? -value : value)
        }
        return .real(try nearest(from: start))
    }

    // MARK: - Internals

    @inline(__always)
    private mutating func addDigits(
        to mantissa: inout UInt64, _ digits: inout Int, _ exponent: inout Int, isFraction: Bool
    ) {
        // In registers, not in the scanner.
        var (next, sum, counted, power) = (place, mantissa, digits, exponent)
        while next < bytes.count {
            let digit = bytes.load(fromByteOffset: next, as: UInt8.self) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            // Zeros in front count nothing; from 20 digits on the text is read again.
            if counted < 19 {
                sum = sum &* 10 &+ UInt64(digit)
                if isFraction { power &-= 1 }
            }
            if sum > 0 { counted &+= 1 }
            next &+= 1
        }
        (place, mantissa, digits, exponent) = (next, sum, counted, power)
    }

    private mutating func addExponent(to exponent: inout Int) throws(LineError) {
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative || peek == UInt8(ascii: "+") { place += 1 }
        guard isDigit(peek) else { throw unexpected("a digit of the exponent") }
        var power = 0
        while isDigit(peek) {
            if power < 100_000 { power = power * 10 + Int(peek &- UInt8(ascii: "0")) }
            place += 1
        }
        exponent += isNegative ? -power : power
    }

    @inline(__always)
    private static func integer(_ magnitude: UInt64, isNegative: Bool) -> Int64? {
        if !isNegative { return Int64(exactly: magnitude) }
        if magnitude == 0 { return nil }
        if magnitude == 1 << 63 { return .min }
        return Int64(exactly: magnitude).map { -$0 }
    }

    @inline(__always)
    private mutating func wordNumber(isNegative: Bool) -> Double? {
        switch peek {
        case UInt8(ascii: "N") where !isNegative: takeWord("NaN") ? .nan : nil
        case UInt8(ascii: "I"): takeWord("Infinity") ? isNegative ? -.infinity : .infinity : nil
        default: nil
        }
    }

    private func nearest(from start: Int) throws(LineError) -> Double {
        guard place - start <= Self.longestNumber else {
            throw LineError("a number has \(place - start) characters; \(Self.longestNumber) are the most")
        }
        // Never nil: the grammar was checked.
        return Double(text(start..<place)) ?? .nan
    }
}
