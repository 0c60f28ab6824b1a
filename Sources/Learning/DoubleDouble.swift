/// A number with twice the digits of binary64, for products that are rounded once (Dekker 1971).
///
/// No mathematics library takes part, so every machine gets the same bits, and they are those of a correctly rounded
/// power.
struct DoubleDouble {
    /// The number, rounded.
    let high: Double
    /// What rounding left out.
    private let low: Double

    init(_ number: Double) {
        self.init(high: number, low: 0)
    }

    private init(high: Double, low: Double) {
        self.high = high
        self.low = low
    }

    static func * (a: Self, b: Self) -> Self {
        let product = a.high * b.high
        guard product.isFinite else { return DoubleDouble(product) }
        let error = (-product).addingProduct(a.high, b.high)
        let rest = a.low * b.high + a.high * b.low + error
        let high = product + rest
        return DoubleDouble(high: high, low: rest - (high - product))
    }

    /// The power by repeated squaring, with as many products as the exponent has digits.
    func raised(to exponent: Int) -> Self {
        precondition(exponent >= 0, "the exponent must be at least 0, not \(exponent)")
        var result = DoubleDouble(1)
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

extension Double {
    /// This number to a whole power of at least 0, correct to the last bit.
    func raised(to exponent: Int) -> Double {
        DoubleDouble(self).raised(to: exponent).high
    }
}

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
