package import Autograd

/// Rectified Adam (Liu et al., "On the variance of the adaptive learning rate and beyond", 2020), as
/// `torch.optim.RAdam`.
///
/// With gradient g, parameter θ, learning rate η, weight decay λ, and t counting steps from 1:
///
///     g ← -g                                   if maximize
///     g ← g + λθ                               (θ ← θ - ηλθ instead if decoupled_weight_decay)
///     m ← m + (1 - β1)(g - m)
///     v ← β2 v + (1 - β2) g²
///     ρ∞ = 2 / (1 - β2) - 1,   ρ = ρ∞ - 2t β2^t / (1 - β2^t)
///     r = sqrt((ρ - 4)(ρ - 2)ρ∞ / ((ρ∞ - 4)(ρ∞ - 2)ρ))
///     θ ← θ - η m / (1 - β1^t) * sqrt(1 - β2^t) / (sqrt(v) + ε) * r     while ρ > 5, else
///     θ ← θ - η m / (1 - β1^t)
///
/// Deviations from the paper are PyTorch's: the threshold of ρ is 5 instead of 4, and ε is added.
package struct RAdam: OptimizerDescriptor {
    package static let name = "radam"
    package static let summary = "adam that waits until its mean square can be trusted"
    package static let defaultLearningRate = 0.001
    package static let hyperparameters: [Hyperparameter] = [
        .beta1(0.9),
        .beta2(0.999),
        .epsilon(1e-8),
        .weightDecay,
        .decoupledWeightDecay,
        .maximize,
    ]

    private let beta1: Double
    private let beta2: Double
    private let epsilon: Double
    private let weightDecay: Double
    private let decoupled: Bool
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        beta1 = values.number("beta1")
        beta2 = values.number("beta2")
        epsilon = values.number("eps")
        weightDecay = values.number("weight_decay")
        decoupled = values.flag("decoupled_weight_decay")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Moments<Scalar>(rule: self, parameterCount: parameterCount))
    }

    /// r, or nil while too few squares are known for it.
    private func rectification(at step: Int, beta2Power: Double) -> Double? {
        let limit = 2 / (1 - beta2) - 1
        let length = limit - 2 * Double(step) * beta2Power / (1 - beta2Power)
        guard length > 5 else { return nil }
        return ((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)).squareRoot()
    }

    private struct Moments<Scalar: TensorScalar>: Optimizer {
        var rule: RAdam
        var stepsDone = 0
        var beta1Power = RunningPower()
        var beta2Power = RunningPower()
        var mean: [Scalar]
        var meanSquare: [Scalar]

        init(rule: RAdam, parameterCount: Int) {
            self.rule = rule
            mean = Array(repeating: 0, count: parameterCount)
            meanSquare = mean
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            stepsDone += 1
            let learningRate = settings.learningRate
            let beta1 = settings.momentum ?? rule.beta1
            let meanCorrection = Scalar(1 - beta1Power.next(of: beta1))
            let power = beta2Power.next(of: rule.beta2)
            let rootCorrection = Scalar((1 - power).squareRoot())
            let rectification = rule.rectification(at: stepsDone, beta2Power: power).map { Scalar($0) }
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
                var step = mean[i] / meanCorrection * Scalar(learningRate)
                if let rectification {
                    let divisor = meanSquare[i].squareRoot() + Scalar(rule.epsilon)
                    step = step * (1 / divisor * rootCorrection) * rectification
                }
                parameters[i] -= step
            }
        }
    }
}
