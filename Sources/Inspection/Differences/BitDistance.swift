/// How far two numbers are apart, counted in representable numbers between them (units in the last place).
enum BitDistance {
    /// Nil if one of them is NaN and the other is not the same bits.
    static func ulps(_ a: Double, _ b: Double) -> UInt64? {
        if a.bitPattern == b.bitPattern { return 0 }
        guard !a.isNaN, !b.isNaN else { return nil }
        return distance(ordered(a.bitPattern, signBit: 1 << 63), ordered(b.bitPattern, signBit: 1 << 63))
    }

    /// The same among 32-bit numbers.
    static func ulps(_ a: Float, _ b: Float) -> UInt64? {
        if a.bitPattern == b.bitPattern { return 0 }
        guard !a.isNaN, !b.isNaN else { return nil }
        return distance(
            ordered(UInt64(a.bitPattern), signBit: 1 << 31), ordered(UInt64(b.bitPattern), signBit: 1 << 31))
    }

    /// IEEE numbers of one sign are in the order of their bits.
    private static func ordered(_ bits: UInt64, signBit: UInt64) -> (isNegative: Bool, magnitude: UInt64) {
        (bits & signBit != 0, bits & (signBit - 1))
    }

    /// From -0.0 to 0.0 it is one step, because their bits differ.
    private static func distance(
        _ a: (isNegative: Bool, magnitude: UInt64), _ b: (isNegative: Bool, magnitude: UInt64)
    ) -> UInt64 {
        guard a.isNegative == b.isNegative else { return a.magnitude + b.magnitude + 1 }
        return max(a.magnitude, b.magnitude) - min(a.magnitude, b.magnitude)
    }
}
