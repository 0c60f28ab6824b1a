extension Tensor {
    // MARK: - Two tensors, broadcast to one shape

    /// The sum, element by element.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func + (a: Tensor, b: Tensor) -> Tensor { BinaryOperation.add(a, b) }

    /// The difference, element by element.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func - (a: Tensor, b: Tensor) -> Tensor { BinaryOperation.subtract(a, b) }

    /// The product, element by element.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func * (a: Tensor, b: Tensor) -> Tensor { BinaryOperation.multiply(a, b) }

    /// The quotient, element by element.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func / (a: Tensor, b: Tensor) -> Tensor { BinaryOperation.divide(a, b) }

    // MARK: - A tensor and a number

    /// The sum of every element and a number.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func + (a: Tensor, c: Scalar) -> Tensor { UnaryOperation.add(c)(a) }

    /// The sum of a number and every element.
    package static func + (c: Scalar, a: Tensor) -> Tensor { a + c }

    /// Every element less a number.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func - (a: Tensor, c: Scalar) -> Tensor { UnaryOperation.subtract(c)(a) }

    /// A number less every element.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func - (c: Scalar, a: Tensor) -> Tensor { UnaryOperation.subtract(from: c)(a) }

    /// Every element times a number.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func * (a: Tensor, c: Scalar) -> Tensor { UnaryOperation.multiply(c)(a) }

    /// A number times every element.
    package static func * (c: Scalar, a: Tensor) -> Tensor { a * c }

    /// Every element divided by a number.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func / (a: Tensor, c: Scalar) -> Tensor { UnaryOperation.divide(c)(a) }

    /// A number divided by every element.
    package static func / (c: Scalar, a: Tensor) -> Tensor { a.reciprocal() * c }

    // MARK: - One tensor

    /// Every element with its sign changed.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static prefix func - (a: Tensor) -> Tensor { UnaryOperation.negate(a) }
}
