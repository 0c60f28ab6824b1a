/// The order in which the terms of a sum are added, which decides its last bits.
///
/// Each order is the one of a library on x86-64 for one contiguous run of fewer than 32768 terms.
package enum SummationOrder: Sendable {
    /// PyTorch 2.15: four interleaved sums over vectors of 8 `Float` or 4 `Double`, then tail, then lanes.
    case torch

    /// NumPy: pairwise halves, eight accumulators in blocks of up to 128 terms.
    case numPy

    /// TensorFlow 2.21: four interleaved sums over vectors of 8, a tree over the lanes, the tail last.
    /// Compared with TensorFlow at 100 `Float` terms only.
    case tensorFlow

    /// The sum of `terms` in this order; 0 of none.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func sum<Scalar: TensorScalar>(_ terms: UnsafeBufferPointer<Scalar>) -> Scalar {
        guard let first = terms.baseAddress else { return 0 }
        switch self {
        case .torch: return TorchSum.sum(first, terms.count)
        case .numPy: return NumPySum.sum(first, terms.count)
        case .tensorFlow: return TensorFlowSum.sum(first, terms.count)
        }
    }

    /// The sum of `terms` in this order; 0 of none.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func sum<Scalar: TensorScalar>(_ terms: [Scalar]) -> Scalar {
        terms.withUnsafeBufferPointer { sum($0) }
    }

    /// Runs `body` with this order in every sum that tensors of the calling thread form.
    package func use<R, Failure: Error>(in body: () throws(Failure) -> R) throws(Failure) -> R {
        let state = ThreadState.current
        let before = state.pointee.summation
        state.pointee.summation = self
        defer { state.pointee.summation = before }
        return try body()
    }
}

/// NumPy's pairwise sum over one contiguous run.
private enum NumPySum<Scalar: TensorScalar> {
    static func sum(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        if count < 8 {
            var result: Scalar = 0
            for index in 0..<count { result += terms[index] }
            return result
        }
        if count <= 128 { return block(terms, count) }
        let half = count / 2 & ~7
        return sum(terms, half) + sum(terms + half, count - half)
    }

    @inline(__always)
    private static func block(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        let whole = count & ~7
        var low = SIMD4(terms[0], terms[1], terms[2], terms[3])
        var high = SIMD4(terms[4], terms[5], terms[6], terms[7])
        for start in stride(from: 8, to: whole, by: 8) {
            low += UnsafeRawPointer(terms + start).loadUnaligned(as: SIMD4<Scalar>.self)
            high += UnsafeRawPointer(terms + start + 4).loadUnaligned(as: SIMD4<Scalar>.self)
        }
        var result = ((low[0] + low[1]) + (low[2] + low[3])) + ((high[0] + high[1]) + (high[2] + high[3]))
        for index in whole..<count { result += terms[index] }
        return result
    }
}

/// TensorFlow's sum over one contiguous run: groups of 8 lanes in four interleaved sums, a tree over the lanes, the
/// tail (summed from the left) last.
private enum TensorFlowSum<Scalar: TensorScalar> {
    static func sum(_ terms: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
        let vectors = count / 8
        var tail: Scalar = 0
        for index in vectors * 8..<count { tail += terms[index] }
        guard vectors > 0 else { return tail }

        let rows = vectors / 4
        var total = SIMD8<Scalar>()
        for column in 0..<min(4, rows * 4) {
            var sum = vector(terms, column)
            for row in 1..<max(1, rows) { sum += vector(terms, 4 * row + column) }
            total = column == 0 ? sum : total + sum
        }
        for index in 4 * rows..<vectors { total += vector(terms, index) }
        let quarter = total.lowHalf + total.highHalf
        return ((quarter[0] + quarter[2]) + (quarter[1] + quarter[3])) + tail
    }

    @inline(__always)
    private static func vector(_ terms: UnsafePointer<Scalar>, _ index: Int) -> SIMD8<Scalar> {
        UnsafeRawPointer(terms + index * 8).loadUnaligned(as: SIMD8<Scalar>.self)
    }
}
