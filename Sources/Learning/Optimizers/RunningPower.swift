/// The powers of a number, one after another, each correct to the last bit.
///
/// A running product in twice the precision (Dekker 1971): no mathematics library takes part, so every machine
/// gets the same bits, and they are those of a correctly rounded power.
struct RunningPower {
    private let base: Double
    private var high = 1.0
    private var low = 0.0

    init(of base: Double) {
        self.base = base
    }

    /// The next power; the first is the number itself.
    mutating func next() -> Double {
        let product = high * base
        let error = (-product).addingProduct(high, base)
        let rest = low * base + error
        high = product + rest
        low = rest - (high - product)
        return high
    }
}
