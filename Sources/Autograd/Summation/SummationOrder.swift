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
