extension Tensor {
    /// Overwrites the numbers in place, row by row, unrecorded.
    ///
    /// A tensor that requires a gradient must be inside ``noGrad(_:)``.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func assign(_ values: [Scalar]) {
        precondition(values.count == count, "shape '\(shape)' is invalid for input of size \(values.count)")
        withUnsafeMutableScalars { target in
            for index in values.indices { target[index] = values[index] }
        }
    }

    /// Calls `body` with the numbers of a contiguous tensor for reading and writing, and counts one change in place.
    ///
    /// A tensor that requires a gradient must be inside ``noGrad(_:)``: the change is not recorded. The buffer must
    /// not leave `body`.
    @inline(__always)
    package func withUnsafeMutableScalars<R, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> R
    ) throws(Failure) -> R {
        defer { withExtendedLifetime(self) {} }
        return try body(mutableScalars())
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func mutableScalars() -> UnsafeMutableBufferPointer<Scalar> {
        precondition(
            !requiresGrad || !ThreadState.current.pointee.isRecording,
            "a leaf Variable that requires grad is being used in an in-place operation.")
        precondition(strides == nil, "only a contiguous tensor can be written in place")
        version += 1
        return UnsafeMutableBufferPointer(start: elements, count: count)
    }
}
