package import Autograd

/// A rule that moves parameters along their gradients, with the state it carries from step to step.
///
/// Parameters and gradients are one flat list each, in the model's order. An optimizer is a value:
/// a copy continues on its own.
package protocol Optimizer<Scalar> {
    associatedtype Scalar: TensorScalar

    /// Moves `parameters` by one step. `gradients` has one entry per parameter.
    mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], learningRate: Double)
}
