extension Tensor {
    /// The sum of all numbers as a tensor without dimensions, unrecorded.
    @inline(__always)
    func total(dividedBy divisor: Scalar = 1) -> Tensor {
        let order = ThreadState.current.pointee.summation
        let sum = withElements { order.sum($0) }
        return .filled(shape: [], count: 1) { $0.pointee = sum / divisor }
    }

    /// The sums over `dimensions` (sorted, not negative), unrecorded.
    func summed(over dimensions: [Int], keeping: Bool) -> Tensor {
        let result = shape.reduced(over: dimensions, keeping: keeping)
        let order = ThreadState.current.pointee.summation
        if dimensions.count == shape.count || result.elementCount == 1 {
            let sum = withElements { order.sum($0) }
            return .filled(shape: result, count: 1) { $0.pointee = sum }
        }
        let kept = shape.indices.filter { !dimensions.contains($0) }
        let terms = dimensions.map { shape[$0] }.elementCount
        return permutedView(kept + dimensions).withElements { source in
            Tensor.filled(shape: result, count: result.elementCount) { target in
                for row in 0..<result.elementCount {
                    target[row] = order.sum(UnsafeBufferPointer(rebasing: source[row * terms..<(row + 1) * terms]))
                }
            }
        }
    }
}

extension [Int] {
    /// This shape after a reduction over `dimensions`.
    func reduced(over dimensions: [Int], keeping: Bool) -> [Int] {
        if keeping { return indices.map { dimensions.contains($0) ? 1 : self[$0] } }
        return indices.filter { !dimensions.contains($0) }.map { self[$0] }
    }
}
