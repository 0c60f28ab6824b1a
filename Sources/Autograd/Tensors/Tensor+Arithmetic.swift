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

extension Tensor {
    /// The matrix product, with PyTorch's meaning for every number of dimensions.
    ///
    /// Two vectors give their dot product, a matrix and a vector a vector. With more dimensions the last two are
    /// matrices and the others are broadcast.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func matmul(_ other: Tensor) -> Tensor {
        if dimensions.rank == 2, other.dimensions.rank == 2 { return BinaryOperation.matrixProduct(self, other) }
        return matmulOfOtherRanks(other)
    }

    /// The product of two matrices.
    package func mm(_ other: Tensor) -> Tensor { BinaryOperation.matrixProduct(self, other) }

    /// The fully connected layer: this tensor times the transposed `weight`, plus `bias`.
    package func linear(weight: Tensor, bias: Tensor) -> Tensor { matmul(weight.t()) + bias }

    private func matmulOfOtherRanks(_ other: Tensor) -> Tensor {
        let (rank, otherRank) = (dimensions.rank, other.dimensions.rank)
        precondition(
            rank > 0 && otherRank > 0,
            "both arguments to matmul need to be at least 1D, but they are \(rank)D and \(otherRank)D")
        switch (rank, otherRank) {
        case (1, 1): return BinaryOperation.dotProduct(self, other)
        case (2, 1): return BinaryOperation.matrixVectorProduct(self, other)
        case (1, _): return unsqueeze(0).matmul(other).squeeze(-2)
        case (_, 1),
            (_, 2) where rank > 2:
            return foldedMatmul(other)
        default: return batchedMatmul(other)
        }
    }

    /// All rows of a list of matrices times one matrix or vector, which needs no copy per matrix.
    private func foldedMatmul(_ other: Tensor) -> Tensor {
        let rows = Shape(shape.dropLast())
        let product = reshape([rows.elementCount, dimensions[dimensions.rank - 1]]).matmul(other)
        return UnaryOperation.rearrange(to: Shape(rows.sizes + other.shape.dropFirst()))(product)
    }

    private func batchedMatmul(_ other: Tensor) -> Tensor {
        let batch = Shape(shape.dropLast(2)).broadcast(with: Shape(other.shape.dropLast(2)))
        let left = Array(shape.suffix(2))
        let right = Array(other.shape.suffix(2))
        let a = expand(to: Shape(batch.sizes + left)).reshape([batch.elementCount] + left)
        let b = other.expand(to: Shape(batch.sizes + right)).reshape([batch.elementCount] + right)
        let product = BinaryOperation.batchedProduct(a, b)
        return UnaryOperation.rearrange(to: Shape(batch.sizes + [left[0], right[1]]))(product)
    }
}
