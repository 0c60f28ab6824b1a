extension Tensor {
    /// The product of two matrices.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func matmul(_ other: Tensor) -> Tensor { BinaryOperation.matrixProduct(self, other) }

    /// Rows and columns exchanged; shares the numbers.
    package func t() -> Tensor { UnaryOperation.transpose(self) }

    /// The tensor repeated to `shape` without copying.
    package func expand(to shape: [Int]) -> Tensor {
        shape == self.shape ? self : UnaryOperation.expand(to: shape, from: self.shape)(self)
    }

    /// The same numbers row by row in another shape.
    func reshaped(to shape: [Int]) -> Tensor {
        shape == self.shape ? self : UnaryOperation.reshape(to: shape, from: self.shape)(self)
    }
}
