extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// a + b
    static var add: Self {
        Self("AddBackward", forward: { .zipped($0, $1) { $0 + $1 } }) {
            $0.toFirst($0.gradient)
            $0.toSecond($0.gradient)
        }
    }

    /// a - b
    static var subtract: Self {
        Self("SubBackward", forward: { .zipped($0, $1) { $0 - $1 } }) {
            $0.toFirst($0.gradient)
            $0.toSecond(-$0.gradient)
        }
    }

    /// a * b
    static var multiply: Self {
        Self("MulBackward", saving: .second, savingForSecond: .first, forward: { .zipped($0, $1) { $0 * $1 } }) {
            $0.toFirst($0.gradient * $0.second)
            $0.toSecond($0.gradient * $0.first)
        }
    }

    /// a / b
    static var divide: Self {
        Self(
            "DivBackward", saving: .second, savingForSecond: [.first, .second],
            forward: { .zipped($0, $1) { $0 / $1 } }
        ) {
            $0.toFirst($0.gradient / $0.second)
            $0.toSecond(-$0.gradient * (($0.first / $0.second) / $0.second))
        }
    }
}

extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// -a
    static var negate: Self {
        Self("NegBackward", forward: { $0.mapped { -$0 } }) { $0.toFirst(-$0.gradient) }
    }

    /// a + c
    static func add(_ constant: Scalar) -> Self {
        Self("AddBackward", forward: { $0.mapped { $0 + constant } }) { $0.toFirst($0.gradient) }
    }

    /// a - c
    static func subtract(_ constant: Scalar) -> Self {
        Self("SubBackward", forward: { $0.mapped { $0 - constant } }) { $0.toFirst($0.gradient) }
    }

    /// c - a
    static func subtract(from constant: Scalar) -> Self {
        Self("RsubBackward", forward: { $0.mapped { constant - $0 } }) { $0.toFirst(-$0.gradient) }
    }

    /// a * c
    static func multiply(_ constant: Scalar) -> Self {
        Self("MulBackward", saving: .constant, forward: { $0.mapped { $0 * constant } }) {
            $0.toFirst($0.gradient * constant)
        }
    }

    /// a / c
    static func divide(_ constant: Scalar) -> Self {
        Self("DivBackward", saving: .constant, forward: { $0.mapped { $0 / constant } }) {
            $0.toFirst($0.gradient / constant)
        }
    }

    /// A copy with a storage of its own.
    static var clone: Self {
        Self("CloneBackward", forward: { $0.contiguousCopy() }) { $0.toFirst($0.gradient) }
    }

    /// a^c, with the exponents that PyTorch computes without a power function.
    static func power(_ exponent: Scalar) -> Self {
        Self(
            "PowBackward", saving: .first,
            forward: { input in
                switch exponent {
                case 0: input.mapped { _ in 1 }
                case 1: input.contiguousCopy()
                case 2: input.mapped { $0 * $0 }
                case 3: input.mapped { $0 * $0 * $0 }
                case 0.5: input.mapped { $0.squareRoot() }
                case -0.5: input.mapped { 1 / $0.squareRoot() }
                case -1: input.mapped { 1 / $0 }
                case -2: input.mapped { 1 / ($0 * $0) }
                default: input.mapped { Scalar.libraryPower($0, exponent) }
                }
            }
        ) {
            guard exponent != 0 else { return $0.toFirst(.zeros(shape: $0.node.shape)) }
            $0.toFirst($0.gradient * ($0.first.pow(exponent - 1) * exponent))
        }
    }
}
