// The three products are closed under differentiation, so no transposed matrix is ever made.
extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The product of two matrices, A B.
    static var matrixProduct: Self {
        Self(
            "MmBackward", saving: .second, savingForSecond: .first,
            forward: { .matrixProduct($0, $1) },
            derivative: {
                $0.toFirst(Operation.productTransposingSecond($0.gradient, $0.second))
                $0.toSecond(Operation.productTransposingFirst($0.first, $0.gradient))
            })
    }

    /// A^T B.
    static var productTransposingFirst: Self {
        Self(
            "MmBackward", saving: .second, savingForSecond: .first,
            forward: { .matrixProduct($0, $1, transposeFirst: true) },
            derivative: {
                $0.toFirst(Operation.productTransposingSecond($0.second, $0.gradient))
                $0.toSecond(Operation.matrixProduct($0.first, $0.gradient))
            })
    }

    /// A B^T.
    static var productTransposingSecond: Self {
        Self(
            "MmBackward", saving: .second, savingForSecond: .first,
            forward: { .matrixProduct($0, $1, transposeSecond: true) },
            derivative: {
                $0.toFirst(Operation.matrixProduct($0.gradient, $0.second))
                $0.toSecond(Operation.productTransposingFirst($0.gradient, $0.first))
            })
    }
}
