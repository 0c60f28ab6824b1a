extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The input repeated to `shape`.
    static func expand(to shape: [Int], from original: [Int]) -> Self {
        Self("ExpandBackward", forward: { $0.broadcastView(to: shape) }) { $0.toFirst($0.gradient) }
    }

    /// The same numbers in another shape.
    static func reshape(to shape: [Int], from original: [Int]) -> Self {
        Self("ViewBackward", forward: { $0.viewed(as: shape) }) { $0.toFirst($0.gradient.reshaped(to: original)) }
    }

    /// Rows and columns exchanged.
    static var transpose: Self {
        Self("TBackward", forward: { $0.transposedView() }) { $0.toFirst($0.gradient.t()) }
    }
}
