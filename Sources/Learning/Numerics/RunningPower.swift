/// The powers of a number, one after another, each correct to the last bit.
struct RunningPower {
    private var base = 1.0
    private var exponent = 0
    private var power = DoubleDouble(1)

    /// The base to the power of 1 at the first call, 2 at the second, and so on.
    ///
    /// It costs one product while the base stays what it was, otherwise as many as the exponent has digits.
    mutating func next(of base: Double) -> Double {
        exponent += 1
        if base == self.base {
            power = power * DoubleDouble(base)
        } else {
            self.base = base
            power = DoubleDouble(base).raised(to: exponent)
        }
        return power.high
    }
}
