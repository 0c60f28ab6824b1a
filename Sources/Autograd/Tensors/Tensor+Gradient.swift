extension Tensor {
    /// Whether operations on this tensor are recorded.
    package var requiresGrad: Bool {
        @inline(__always) get { accumulator != nil && isMarked || hasGradFn }
        set {
            precondition(
                isLeaf || newValue,
                """
                you can only change requires_grad flags of leaf variables. If you want to use a computed variable in \
                a subgraph that doesn't require differentiation use var_no_grad = var.detach().
                """)
            guard isLeaf else { return }
            ownAccumulator.requiresGrad = newValue
        }
    }

    private var isMarked: Bool { accumulator?.requiresGrad ?? false }

    /// Whether this tensor was made by the user, not by a recorded operation.
    package var isLeaf: Bool { !hasGradFn }

    /// The recorded operation that computed this tensor; nil for a leaf.
    ///
    /// A view of a tensor that was changed in place has a new one: how it follows from the changed tensor.
    package var gradFn: GraphNode<Scalar>? {
        @inline(__always) get {
            if origin != nil { refreshView() }
            return recordedGradFn
        }
    }

    private var hasGradFn: Bool {
        @inline(__always) get {
            if origin != nil { refreshView() }
            return recordedGradFn != nil
        }
    }

    /// The gradient that backward passes have accumulated on this leaf; nil before the first and after ``zeroGrad()``.
    ///
    /// Stays nil for the result of an operation, unless it was asked to keep its gradient.
    package var grad: Tensor? {
        get { accumulator?.grad }
        set {
            if let newValue {
                precondition(
                    newValue.dimensions == dimensions,
                    "assigned grad has data of a different size: got \(newValue.shape), expected \(shape)")
            }
            ownAccumulator.grad = newValue
        }
    }

    /// Asks the result of an operation to keep its gradient in ``grad`` as a leaf does; nothing changes for a leaf.
    ///
    /// The tensor must require a gradient.
    package func retainGrad() {
        precondition(requiresGrad, "can't retain_grad on Tensor that has requires_grad=False")
        guard let gradFn else { return }
        gradFn.retained = ownAccumulator
    }

    /// Calls `hook` with the gradient of this tensor in every backward pass; the result, if any, takes its place.
    ///
    /// Hooks run in the order of registration, on the complete gradient, before it travels on or is accumulated; those
    /// of leaves run when the walk is over. The tensor must require a gradient, a result must have the shape of the
    /// gradient, and a hook must not start a pass over leaves or operations of the pass it runs in.
    package func registerHook(_ hook: @escaping (Tensor) -> Tensor?) {
        precondition(requiresGrad, "cannot register a hook on a tensor that doesn't require gradient")
        if let gradFn { gradFn.hooks.append(hook) } else { ownAccumulator.hooks.append(hook) }
    }

    /// Forgets the accumulated gradient, so that the next backward pass starts from nothing.
    package func zeroGrad() {
        accumulator?.grad = nil
    }

    /// The same numbers (shared, not copied) as a leaf that requires no gradient.
    package func detach() -> Tensor {
        Tensor(sharing: self, shape: dimensions, strides: strides)
    }

    /// Cuts this tensor off from the operations that computed it and makes it a leaf that requires no gradient.
    ///
    /// Results computed from it earlier keep their graph. A view cannot be cut off: use ``detach()``.
    package func detachInPlace() {
        precondition(
            origin == nil && unrecordedOrigin == .nothing, "Can't detach views in-place. Use detach() instead.")
        recordedGradFn = nil
        accumulator?.requiresGrad = false
    }

    var ownAccumulator: GradientAccumulator<Scalar> {
        if let accumulator { return accumulator }
        let made = GradientAccumulator<Scalar>(shape: dimensions)
        accumulator = made
        return made
    }
}
