extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The sum of all elements as a tensor of `shape`, which has one element.
    static func total(shape: Shape) -> Self {
        Self(
            "SumBackward", forward: { $0.total(shape: shape) },
            derivative: { $0.toFirst($0.gradient.reshaped(to: .scalar).expand(to: $0.firstShape)) })
    }

    /// The mean of all elements as a scalar.
    static var mean: Self {
        Self(
            "MeanBackward", forward: { $0.total(dividedBy: Scalar($0.count)) },
            derivative: { $0.toFirst($0.gradient.expand(to: $0.firstShape) / Scalar($0.firstShape.elementCount)) })
    }

    /// The sum over `dimensions` (sorted, not negative), which stay with size 1 if `keeping`.
    static func sum(over dimensions: [Int], keeping: Bool) -> Self {
        Self(
            "SumBackward", forward: { $0.summed(over: dimensions, keeping: keeping) },
            derivative: {
                let kept = $0.firstShape.reduced(over: dimensions, keeping: true)
                $0.toFirst($0.gradient.reshaped(to: kept).expand(to: $0.firstShape))
            })
    }

    /// The mean over `dimensions`.
    static func mean(over dimensions: [Int], keeping: Bool) -> Self {
        Self(
            "MeanBackward",
            forward: { input in
                let terms = Scalar(dimensions.reduce(1) { $0 * input.dimensions[$1] })
                return input.summed(over: dimensions, keeping: keeping).mapped { $0 / terms }
            },
            derivative: {
                let shape = $0.firstShape
                let kept = shape.reduced(over: dimensions, keeping: true)
                let terms = Scalar(dimensions.reduce(1) { $0 * shape[$1] })
                $0.toFirst($0.gradient.reshaped(to: kept).expand(to: shape) / terms)
            })
    }
}
