package import Autograd

/// Adam with the infinity norm (Kingma and Ba 2015, section 7.1), as `torch.optim.Adamax`.
///
/// With gradient g, parameter θ, learning rate η, weight decay λ, and t counting steps from 1:
///
///     g ← -g                       if maximize
///     g ← g + λθ
///     m ← m + (1 - β1)(g - m)
///     u ← max(β2 u, |g| + ε)
///     θ ← θ - η / (1 - β1^t) * m / u
///
/// Adding ε inside the maximum is PyTorch's deviation from the paper, which has none.
package struct Adamax: OptimizerDescriptor {
    package static let name = "adamax"
    package static let summary = "adam with the largest recent gradient as divisor"
    package static let defaultLearningRate = 0.002
    package static let hyperparameters: [Hyperparameter] = [
        .beta1(0.9),
        .number("beta2", 0.999, .halfOpen(0, 1), "how much of the largest gradient is kept"),
        .number("eps", 1e-8, .atLeast(0), "added to the gradient's magnitude"),
        .weightDecay,
        .maximize,
    ]

    private let beta1: Double
    private let beta2: Double
    private let epsilon: Double
    private let weightDecay: Double
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        beta1 = values.number("beta1")
        beta2 = values.number("beta2")
        epsilon = values.number("eps")
        weightDecay = values.number("weight_decay")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Moments<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct Moments<Scalar: TensorScalar>: Optimizer {
        var rule: Adamax
        var beta1Power = RunningPower()
        var mean: [Scalar]
        var largest: [Scalar]

        init(rule: Adamax, parameterCount: Int) {
            self.rule = rule
            mean = Array(repeating: 0, count: parameterCount)
            largest = mean
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            let beta1 = settings.momentum ?? rule.beta1
            let stepSize = Scalar(-(settings.learningRate / (1 - beta1Power.next(of: beta1))))
            for i in parameters.indices {
                var gradient = rule.maximize ? -gradients[i] : gradients[i]
                if rule.weightDecay != 0 {
                    gradient.addProduct(parameters[i], Scalar(rule.weightDecay))
                }
                mean[i] = mean[i].interpolated(to: gradient, by: Scalar(1 - beta1))
                largest[i] = max(largest[i] * Scalar(rule.beta2), gradient.magnitude + Scalar(rule.epsilon))
                parameters[i] += stepSize * mean[i] / largest[i]
            }
        }
    }
}
