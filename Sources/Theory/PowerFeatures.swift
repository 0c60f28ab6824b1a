/// A model that is a sum of powers of one input, y = Σ θ_k x^p_k: linear in its parameters, so that its squared error is
/// quadratic in them.
package struct PowerFeatures: Sendable, Equatable {
    /// The exponent that belongs to each parameter.
    package let powers: [Int]

    /// - Precondition: no exponent is negative.
    package init(powers: [Int]) {
        precondition(powers.allSatisfy { $0 >= 0 }, "a feature has one of the exponents \(powers)")
        self.powers = powers
    }

    /// That of the model with this name; nil for every other model, of which the notebook has no exponents.
    package init?(model: String) {
        guard model == "quadratic" else { return nil }
        self.init(powers: [2, 0])
    }

    /// Σ θ_k x^p_k, each term multiplied from the left, as training does it.
    ///
    /// - Precondition: there is one value per power.
    package func prediction(_ parameters: [Double], at x: Double) -> Double {
        precondition(parameters.count == powers.count, "\(parameters.count) values for the exponents \(powers)")
        var sum = Self.term(parameters[0], x, powers[0])
        for index in powers.indices.dropFirst() { sum += Self.term(parameters[index], x, powers[index]) }
        return sum
    }

    /// The feature of one parameter, x^p; raised to the power `exponent`.
    package func feature(_ index: Int, at x: Double, raisedTo exponent: Int = 1) -> Double {
        Self.term(1, x, powers[index] * exponent)
    }

    /// What a sample adds to the trace of the Hessian, but for a factor: Σ x^(2 p_k).
    package func squaredSize(at x: Double) -> Double {
        var sum = feature(0, at: x, raisedTo: 2)
        for index in powers.indices.dropFirst() { sum += feature(index, at: x, raisedTo: 2) }
        return sum
    }

    private static func term(_ factor: Double, _ x: Double, _ power: Int) -> Double {
        (0..<power).reduce(factor) { product, _ in product * x }
    }
}

/// How data were scaled before training: x' = x / `xDivisor`, y' = (y - `yOffset`) / `yDivisor`.
package struct Units: Sendable, Equatable {
    package let xDivisor: Double
    package let yDivisor: Double
    package let yOffset: Double

    package init(xDivisor: Double, yDivisor: Double, yOffset: Double) {
        (self.xDivisor, self.yDivisor, self.yOffset) = (xDivisor, yDivisor, yOffset)
    }

    /// Whether training saw other units than the data's own.
    package var areScaled: Bool { xDivisor != 1 || yDivisor != 1 || yOffset != 0 }

    /// The parameters that give the same curve in the data's own units.
    ///
    /// y' = Σ θ_k x'^p_k is y = Σ (d θ_k / s^p_k) x^p_k + m with x' = x/s and y' = (y - m)/d; the offset goes to the
    /// parameter of x^0.
    ///
    /// - Precondition: there is one value per power.
    package func original(_ parameters: [Double], of features: PowerFeatures) -> [Double] {
        precondition(
            parameters.count == features.powers.count,
            "\(parameters.count) values for the exponents \(features.powers)")
        return zip(parameters, features.powers).map { value, power in
            guard power > 0 else { return yDivisor * value + yOffset }
            return yDivisor * value / (1..<power).reduce(xDivisor) { product, _ in product * xDivisor }
        }
    }
}
