extension Tensor {
    /// The sum of all numbers divided by `divisor`, as a tensor of `shape`, which has one element.
    @inline(__always)
    func total(dividedBy divisor: Scalar = 1, shape: Shape = .scalar) -> Tensor {
        let order = ThreadState.current.pointee.summation
        let sum = withElements { order.sum(UnsafeBufferPointer(start: $0, count: count)) }
        return Tensor(shape: shape) { $0.pointee = sum / divisor }
    }

    /// The mean of `function` of every pair of numbers as a scalar; the terms are never made a tensor of their own.
    @inline(__always)
    static func meanOfZipped(_ a: Tensor, _ b: Tensor, _ function: (Scalar, Scalar) -> Scalar) -> Tensor {
        let count = a.count
        guard a.dimensions == b.dimensions, count > 0 else {
            let terms = zipped(a, b, function)
            return terms.total(dividedBy: Scalar(terms.count))
        }
        let state = ThreadState.current
        let scratch = state.pointee.storages.take(byteCount: count * MemoryLayout<Scalar>.stride)
        defer { state.pointee.storages.giveBack(scratch) }
        let terms = scratch._withUnsafeGuaranteedRef { $0.base(as: Scalar.self) }
        a.withElements { left in
            b.withElements { right in
                for index in 0..<count { terms[index] = function(left[index], right[index]) }
            }
        }
        let sum = state.pointee.summation.sum(UnsafeBufferPointer(start: terms, count: count))
        return Tensor(shape: .scalar) { $0.pointee = sum / Scalar(count) }
    }

    /// The sums over `dimensions` (sorted, not negative), unrecorded.
    func summed(over reduced: [Int], keeping: Bool) -> Tensor {
        let result = dimensions.reduced(over: reduced, keeping: keeping)
        if result.elementCount == 1 { return total(shape: result) }
        let order = ThreadState.current.pointee.summation
        let kept = dimensions.indices.filter { !reduced.contains($0) }
        let terms = reduced.reduce(1) { $0 * dimensions[$1] }
        return permutedView(kept + reduced).withElements { source in
            Tensor(shape: result) { target in
                for row in 0..<result.elementCount {
                    target[row] = order.sum(UnsafeBufferPointer(start: source + row * terms, count: terms))
                }
            }
        }
    }
}

extension Shape {
    /// This shape after a reduction over `dimensions`.
    func reduced(over dimensions: [Int], keeping: Bool) -> Shape {
        if keeping { return Shape(indices.map { dimensions.contains($0) ? 1 : self[$0] }) }
        return Shape(indices.filter { !dimensions.contains($0) }.map { self[$0] })
    }
}
