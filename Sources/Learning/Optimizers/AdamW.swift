package import Autograd

/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019), as
/// `torch.optim.AdamW`.
///
/// ``Adam`` with θ ← θ - ηλθ before the step in place of λθ in the gradient. The decay is scaled by the learning
/// rate, schedule included, which the paper leaves out.
package struct AdamW: OptimizerDescriptor {
    package static let name = "adamw"
    package static let summary = "adam that shrinks the parameters instead of adding to the gradient"
    package static let defaultLearningRate = 0.001
    package static let hyperparameters: [Hyperparameter] = [
        .beta1(0.9),
        .beta2(0.999),
        .epsilon(1e-8),
        .number("weight_decay", 0.01, .atLeast(0), "how fast the parameters shrink, times the learning rate"),
        .flag("amsgrad", false, "divide by the largest mean square so far (Reddi et al. 2018)"),
        .maximize,
    ]

    private let adam: Adam

    package init(_ values: HyperparameterValues) {
        adam = Adam(values, decoupled: true)
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        adam.makeOptimizer(of: scalar, parameterCount: parameterCount)
    }
}
