package import Autograd

/// Evolved sign momentum (Chen et al., "Symbolic discovery of optimization algorithms", 2023).
///
/// With gradient g, parameter θ, learning rate η and weight decay λ:
///
///     g ← -g                       if maximize
///     c ← β1 m + (1 - β1) g
///     θ ← θ - η (sign(c) + λθ)
///     m ← β2 m + (1 - β2) g
///
/// PyTorch has no such optimizer; this is the paper's rule, each operation rounded once. Every step without weight
/// decay is exactly η long in every parameter.
package struct Lion: OptimizerDescriptor {
    package static let name = "lion"
    package static let summary = "steps of one size in the direction of the momentum's signs"
    package static let defaultLearningRate = 0.0001
    package static let hyperparameters: [Hyperparameter] = [
        .number("beta1", 0.9, .halfOpen(0, 1), "how much of the momentum enters the sign"),
        .number("beta2", 0.99, .halfOpen(0, 1), "how much of the momentum is kept"),
        .number("weight_decay", 0, .atLeast(0), "how fast the parameters shrink, times the learning rate"),
        .maximize,
    ]

    private let beta1: Double
    private let beta2: Double
    private let weightDecay: Double
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        beta1 = values.number("beta1")
        beta2 = values.number("beta2")
        weightDecay = values.number("weight_decay")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(SignMomentum<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct SignMomentum<Scalar: TensorScalar>: Optimizer {
        var rule: Lion
        var momentum: [Scalar]

        init(rule: Lion, parameterCount: Int) {
            self.rule = rule
            momentum = Array(repeating: 0, count: parameterCount)
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            let beta1 = settings.momentum ?? rule.beta1
            let beta2 = rule.beta2
            for i in parameters.indices {
                let gradient = rule.maximize ? -gradients[i] : gradients[i]
                let direction = (Scalar(beta1) * momentum[i] + Scalar(1 - beta1) * gradient).signum
                let decay = Scalar(rule.weightDecay) * parameters[i]
                parameters[i] -= Scalar(settings.learningRate) * (direction + decay)
                momentum[i] = Scalar(beta2) * momentum[i] + Scalar(1 - beta2) * gradient
            }
        }
    }
}
