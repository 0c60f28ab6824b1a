/// The hooks on a result, and the place that keeps its gradient if it was asked to.
final class GradientObservers<Scalar: TensorScalar> {
    let hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?]
    let retained: GradientAccumulator<Scalar>?

    init(hooks: [(Tensor<Scalar>) -> Tensor<Scalar>?], retained: GradientAccumulator<Scalar>?) {
        self.hooks = hooks
        self.retained = retained
    }

    /// The gradient after all hooks, which is the one that is kept.
    func observe(_ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
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
