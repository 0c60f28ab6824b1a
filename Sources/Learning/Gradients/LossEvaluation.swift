import Autograd

/// A way to compute a batch's loss and its gradients at given parameters.
///
/// Conforming types differ in who differentiates and in whose order of operations is followed, down to the bit.
protocol LossEvaluation<Scalar> {
    associatedtype Scalar: TrainingScalar
    /// A batch in the form this evaluation wants it.
    associatedtype Batch

    init(loss: LossKind)

    /// The batch of samples with these x^2 and y.
    func makeBatch(features: [Scalar], targets: [Scalar]) -> Batch

    /// Returns the loss at `parameters` (w, b) and writes its gradients, in the same order.
    mutating func evaluate(at parameters: [Scalar], on batch: Batch, gradients: inout [Scalar]) throws -> Scalar
}
