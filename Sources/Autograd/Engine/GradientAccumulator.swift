/// The end of the graph at a leaf, where gradients are added up: PyTorch's `AccumulateGrad`.
///
/// Shared by the leaf and by the graphs computed from it, so that a graph does not need the leaf itself.
final class GradientAccumulator<Scalar: TensorScalar> {
    let shape: Shape
    @exclusivity(unchecked) var requiresGrad = false
    /// What all passes have added up.
    @exclusivity(unchecked) var grad: Tensor<Scalar>?
    /// What the running pass has added up so far.
    @exclusivity(unchecked) var pending: Tensor<Scalar>?
    /// The accumulator that the running pass reached before this one.
    @exclusivity(unchecked) var previousInPass: GradientAccumulator?
    @exclusivity(unchecked) var hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?] = []

    init(shape: Shape) {
        self.shape = shape
    }

    /// Takes what the pass has added up, after the hooks.
    @inline(__always)
    func takePending() -> Tensor<Scalar>? {
        guard let gradient = pending.take() else { return nil }
        return hooks.isEmpty ? gradient : gradient.passed(through: hooks)
    }

    /// Adds what the pass has added up to ``grad``; with `recorded`, as recorded operations.
    @inline(__always)
    func accumulate(recorded: Bool) {
        guard var gradient = takePending() else { return }
        if recorded {
            grad = grad.map { $0 + gradient } ?? UnaryOperation.copy(gradient)
        } else if let grad {
            grad.addUnrecorded(gradient)
        } else {
            // A gradient that something else can see must not change when later passes add to it.
            let isOurs = isKnownUniquelyReferenced(&gradient) && gradient.ownsStorage && gradient.strides == nil
            if isOurs { gradient.unrecordedOrigin = .nothing }
            grad = isOurs ? gradient : gradient.contiguousCopy()
        }
    }
}

/// The hooks on a result, and where its gradient is retained if that was asked for.
final class GradientHooks<Scalar: TensorScalar> {
    let hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?]
    let retained: GradientAccumulator<Scalar>?

    init(hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?], retained: GradientAccumulator<Scalar>?) {
        self.hooks = hooks
        self.retained = retained
    }

    /// The gradient after all hooks, which is also the one that is retained.
    func apply(to gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        let result = gradient.passed(through: hooks)
        if let retained { retained.grad = retained.grad.map { $0 + result } ?? result.clone() }
        return result
    }
}

extension Tensor {
    /// What this gradient is after `hooks`, one after another.
    func passed(through hooks: [(Tensor) -> Tensor?]) -> Tensor {
        hooks.reduce(self) { gradient, hook in
            let result = hook(gradient) ?? gradient
            precondition(
                result.dimensions == gradient.dimensions,
                "a hook has changed the size of value: got \(result.shape), expected \(gradient.shape)")
            return result
        }
    }
}
