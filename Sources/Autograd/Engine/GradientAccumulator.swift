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

    init(shape: Shape) {
        self.shape = shape
    }

    /// Moves what the pass has added up to ``grad``; with `recorded`, as recorded operations.
    func accumulate(recorded: Bool) {
        guard var gradient = pending.take() else { return }
        if recorded {
            grad = grad.map { $0 + gradient } ?? gradient.clone()
        } else if let grad {
            grad.addInPlace(gradient)
        } else {
            // A gradient that something else can see must not change when later passes add to it.
            grad = isKnownUniquelyReferenced(&gradient) && gradient.ownsStorage ? gradient : gradient.contiguousCopy()
        }
    }
}
