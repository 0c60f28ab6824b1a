extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// sum((a - b)^2) / n
    static var meanSquaredError: Self {
        Self(
            "MseLossBackward", saving: [.first, .second],
            forward: { prediction, target in
                let squares = Tensor.zipped(prediction, target) { ($0 - $1) * ($0 - $1) }
                return squares.total(dividedBy: Scalar(squares.count))
            }
        ) {
            let scale = 2 / Scalar(max($0.first.count, $0.second.count))
            let upstream = ($0.first - $0.second) * scale * $0.gradient
            $0.toFirst(upstream)
            $0.toSecond(-upstream)
        }
    }
}
