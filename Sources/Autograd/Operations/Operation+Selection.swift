extension Operation where Forward == (Tensor<Scalar>) -> Tensor<Scalar> {
    /// The elements at `flatIndices` (counted row by row; an index may repeat), as a tensor of `shape`.
    static func gather(
        _ name: StaticString, _ flatIndices: [Int], shape: Shape, saving: Saving = .constant,
        as kind: OperationKind = .gather
    ) -> Self {
        Self(
            kind, name, saving: saving, forward: { $0.gathered(flatIndices, shape: shape) },
            derivative: { $0.toFirst($0.gradient.scatter(to: flatIndices, in: $0.firstShape)) })
    }

    /// A tensor of `shape`, 0 but at `flatIndices`, where the elements are added in order.
    static func scatter(to flatIndices: [Int], in shape: Shape) -> Self {
        Self(
            .scatter, "IndexPutBackward", saving: .constant, forward: { $0.scattered(to: flatIndices, in: shape) },
            derivative: { $0.toFirst($0.gradient.gather(flatIndices, shape: $0.firstShape)) })
    }

    /// A view of a slice of the input.
    static func slice(_ name: StaticString, _ slice: TensorSlice) -> Self {
        Self(
            .slice, name, forward: { $0.view(of: slice) },
            derivative: { $0.toFirst($0.gradient.scatter(to: slice.flatIndices(in: $0.firstShape), in: $0.firstShape)) }
        )
    }
}

extension Operation where Forward == ([Tensor<Scalar>]) -> Tensor<Scalar> {
    /// The inputs one after another along a dimension.
    static func concatenate(along dimension: Int, sizes: [Int]) -> Self {
        Self(
            .concatenate, "CatBackward", forward: { Tensor.concatenated($0, along: dimension) },
            derivative: { pullback in
                let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
                pullback.toEach { pullback.gradient.narrow(dimension, from: starts[$0], count: sizes[$0]) }
            })
    }

    /// The inputs side by side along a new dimension.
    static func stack(along dimension: Int) -> Self {
        Self(
            .stack, "StackBackward",
            forward: { inputs in
                Tensor.concatenated(
                    inputs.map { $0.viewed(as: $0.dimensions.inserting(1, at: dimension)) }, along: dimension)
            },
            derivative: { pullback in
                pullback.toEach { pullback.gradient.select(dimension, $0) }
            })
    }
}
