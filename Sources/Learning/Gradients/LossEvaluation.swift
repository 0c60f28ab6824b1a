import Autograd
import Theory

/// A way to compute a batch's loss and its gradients at given parameters.
///
/// Conforming types differ in who differentiates and in whose order of operations is followed, down to the bit.
protocol LossEvaluation<Scalar> {
    associatedtype Scalar: TrainingScalar
    /// A batch in the form this evaluation wants it.
    associatedtype Batch

    init(loss: LossKind)

    /// The batch of the samples at `indices` among all, whose x^2 and y are given.
    func makeBatch(features: [Scalar], targets: [Scalar], at indices: ArraySlice<Int>) -> Batch

    /// Returns the loss at `parameters` (w, b) and writes its gradients, in the same order.
    mutating func evaluate(at parameters: [Scalar], on batch: Batch, gradients: inout [Scalar]) throws -> Scalar
}
