extension Tensor {
    /// The same numbers under another shape and strides, unrecorded; strides that are row by row are dropped.
    func view(shape: [Int], strides: [Int], offset: Int) -> Tensor {
        var expected = 1
        var isContiguous = true
        for dimension in shape.indices.reversed() where shape[dimension] != 1 {
            if strides[dimension] != expected { isContiguous = false }
            expected *= shape[dimension]
        }
        return Tensor(
            storage: storage, offset: offset, shape: shape, strides: isContiguous ? nil : strides,
            count: shape.elementCount)
    }

    /// The dimensions in another order.
    func permutedView(_ order: [Int]) -> Tensor {
        let own = explicitStrides
        return view(shape: order.map { shape[$0] }, strides: order.map { own[$0] }, offset: offset)
    }

    /// Rows and columns exchanged.
    @inline(__always)
    func transposedView() -> Tensor {
        if strides == nil, shape[0] == 1 || shape[1] == 1 {
            return Tensor(storage: storage, offset: offset, shape: [shape[1], shape[0]], count: count)
        }
        return permutedView([1, 0])
    }

    /// Another shape for the same numbers row by row; copied only if they do not lie so.
    func viewed(as shape: [Int]) -> Tensor {
        let source = strides == nil ? self : contiguousCopy()
        return Tensor(storage: source.storage, offset: source.offset, shape: shape, count: count)
    }
}
