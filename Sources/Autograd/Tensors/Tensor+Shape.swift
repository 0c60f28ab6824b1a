extension Tensor {
    // MARK: - The same elements in another arrangement (views: the numbers are shared)

    /// Rows and columns exchanged.
    package func t() -> Tensor {
        precondition(
            dimensions.rank <= 2,
            "t() expects a tensor with <= 2 dimensions, but self is \(dimensions.rank)D")
        return UnaryOperation.permute(dimensions.indices.reversed(), "TBackward")(self)
    }

    /// Two dimensions exchanged; -1 is the last.
    package func transpose(_ a: Int, _ b: Int) -> Tensor {
        var order = Array(dimensions.indices)
        order.swapAt(dimensions.dimension(a), dimensions.dimension(b))
        return UnaryOperation.permute(order, "TransposeBackward")(self)
    }

    /// The dimensions in another order: dimension i of the result is dimension `order[i]` of this tensor.
    package func permute(_ order: [Int]) -> Tensor {
        let order = order.map { dimensions.dimension($0) }
        precondition(
            order.sorted() == Array(dimensions.indices), "permute(): duplicate dims are not allowed, got \(order)")
        return UnaryOperation.permute(order)(self)
    }

    /// The same numbers row by row in another shape; one size may be -1, which stands for what is left.
    ///
    /// Shares the numbers where strides allow, and copies them otherwise.
    package func reshape(_ sizes: [Int]) -> Tensor {
        let shape = dimensions.resolving(sizes)
        if viewStrides(for: shape) == nil { return UnaryOperation.rearrange(to: shape)(clone()) }
        return UnaryOperation.reshape(to: shape, strides == nil ? "ViewBackward" : "ReshapeAliasBackward")(self)
    }

    /// As ``reshape(_:)``, but always sharing the numbers; their strides must allow it.
    package func view(_ sizes: [Int]) -> Tensor {
        let shape = dimensions.resolving(sizes)
        precondition(
            viewStrides(for: shape) != nil,
            """
            view size is not compatible with input tensor's size and stride (at least one dimension spans across two \
            contiguous subspaces). Use .reshape(...) instead.
            """)
        return UnaryOperation.reshape(to: shape)(self)
    }

    /// All elements in one dimension.
    package func flatten() -> Tensor { dimensions.rank == 1 ? self : reshape([-1]) }

    /// A new dimension of size 1 at `dimension`.
    package func unsqueeze(_ dimension: Int) -> Tensor {
        let dimension = dimensions.dimension(dimension, adding: 1)
        return UnaryOperation.reshape(to: dimensions.inserting(1, at: dimension), "UnsqueezeBackward")(self)
    }

    /// Without the dimensions of size 1, or without one of them; unchanged if that one has another size.
    package func squeeze(_ dimension: Int? = nil) -> Tensor {
        let only = dimension.map { dimensions.dimension($0) }
        let kept = dimensions.indices.filter { dimensions[$0] != 1 || only != nil && only != $0 }
        return UnaryOperation.reshape(to: Shape(kept.map { dimensions[$0] }), "SqueezeBackward")(self)
    }

    /// The tensor repeated to `shape` without copying; -1 keeps a size.
    package func expand(to sizes: [Int]) -> Tensor {
        let lead = sizes.count - dimensions.rank
        precondition(
            lead >= 0,
            """
            expand: the number of sizes provided (\(sizes.count)) must be greater or equal to the number of \
            dimensions in the tensor (\(dimensions.rank))
            """)
        let target = sizes.enumerated().map { index, size in
            size == -1 && index >= lead ? dimensions[index - lead] : size
        }
        for index in lead..<sizes.count where dimensions[index - lead] != 1 {
            precondition(
                target[index] == dimensions[index - lead],
                """
                The expanded size of the tensor (\(target[index])) must match the existing size \
                (\(dimensions[index - lead])) at non-singleton dimension \(index).  Target sizes: \(target).  \
                Tensor sizes: \(shape)
                """)
        }
        return UnaryOperation.expand(to: Shape(target))(self)
    }

    /// The tensor copied `times[i]` times along dimension i; more `times` than dimensions add dimensions in front.
    package func `repeat`(_ times: [Int]) -> Tensor {
        let lead = times.count - dimensions.rank
        precondition(
            lead >= 0,
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
        let padded = Array(repeating: 1, count: lead) + shape
        let result = Shape(zip(padded, times).map { $0 * $1 })
        let own = Shape(padded).rowMajorStrides
        let strides = result.rowMajorStrides
        let flatIndices = (0..<result.elementCount).map { element in
            result.indices.reduce(0) { $0 + (element / strides[$1] % result[$1]) % padded[$1] * own[$1] }
        }
        return UnaryOperation.repeat(flatIndices: flatIndices, shape: result)(self)
    }

    // MARK: - Inside of the module

    func expand(to shape: Shape) -> Tensor {
        shape == dimensions ? self : UnaryOperation.expand(to: shape)(self)
    }

    /// The same numbers row by row in another shape.
    func reshaped(to shape: Shape) -> Tensor {
        shape == dimensions ? self : UnaryOperation.reshape(to: shape)(self)
    }
}

extension Shape {
    /// The shape that `sizes` mean for as many elements; one of them may be -1, which stands for what is left.
    func resolving(_ sizes: [Int]) -> Shape {
        let known = sizes.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
        let open = sizes.indices.filter { sizes[$0] == -1 }
        var resolved = sizes
        if let index = open.first, known > 0 { resolved[index] = elementCount / known }
        precondition(
            open.count <= 1 && resolved.allSatisfy { $0 >= 0 } && resolved.reduce(1, *) == elementCount,
            "shape '\(sizes)' is invalid for input of size \(elementCount)")
        return Shape(resolved)
    }

    func inserting(_ size: Int, at dimension: Int) -> Shape {
        var sizes = sizes
        sizes.insert(size, at: dimension)
        return Shape(sizes)
    }
}
