extension Tensor {
    /// Whether operations on this tensor are recorded.
    package var requiresGrad: Bool {
        get { leafRequiresGrad || recordedGradFn != nil }
        set {
            precondition(
                isLeaf || newValue,
                """
                you can only change requires_grad flags of leaf variables. If you want to use a computed variable in \
                a subgraph that doesn't require differentiation use var_no_grad = var.detach().
                """)
            if isLeaf { leafRequiresGrad = newValue }
        }
    }

    /// Whether this tensor was made by the user, not by a recorded operation.
    package var isLeaf: Bool { recordedGradFn == nil }

    /// The recorded operation that computed this tensor; nil for a leaf.
    package var gradFn: GraphNode<Scalar>? { recordedGradFn }

    /// The gradient that backward passes have accumulated on this leaf; nil before the first and after ``zeroGrad()``.
    ///
    /// Stays nil for the result of an operation, unless it was asked to keep its gradient.
    package var grad: Tensor? {
        get { accumulatedGrad }
        set {
            if let newValue {
                precondition(
                    newValue.shape == shape,
                    "assigned grad has data of a different size: got \(newValue.shape), expected \(shape)")
            }
            accumulatedGrad = newValue
        }
    }

    /// Forgets the accumulated gradient, so that the next backward pass starts from nothing.
    package func zeroGrad() {
        accumulatedGrad = nil
    }

    /// The same numbers (shared, not copied) as a leaf that requires no gradient.
    package func detach() -> Tensor {
        Tensor(storage: storage, offset: offset, shape: shape, strides: strides, count: count)
    }

    /// Overwrites the numbers in place, row by row. A leaf that requires a gradient must be inside ``noGrad(_:)``.
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
    package func withUnsafeMutableScalars<R, Failure: Error>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> R
    ) throws(Failure) -> R {
        precondition(
            !requiresGrad || !ThreadState.current.pointee.isRecording,
            "a leaf Variable that requires grad is being used in an in-place operation.")
        precondition(strides == nil, "only a contiguous tensor can be written in place, got strides \(strides ?? [])")
        storage.version += 1
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeMutableBufferPointer(start: storage.base + offset, count: count))
    }
}
