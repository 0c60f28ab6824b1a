extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The sum a + b.
    static var add: Self {
        Self(
            .add, "AddBackward", forward: { .zipped($0, $1) { $0 + $1 } },
            derivative: {
                $0.toFirst($0.gradient)
                $0.toSecond($0.gradient)
            })
    }

    /// The sum a + c b for a number c.
    static func add(times factor: Scalar) -> Self {
        Self(
            .addScaled, "AddBackward", forward: { .zipped($0, $1) { $0 + factor * $1 } },
            derivative: {
                $0.toFirst($0.gradient)
                $0.toSecond($0.gradient * factor)
            })
    }

    /// The difference a - b.
    static var subtract: Self {
        Self(
            .subtract, "SubBackward", forward: { .zipped($0, $1) { $0 - $1 } },
            derivative: {
                $0.toFirst($0.gradient)
                $0.toSecond(-$0.gradient)
            })
    }

    /// The product a * b.
    static var multiply: Self {
        Self(
            .multiply, "MulBackward", saving: .second, savingForSecond: .first,
            forward: { .zipped($0, $1) { $0 * $1 } },
            derivative: {
                $0.toFirst($0.gradient * $0.second)
                $0.toSecond($0.gradient * $0.first)
            })
    }

    /// The quotient a / b.
    static var divide: Self {
        Self(
            .divide, "DivBackward", saving: .second, savingForSecond: [.first, .second],
            forward: { .zipped($0, $1) { $0 / $1 } },
            derivative: {
                $0.toFirst($0.gradient / $0.second)
                $0.toSecond(-$0.gradient * (($0.first / $0.second) / $0.second))
            })
    }
}

extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The sum a + c.
    static func add(_ constant: Scalar) -> Self {
        Self(
            .addConstant, "AddBackward", forward: { $0.mapped { $0 + constant } },
            derivative: { $0.toFirst($0.gradient) })
    }

    /// The difference a - c.
    static func subtract(_ constant: Scalar) -> Self {
        Self(
            .subtractConstant, "SubBackward", forward: { $0.mapped { $0 - constant } },
            derivative: { $0.toFirst($0.gradient) })
    }

    /// The difference c - a.
    static func subtract(from constant: Scalar) -> Self {
        Self(
            .subtractFromConstant, "RsubBackward", forward: { $0.mapped { constant - $0 } },
            derivative: { $0.toFirst(-$0.gradient) })
    }

    /// The product a * c.
    static func multiply(_ constant: Scalar) -> Self {
        Self(
            .multiplyConstant, "MulBackward", saving: .constant, forward: { $0.mapped { $0 * constant } },
            derivative: { $0.toFirst($0.gradient * constant) })
    }

    /// The quotient a / c.
    static func divide(_ constant: Scalar) -> Self {
        Self(
            .divideConstant, "DivBackward", saving: .constant, forward: { $0.mapped { $0 / constant } },
            derivative: { $0.toFirst($0.gradient / constant) })
    }

    /// The negative -a.
    static var negate: Self {
        Self(.negate, "NegBackward", forward: { $0.mapped { -$0 } }, derivative: { $0.toFirst(-$0.gradient) })
    }

    /// The power a^c, with the exponents that PyTorch computes without a power function.
    static func power(_ exponent: Scalar) -> Self {
        Self(
            .powerConstant, "PowBackward", saving: .first, forward: { $0.power(exponent) },
            derivative: {
                guard exponent != 0 else { return $0.toFirst(.full(0, $0.firstShape)) }
                $0.toFirst($0.gradient * ($0.first.pow(exponent - 1) * exponent))
            })
    }
}

extension Tensor {
    fileprivate func power(_ exponent: Scalar) -> Tensor {
        switch exponent {
        case 0: .full(1, dimensions)
        case 1: contiguousCopy()
        case 2: mapped { $0 * $0 }
        case 3: mapped { $0 * $0 * $0 }
        case 0.5: mapped { $0.squareRoot() }
        case -0.5: mapped { 1 / $0.squareRoot() }
        case -1: mapped { 1 / $0 }
        case -2: mapped { 1 / ($0 * $0) }
        default: mapped { Scalar.libraryPower($0, exponent) }
        }
    }
}
