extension TorchStream {
    /// Draws values in [0, 1) (`torch.rand`): multiples of 2^-24 for Float, of 2^-53 for Double.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func rand<Scalar: TorchScalar>(_ count: Int, as scalar: Scalar.Type = Scalar.self) -> [Scalar] {
        precondition(count >= 0, "the number of values must be at least 0, not \(count)")
        return (0..<count).map { _ in Scalar.unitUniform(from: &generator) }
    }

    /// Draws `low + u * (high - low)` with `u` as in ``rand(_:as:)`` (`uniform_`).
    ///
    /// Both bounds are first rounded to `Scalar`; the product and the sum are then one fused operation.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func uniform<Scalar: TorchScalar>(
        _ low: Double, _ high: Double, count: Int, as scalar: Scalar.Type = Scalar.self
    ) -> [Scalar] {
        precondition(low <= high, "the lower bound must not exceed the upper one: \(low) > \(high)")
        let start = Scalar(low)
        let width = Scalar(high) - start
        return rand(count, as: scalar).map { start.addingProduct($0, width) }
    }
}
