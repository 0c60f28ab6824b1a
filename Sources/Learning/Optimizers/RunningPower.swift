/// The powers of a number, one after another, each correct to the last bit.
///
/// A running product in twice the precision (Dekker 1971): no mathematics library takes part, so every machine
/// gets the same bits, and they are those of a correctly rounded power.
struct RunningPower {
    private var base = 1.0
    private var exponent = 0
    private var power = Pair(high: 1, low: 0)

    /// The base to the power of 1 at the first call, 2 at the second, and so on.
    ///
    /// It costs one product while the base stays what it was, otherwise as many as the exponent has digits.
    mutating func next(of base: Double) -> Double {
        exponent += 1
        if base == self.base {
            power = power * Pair(high: base, low: 0)
        } else {
            self.base = base
            power = Pair(high: base, low: 0).raised(to: exponent)
        }
        return power.high
    }

    /// The sum of two numbers of which the second is below the first's last bit.
    private struct Pair {
        let high: Double
        let low: Double

        static func * (a: Pair, b: Pair) -> Pair {
            let product = a.high * b.high
            let error = (-product).addingProduct(a.high, b.high)
            let rest = a.low * b.high + a.high * b.low + error
            let high = product + rest
            return Pair(high: high, low: rest - (high - product))
        }

        func raised(to exponent: Int) -> Pair {
            var result = Pair(high: 1, low: 0)
            var square = self
            var digits = exponent
            while digits > 0 {
                if digits & 1 == 1 { result = result * square }
                square = square * square
                digits >>= 1
            }
            return result
        }
    }
}
