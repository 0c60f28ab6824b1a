extension Tensor {
    /// Whether operations on this tensor are recorded.
    package var requiresGrad: Bool {
        @inline(__always) get { recordedGradFn != nil || accumulator != nil && isMarked }
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
    package var isLeaf: Bool { recordedGradFn == nil }

    /// The recorded operation that computed this tensor; nil for a leaf.
    package var gradFn: GraphNode<Scalar>? { recordedGradFn }

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

    /// Forgets the accumulated gradient, so that the next backward pass starts from nothing.
    package func zeroGrad() {
        accumulator?.grad = nil
    }

    /// The same numbers (shared, not copied) as a leaf that requires no gradient.
    package func detach() -> Tensor {
        Tensor(sharing: self, shape: dimensions, strides: strides)
    }

    private var ownAccumulator: GradientAccumulator<Scalar> {
        if let accumulator { return accumulator }
        let made = GradientAccumulator<Scalar>(shape: dimensions)
        accumulator = made
        return made
    }
}
