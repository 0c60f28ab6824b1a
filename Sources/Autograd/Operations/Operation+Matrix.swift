extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The product of two matrices.
    static var matrixProduct: Self {
        Self(
            "MmBackward", saving: .second, savingForSecond: .first,
            forward: { $0.matrixProduct($1) }
        ) {
            $0.toFirst($0.gradient.matmul($0.second.t()))
            $0.toSecond($0.first.t().matmul($0.gradient))
        }
    }
}
