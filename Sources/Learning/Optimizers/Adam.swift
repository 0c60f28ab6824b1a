package import Autograd

/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), as `torch.optim.Adam`.
///
/// With gradient g, parameter θ, learning rate η, weight decay λ, and t counting steps from 1:
///
///     g ← -g                                   if maximize
///     g ← g + λθ                               (θ ← θ - ηλθ instead if decoupled_weight_decay)
///     m ← m + (1 - β1)(g - m)
///     v ← β2 v + (1 - β2) g²
///     d ← sqrt(v) / sqrt(1 - β2^t) + ε         (the largest v so far if amsgrad)
///     θ ← θ - η / (1 - β1^t) * m / d
///
/// Deviations from the paper are PyTorch's: ε is added to the root after the bias correction.
package struct Adam: OptimizerDescriptor {
    package static let name = "adam"
    package static let summary = "steps scaled by running means of the gradient and its square"
    package static let defaultLearningRate = 0.001
    package static let hyperparameters: [Hyperparameter] = [
        .beta1(0.9),
        .beta2(0.999),
        .epsilon(1e-8),
        .weightDecay,
        .flag("amsgrad", false, "divide by the largest mean square so far (Reddi et al. 2018)"),
        .maximize,
        .decoupledWeightDecay,
    ]

    private let beta1: Double
    private let beta2: Double
    private let epsilon: Double
    private let weightDecay: Double
    private let amsgrad: Bool
    private let maximize: Bool
    private let decoupled: Bool

    package init(_ values: HyperparameterValues) {
        self.init(values, decoupled: values.flag("decoupled_weight_decay"))
    }

    /// The rule with everything but the kind of weight decay taken from `values`.
    init(_ values: HyperparameterValues, decoupled: Bool) {
        self.decoupled = decoupled
        beta1 = values.number("beta1")
        beta2 = values.number("beta2")
        epsilon = values.number("eps")
        weightDecay = values.number("weight_decay")
        amsgrad = values.flag("amsgrad")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Moments<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct Moments<Scalar: TensorScalar>: Optimizer {
        var rule: Adam
        var beta1Power = RunningPower()
        var beta2Power = RunningPower()
        var mean: [Scalar]
        var meanSquare: [Scalar]
        var largestMeanSquare: [Scalar]

        init(rule: Adam, parameterCount: Int) {
            self.rule = rule
            mean = Array(repeating: 0, count: parameterCount)
            meanSquare = mean
            largestMeanSquare = mean
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            let learningRate = settings.learningRate
            let beta1 = settings.momentum ?? rule.beta1
            let stepSize = Scalar(-(learningRate / (1 - beta1Power.next(of: beta1))))
            let correction = Scalar((1 - beta2Power.next(of: rule.beta2)).squareRoot())
            for i in parameters.indices {
                var gradient = rule.maximize ? -gradients[i] : gradients[i]
                if rule.weightDecay != 0 {
                    if rule.decoupled {
                        parameters[i] *= Scalar(1 - learningRate * rule.weightDecay)
                    } else {
                        gradient.addProduct(parameters[i], Scalar(rule.weightDecay))
                    }
                }
                mean[i] = mean[i].interpolated(to: gradient, by: Scalar(1 - beta1))
                meanSquare[i] = (meanSquare[i] * Scalar(rule.beta2))
                    .addingProduct(Scalar(1 - rule.beta2) * gradient, gradient)
                largestMeanSquare[i] = max(largestMeanSquare[i], meanSquare[i])
                let square = rule.amsgrad ? largestMeanSquare[i] : meanSquare[i]
                let divisor = square.squareRoot() / correction + Scalar(rule.epsilon)
                parameters[i] += stepSize * mean[i] / divisor
            }
        }
    }
}
