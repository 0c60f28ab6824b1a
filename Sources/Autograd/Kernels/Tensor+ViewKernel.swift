extension Tensor {
    /// The same numbers under another shape and strides, unrecorded; strides that are row by row are dropped.
    @inline(__always)
    func view(_ shape: Shape, strides: Strides, offset: Int = 0) -> Tensor {
        var expected = 1
        var isContiguous = true
        for dimension in shape.indices.reversed() where shape[dimension] != 1 {
            if strides[dimension] != expected { isContiguous = false }
            expected *= shape[dimension]
        }
        return Tensor(sharing: self, offset: offset, shape: shape, strides: isContiguous ? nil : strides)
    }

    /// The dimensions in another order.
    func permutedView(_ order: [Int]) -> Tensor {
        let own = explicitStrides
        var strides = Strides()
        for (dimension, source) in order.enumerated() { strides[dimension] = own[source] }
        return view(Shape(order.map { dimensions[$0] }), strides: strides)
    }

    /// Another shape for the same numbers row by row; copied only if they do not lie so.
    func viewed(as shape: Shape) -> Tensor {
        let source = strides == nil ? self : contiguousCopy()
        return Tensor(sharing: source, shape: shape)
    }

    /// The same numbers repeated to `shape` without copying.
    func broadcastView(to shape: Shape) -> Tensor {
        guard shape != dimensions else { return self }
        let lead = shape.rank - dimensions.rank
        let own = explicitStrides
        var strides = Strides()
        for dimension in lead..<shape.rank where dimensions[dimension - lead] != 1 {
            strides[dimension] = own[dimension - lead]
        }
        return view(shape, strides: strides)
    }
}
