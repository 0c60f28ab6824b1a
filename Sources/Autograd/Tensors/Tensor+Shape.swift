extension Tensor {
    /// The product of two matrices.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func matmul(_ other: Tensor) -> Tensor { BinaryOperation.matrixProduct(self, other) }

    /// Rows and columns exchanged; shares the numbers.
    package func t() -> Tensor { UnaryOperation.transpose(self) }

    /// The tensor repeated to `shape` without copying.
    package func expand(to shape: [Int]) -> Tensor { expand(to: Shape(shape)) }

    func expand(to shape: Shape) -> Tensor {
        shape == dimensions ? self : UnaryOperation.expand(to: shape)(self)
    }

    /// The same numbers row by row in another shape.
    func reshaped(to shape: Shape) -> Tensor {
        shape == dimensions ? self : UnaryOperation.reshape(to: shape)(self)
    }
}
