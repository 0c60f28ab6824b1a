extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// A copy with a storage of its own.
    static var clone: Self {
        Self(.clone, "CloneBackward", forward: { $0.contiguousCopy() }, derivative: { $0.toFirst($0.gradient) })
    }

    /// A copy that is kept elsewhere: an accumulated gradient.
    static var copy: Self {
        Self(.copy, "CopyBackwards", forward: { $0.contiguousCopy() }, derivative: { $0.toFirst($0.gradient) })
    }

    /// The input repeated to `shape`.
    static func expand(to shape: Shape) -> Self {
        Self(
            .expand, "ExpandBackward", forward: { $0.broadcastView(to: shape) }, derivative: { $0.toFirst($0.gradient) }
        )
    }

    /// The numbers of an intermediate result in another shape: no view, since no other tensor shows them.
    static func rearrange(to shape: Shape) -> Self {
        Self(
            .rearrange, "UnsafeViewBackward",
            forward: { input in
                let result = input.viewed(as: shape)
                result.origin = nil
                result.unrecordedOrigin = .nothing
                return result
            },
            derivative: { $0.toFirst($0.gradient.reshaped(to: $0.firstShape)) })
    }

    /// The input repeated along every dimension, copied.
    static func `repeat`(flatIndices: [Int], shape: Shape) -> Self {
        gather("RepeatBackward", flatIndices, shape: shape, saving: [], as: .repeat)
    }

    /// The same numbers in another shape.
    static func reshape(to shape: Shape, _ name: StaticString = "ViewBackward") -> Self {
        Self(
            .reshape, name, forward: { $0.viewed(as: shape) },
            derivative: { $0.toFirst($0.gradient.reshaped(to: $0.firstShape)) })
    }

    /// The dimensions in another order.
    static func permute(_ order: [Int], _ name: StaticString = "PermuteBackward") -> Self {
        Self(
            .permute, name, forward: { $0.permutedView(order) },
            derivative: { pullback in
                let inverse = order.indices.sorted { order[$0] < order[$1] }
                pullback.toFirst(pullback.gradient.permute(inverse))
            })
    }
}

extension Operation where Forward == (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Scalar> {
    /// The second input instead of the first, on which nothing depends any more.
    static var replace: Self {
        Self(
            .replace, "CopyBackwards", forward: { $1.broadcastView(to: $0.dimensions).contiguousCopy() },
            derivative: {
                $0.toFirst(.full(0, $0.firstShape))
                $0.toSecond($0.gradient)
            })
    }
}
