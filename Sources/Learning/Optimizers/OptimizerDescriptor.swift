package import Autograd

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
