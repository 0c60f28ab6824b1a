extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The sum over `dimensions` (sorted, not negative), which stay with size 1 if `keeping`.
    static func sum(over dimensions: [Int], keeping: Bool, of shape: [Int]) -> Self {
        Self("SumBackward", forward: { $0.summed(over: dimensions, keeping: keeping) }) {
            let kept = $0.gradient.reshaped(to: shape.reduced(over: dimensions, keeping: true))
            $0.toFirst(kept.expand(to: shape))
        }
    }

    /// The mean over `dimensions`.
    static func mean(over dimensions: [Int], keeping: Bool, of shape: [Int]) -> Self {
        let terms = Scalar(dimensions.map { shape[$0] }.elementCount)
        return Self(
            "MeanBackward",
            forward: { $0.summed(over: dimensions, keeping: keeping).mapped { $0 / terms } }
        ) {
            let kept = $0.gradient.reshaped(to: shape.reduced(over: dimensions, keeping: true))
            $0.toFirst(kept.expand(to: shape) / terms)
        }
    }
}
