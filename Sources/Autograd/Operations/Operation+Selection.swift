extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The elements at `places` (counted row by row; a place may repeat), as a tensor of `shape`.
    static func take(
        _ name: StaticString, _ places: [Int], shape: Shape, saving: Saving = .constant
    ) -> Self {
        Self(
            name, saving: saving, forward: { $0.taken(places, shape: shape) },
            derivative: { $0.toFirst($0.gradient.put(at: places, in: $0.firstShape)) })
    }

    /// A tensor of `shape`, 0 but at `places`, where the elements are added in order.
    static func put(at places: [Int], in shape: Shape) -> Self {
        Self(
            "IndexPutBackward", saving: .constant, forward: { $0.added(at: places, in: shape) },
            derivative: { $0.toFirst($0.gradient.take(places, shape: $0.firstShape)) })
    }

    /// A view of a part of the input.
    static func part(_ name: StaticString, _ part: TensorPart) -> Self {
        Self(
            name, forward: { $0.view(of: part) },
            derivative: { $0.toFirst($0.gradient.put(at: part.places(in: $0.firstShape), in: $0.firstShape)) })
    }
}

extension Operation where Forward == ([Tensor<Scalar>]) -> Tensor<Scalar> {
    /// The inputs one after another along a dimension.
    static func concatenate(along dimension: Int, sizes: [Int]) -> Self {
        Self(
            "CatBackward", forward: { Tensor.concatenated($0, along: dimension) },
            derivative: { pullback in
                let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
                pullback.toEach { pullback.gradient.narrow(dimension, from: starts[$0], count: sizes[$0]) }
            })
    }

    /// The inputs beside each other along a new dimension.
    static func stack(along dimension: Int) -> Self {
        Self(
            "StackBackward",
            forward: { inputs in
                Tensor.concatenated(
                    inputs.map { $0.viewed(as: $0.dimensions.inserting(1, at: dimension)) }, along: dimension)
            },
            derivative: { pullback in
                pullback.toEach { pullback.gradient.select(dimension, $0) }
            })
    }
}
