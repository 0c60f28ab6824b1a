extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The input repeated to `shape`.
    static func expand(to shape: Shape) -> Self {
        Self("ExpandBackward", forward: { $0.broadcastView(to: shape) }, derivative: { $0.toFirst($0.gradient) })
    }

    /// The same numbers in another shape.
    static func reshape(to shape: Shape) -> Self {
        Self(
            "ViewBackward", forward: { $0.viewed(as: shape) },
            derivative: { $0.toFirst($0.gradient.reshaped(to: $0.firstShape)) })
    }

    /// Rows and columns exchanged.
    static var transpose: Self {
        Self("TBackward", forward: { $0.permutedView([1, 0]) }, derivative: { $0.toFirst($0.gradient.t()) })
    }
}
