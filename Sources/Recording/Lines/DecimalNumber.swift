/// The nearest double to a decimal number, without the arithmetic of arbitrary length that few numbers need.
///
/// Exact in every case that it takes: a mantissa below 2^53 with a power of ten that a double holds is one rounded
/// operation (Clinger, "How to read floating point numbers accurately", 1990); otherwise 10^k is 5^k 2^k, 5^27 fits in 64 bits,
/// and the quotient or product of two 64-bit integers is rounded once, with the remainder as the sticky bit.
enum DecimalNumber {
    /// `mantissa` times 10^`exponent`; nil for exponents that this cannot do.
    @inline(__always)
    static func nearest(_ mantissa: UInt64, exponent: Int) -> Double? {
        if mantissa == 0 { return 0 }
        if mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
            return exponent < 0 ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
        }
        guard exponent >= -27, exponent <= 27 else { return nil }
        return exponent < 0 ? quotient(mantissa, -exponent) : product(mantissa, exponent)
    }

    private static func quotient(_ mantissa: UInt64, _ power: Int) -> Double {
        let divisor = powersOfFive[power]
        let (zeros, divisorZeros) = (mantissa.leadingZeroBitCount, divisor.leadingZeroBitCount)
        let (high, low) = (mantissa << zeros, divisor << divisorZeros)
        // Either way the quotient has its first bit set.
        let isLarger = high >= low
        let (bits, remainder) =
            isLarger ? low.dividingFullWidth((high >> 1, high << 63)) : low.dividingFullWidth((high, 0))
        let exponent = divisorZeros - zeros - power - (isLarger ? 63 : 64)
        return rounded(bits, hasRest: remainder != 0, exponent: exponent)
    }

    private static func product(_ mantissa: UInt64, _ power: Int) -> Double {
        let (high, low) = mantissa.multipliedFullWidth(by: powersOfFive[power])
        if high == 0 {
            let zeros = low.leadingZeroBitCount
            return rounded(low << zeros, hasRest: false, exponent: power - zeros)
        }
        let zeros = high.leadingZeroBitCount
        let bits = zeros == 0 ? high : high << zeros | low >> (64 - zeros)
        return rounded(bits, hasRest: low << zeros != 0, exponent: power + 64 - zeros)
    }

    /// `bits`, the first of which is set, times 2^`exponent`, to nearest and ties to even; never subnormal nor infinite here.
    private static func rounded(_ bits: UInt64, hasRest: Bool, exponent: Int) -> Double {
        var significand = bits >> 11
        let rest = bits & 0x7FF
        if rest > 0x400 || rest == 0x400 && (hasRest || significand & 1 == 1) { significand += 1 }
        return Double(significand) * Double(bitPattern: UInt64(1023 + exponent + 11) << 52)
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    private static let powersOfFive: [UInt64] = (0...27).map { (0..<$0).reduce(1) { power, _ in power * 5 } }
}
