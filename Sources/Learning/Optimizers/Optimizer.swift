package import Autograd

/// A rule that moves parameters along their gradients, with the state it carries from step to step.
///
/// Parameters and gradients are one flat list each, in the model's order. An optimizer is a value:
/// a copy continues on its own.
///
/// Rules that PyTorch has follow its order of operations on a processor: every one is rounded, and fused, where its
/// kernels do it, in both number types. Only square roots and powers of the betas can differ: here they are correctly
/// rounded, while PyTorch's vector library may miss the last bit of a root (on an AMD EPYC in 17 % of 32-bit and 1.4 % of
/// 64-bit values) and C's `pow` that of a power (in one of a thousand). With correct roots in PyTorch, 4000 runs of
/// random settings agree to the last bit but for 4 of Adam, where it was a power.
package protocol Optimizer<Scalar> {
    associatedtype Scalar: TensorScalar
    associatedtype Rule

    /// Its hyperparameters; with others it continues from the state it has.
    var rule: Rule { get set }

    /// Moves `parameters` by one step. `gradients` has one entry per parameter.
    mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings)

    /// The running averages of the parameters, where the rule keeps them beside the parameters themselves.
    var averages: [Scalar]? { get }
}

extension Optimizer {
    package var averages: [Scalar]? { nil }

    /// This one's state under the hyperparameters of `other`; nil if that is another kind of optimizer.
    func following(_ other: any Optimizer<Scalar>) -> (any Optimizer<Scalar>)? {
        guard let other = other as? Self else { return nil }
        var optimizer = self
        optimizer.rule = other.rule
        return optimizer
    }
}

/// A rule that evaluates the loss several times for one step.
package protocol SearchOptimizer<Scalar> {
    associatedtype Scalar: TensorScalar
    associatedtype Rule

    /// Its hyperparameters; with others it continues from the state it has.
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

/// What a schedule may change from one step to the next.
package struct StepSettings: Sendable, Equatable {
    package var learningRate: Double
    /// Takes the place of the optimizer's `momentum` or `beta1`; nil keeps the configured one.
    package var momentum: Double?

    package init(learningRate: Double, momentum: Double? = nil) {
        self.learningRate = learningRate
        self.momentum = momentum
    }
}

/// An entry of the registry: an optimizer's name, its hyperparameters and how to make one from them.
///
/// A conforming type is one set of checked hyperparameter values. To add an optimizer, write one file with a
/// rule and an ``Optimizer`` (or a ``SearchOptimizer``), and add the rule to ``OptimizerRegistry``.
package protocol OptimizerDescriptor: Sendable {
    /// What a configuration calls it.
    static var name: String { get }
    /// One line for listings.
    static var summary: String { get }
    /// The learning rate when none is given.
    static var defaultLearningRate: Double { get }
    /// Everything but the learning rate, in the order of the documentation.
    static var hyperparameters: [Hyperparameter] { get }

    /// Takes the values of all ``hyperparameters``, each already inside its own range.
    /// - Throws: `LearningError` when values do not go together.
    init(_ values: HyperparameterValues) throws(LearningError)

    /// A fresh optimizer for `parameterCount` parameters.
    func makeOptimizer<Scalar: TensorScalar>(of scalar: Scalar.Type, parameterCount: Int) -> OptimizerKind<Scalar>
}
