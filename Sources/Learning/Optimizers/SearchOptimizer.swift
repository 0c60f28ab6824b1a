package import Autograd

/// A rule that evaluates the loss several times for one step.
package protocol SearchOptimizer<Scalar> {
    associatedtype Scalar: TensorScalar
    associatedtype Rule

    /// Its hyperparameters; with others it goes on from the state it has.
    var rule: Rule { get set }

    /// Returns the loss at other parameters, on the same batch, and writes its gradients.
    typealias Evaluate = (_ parameters: [Scalar], _ gradients: inout [Scalar]) throws -> Scalar

    /// Moves `parameters` by one step, from where the loss and the gradients have been evaluated already.
    mutating func update(
        _ parameters: inout [Scalar], loss: Scalar, gradients: [Scalar], settings: StepSettings, evaluate: Evaluate
    ) throws
}

extension SearchOptimizer {
    /// This one's state under the hyperparameters of `other`; nil if that is another kind of optimizer.
    func following(_ other: any SearchOptimizer<Scalar>) -> (any SearchOptimizer<Scalar>)? {
        guard let other = other as? Self else { return nil }
        var optimizer = self
        optimizer.rule = other.rule
        return optimizer
    }
}

/// An optimizer as a rule makes it, by what it needs for a step.
package enum OptimizerKind<Scalar: TensorScalar> {
    /// The gradients at the parameters.
    case direct(any Optimizer<Scalar>)
    /// Further evaluations of the loss.
    case searching(any SearchOptimizer<Scalar>)
}
