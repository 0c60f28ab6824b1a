// The three products are closed under differentiation, so no transposed matrix is ever made.
extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The product of two matrices, A B.
    static var matrixProduct: Self {
        Self(
            .matrixProduct, "MmBackward", saving: .second, savingForSecond: .first,
            forward: { .matrixProduct($0, $1) },
            derivative: {
                $0.toFirst(Operation.productTransposingSecond($0.gradient, $0.second))
                $0.toSecond(Operation.productTransposingFirst($0.first, $0.gradient))
            })
    }

    /// The product of two matrices, the first one transposed, A^T B.
    static var productTransposingFirst: Self {
        Self(
            .productTransposingFirst, "MmBackward", saving: .second, savingForSecond: .first,
            forward: { .matrixProduct($0, $1, transposeFirst: true) },
            derivative: {
                $0.toFirst(Operation.productTransposingSecond($0.second, $0.gradient))
                $0.toSecond(Operation.matrixProduct($0.first, $0.gradient))
            })
    }

    /// The product of two matrices, the second one transposed, A B^T.
    static var productTransposingSecond: Self {
        Self(
            .productTransposingSecond, "MmBackward", saving: .second, savingForSecond: .first,
            forward: { .matrixProduct($0, $1, transposeSecond: true) },
            derivative: {
                $0.toFirst(Operation.matrixProduct($0.gradient, $0.second))
                $0.toSecond(Operation.productTransposingFirst($0.gradient, $0.first))
            })
    }

    /// The dot product of two vectors.
    static var dotProduct: Self {
        Self(
            .dotProduct, "DotBackward", saving: .second, savingForSecond: .first, forward: { .dotProduct($0, $1) },
            derivative: {
                $0.toFirst($0.gradient * $0.second)
                $0.toSecond($0.gradient * $0.first)
            })
    }

    /// A matrix times a vector.
    static var matrixVectorProduct: Self {
        Self(
            .matrixVectorProduct, "MvBackward", saving: .second, savingForSecond: .first,
            forward: { .matrixVectorProduct($0, $1) },
            derivative: {
                $0.toFirst($0.gradient.unsqueeze(1).matmul($0.second.unsqueeze(0)))
                $0.toSecond($0.first.t().matmul($0.gradient))
            })
    }

    /// The products of two lists of matrices, pair by pair.
    static var batchedProduct: Self {
        Self(
            .batchedProduct, "BmmBackward", saving: .second, savingForSecond: .first,
            forward: { .batchedProduct($0, $1) },
            derivative: {
                $0.toFirst(Operation.batchedProduct($0.gradient, $0.second.transpose(1, 2)))
                $0.toSecond(Operation.batchedProduct($0.first.transpose(1, 2), $0.gradient))
            })
    }
}
