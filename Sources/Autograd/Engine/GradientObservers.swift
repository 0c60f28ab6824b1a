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
        let result = hooks.reduce(gradient) { gradient, hook in hook(gradient) ?? gradient }
        if let retained { retained.grad = retained.grad.map { $0 + result } ?? result.clone() }
        return result
    }
}
