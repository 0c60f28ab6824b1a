import RealModule

extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The exponential function.
    static var exp: Self {
        Self(
            .exp, "ExpBackward", saving: .output, forward: { $0.mapped(Scalar.exp) },
            derivative: { $0.toFirst($0.gradient * $0.output) })
    }

    /// e^x - 1, exact near 0.
    static var expMinusOne: Self {
        Self(
            .expMinusOne, "Expm1Backward", saving: .output, forward: { $0.mapped(Scalar.expMinusOne) },
            derivative: { $0.toFirst($0.gradient * ($0.output + 1)) })
    }

    /// The natural logarithm.
    static var log: Self {
        Self(
            .log, "LogBackward", saving: .first, forward: { $0.mapped { Scalar.log($0) } },
            derivative: { $0.toFirst($0.gradient / $0.first) })
    }

    /// ln(1 + x), exact near 0.
    static var logOnePlus: Self {
        Self(
            .logOnePlus, "Log1PBackward", saving: .first, forward: { $0.mapped { Scalar.log(onePlus: $0) } },
            derivative: { $0.toFirst($0.gradient / ($0.first + 1)) })
    }

    /// The square root.
    static var squareRoot: Self {
        Self(
            .squareRoot, "SqrtBackward", saving: .output, forward: { $0.mapped { $0.squareRoot() } },
            derivative: { $0.toFirst($0.gradient / (2 * $0.output)) })
    }

    /// The sine.
    static var sin: Self {
        Self(
            .sin, "SinBackward", saving: .first, forward: { $0.mapped(Scalar.sin) },
            derivative: { $0.toFirst($0.gradient * $0.first.cos()) })
    }

    /// The cosine.
    static var cos: Self {
        Self(
            .cos, "CosBackward", saving: .first, forward: { $0.mapped(Scalar.cos) },
            derivative: { $0.toFirst($0.gradient * -$0.first.sin()) })
    }

    /// The hyperbolic tangent.
    static var tanh: Self {
        Self(
            .tanh, "TanhBackward", saving: .output, forward: { $0.mapped(Scalar.tanh) },
            derivative: { $0.toFirst($0.gradient * (1 - $0.output * $0.output)) })
    }

    /// The logistic function 1 / (1 + e^-x).
    static var sigmoid: Self {
        Self(
            .sigmoid, "SigmoidBackward", saving: .output, forward: { $0.mapped { 1 / (1 + Scalar.exp(-$0)) } },
            derivative: { $0.toFirst($0.gradient * (1 - $0.output) * $0.output) })
    }

    /// The smooth ramp ln(1 + e^x), which is x itself above 20 as in PyTorch.
    static var softplus: Self {
        Self(
            .softplus, "SoftplusBackward", saving: .first,
            forward: { $0.mapped { $0 > 20 ? $0 : Scalar.log(onePlus: Scalar.exp($0)) } },
            derivative: {
                let slope = $0.first.sigmoid().maskedFill($0.first > 20, with: 1)
                $0.toFirst($0.gradient * slope)
            })
    }

    /// The reciprocal 1 / x.
    static var reciprocal: Self {
        Self(
            .reciprocal, "ReciprocalBackward", saving: .output, forward: { $0.mapped { 1 / $0 } },
            derivative: { $0.toFirst(-$0.gradient * ($0.output * $0.output)) })
    }

    /// The power c^x of a constant base.
    static func power(of base: Scalar) -> Self {
        Self(
            .powerOfConstant, "PowBackward", saving: .output, forward: { $0.mapped { Scalar.libraryPower(base, $0) } },
            derivative: {
                let slope = $0.output * Scalar.log(base)
                // 0^x is 0 for all x > 0, where ln 0 would make the slope NaN.
                let flat = $0.output.mask { base == 0 && $0.isFinite }
                $0.toFirst($0.gradient * slope.maskedFill(flat, with: 0))
            })
    }
}

extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The power a^b.
    static var power: Self {
        Self(
            .power, "PowBackward", saving: [.first, .second], savingForSecond: [.first, .second, .output],
            forward: { .zipped($0, $1, Scalar.libraryPower) },
            derivative: {
                let (base, exponent) = ($0.first, $0.second)
                let slope = exponent * base.pow(exponent - 1)
                $0.toFirst(($0.gradient * slope).maskedFill(exponent.mask { $0 == 0 }, with: 0))
                // 0^b is constant for b > 0, where ln 0 would make the slope NaN.
                let flat = Tensor.zipped(base, exponent) { $0 == 0 && $1 >= 0 ? 1 : 0 }.mask { $0 == 1 }
                $0.toSecond($0.gradient * ($0.output * base.log()).maskedFill(flat, with: 0))
            })
    }
}
