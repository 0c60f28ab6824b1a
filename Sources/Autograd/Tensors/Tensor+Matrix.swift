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
