extension Tensor {
    /// The same numbers under another shape and strides as a view; strides that are row by row are dropped.
    @inline(__always)
    func view(_ shape: Shape, strides: Strides, offset: Int = 0) -> Tensor {
        var expected = 1
        var isContiguous = true
        for dimension in shape.indices.reversed() where shape[dimension] != 1 {
            if strides[dimension] != expected { isContiguous = false }
            expected *= shape[dimension]
        }
        let view = Tensor(sharing: self, offset: offset, shape: shape, strides: isContiguous ? nil : strides)
        view.isView(of: self)
        return view
    }

    /// The dimensions in another order.
    func permutedView(_ order: [Int]) -> Tensor {
        let own = explicitStrides
        var strides = Strides()
        for (dimension, source) in order.enumerated() { strides[dimension] = own[source] }
        return view(Shape(order.map { dimensions[$0] }), strides: strides)
    }

    /// The same numbers repeated to `shape` without copying.
    func broadcastView(to shape: Shape) -> Tensor {
        let lead = shape.rank - dimensions.rank
        let own = explicitStrides
        var strides = Strides()
        for dimension in lead..<shape.rank where dimensions[dimension - lead] != 1 {
            strides[dimension] = own[dimension - lead]
        }
        return view(shape, strides: strides)
    }

    /// The same numbers row by row in another shape; copied only if no strides describe that.
    func viewed(as shape: Shape) -> Tensor {
        if let strides = viewStrides(for: shape) { return view(shape, strides: strides) }
        return Tensor(sharing: contiguousCopy(), shape: shape)
    }

    /// The strides under which these numbers have another shape row by row; nil if there are none.
    ///
    /// Neighbouring dimensions that lie without gaps form one run; every new dimension must stay inside of a run.
    func viewStrides(for shape: Shape) -> Strides? {
        guard let own = strides, count > 0 else { return shape.rowMajorStrides }
        var result = Strides()
        var open = shape.rank - 1
        var runLength = 1
        var viewLength = 1
        var runStride = dimensions.rank == 0 ? 1 : own[dimensions.rank - 1]
        for dimension in dimensions.indices.reversed() {
            runLength *= dimensions[dimension]
            let continues =
                dimension > 0
                && (dimensions[dimension - 1] == 1 || own[dimension - 1] == runLength * runStride)
            if continues { continue }
            while open >= 0, viewLength < runLength || shape[open] == 1 {
                result[open] = viewLength * runStride
                viewLength *= shape[open]
                open -= 1
            }
            if viewLength != runLength { return nil }
            if dimension > 0 {
                runStride = own[dimension - 1]
                runLength = 1
                viewLength = 1
            }
        }
        return open < 0 ? result : nil
    }
}
