package import Autograd
import Foundation

/// Adam with Nesterov momentum (Dozat, "Incorporating Nesterov momentum into Adam", 2016), as `torch.optim.NAdam`.
///
/// With gradient g, parameter θ, learning rate η, weight decay λ, momentum decay ψ, and t counting steps from 1:
///
///     g ← -g                                   if maximize
///     g ← g + λθ                               (θ ← θ - ηλθ instead if decoupled_weight_decay)
///     μ(t) = β1 (1 - 0.96^(tψ) / 2)
///     P ← P μ(t)
///     m ← m + (1 - β1)(g - m)
///     v ← β2 v + (1 - β2) g²
///     d ← sqrt(v / (1 - β2^t)) + ε
///     θ ← θ - η (1 - μ(t)) / (1 - P) * g / d
///     θ ← θ - η μ(t+1) / (1 - P μ(t+1)) * m / d
///
/// As in PyTorch the product P is kept in 32 bits in both number types. 0.96^(tψ) is the platform's `pow`: its last
/// bit is the only thing here that could differ from one platform to another.
package struct NAdam: OptimizerDescriptor {
    package static let name = "nadam"
    package static let summary = "adam with Nesterov momentum"
    package static let defaultLearningRate = 0.002
    package static let hyperparameters: [Hyperparameter] = [
        .beta1(0.9),
        .beta2(0.999),
        .epsilon(1e-8),
        .weightDecay,
        .number("momentum_decay", 0.004, .atLeast(0), "how fast the momentum grows towards beta1"),
        .decoupledWeightDecay,
        .maximize,
    ]

    private let beta1: Double
    private let beta2: Double
    private let epsilon: Double
    private let weightDecay: Double
    private let momentumDecay: Double
    private let decoupled: Bool
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        beta1 = values.number("beta1")
        beta2 = values.number("beta2")
        epsilon = values.number("eps")
        weightDecay = values.number("weight_decay")
        momentumDecay = values.number("momentum_decay")
        decoupled = values.flag("decoupled_weight_decay")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Moments<Scalar>(rule: self, parameterCount: parameterCount))
    }

    /// The coefficient μ(t).
    private func momentum(at step: Int, beta1: Double) -> Double {
        beta1 * (1 - 0.5 * pow(0.96, Double(step) * momentumDecay))
    }

    private struct Moments<Scalar: TensorScalar>: Optimizer {
        var rule: NAdam
        var stepsDone = 0
        var beta2Power = RunningPower()
        var momentumProduct: Float = 1
        var mean: [Scalar]
        var meanSquare: [Scalar]

        init(rule: NAdam, parameterCount: Int) {
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
            let momentum = rule.momentum(at: stepsDone, beta1: beta1)
            let nextMomentum = rule.momentum(at: stepsDone + 1, beta1: beta1)
            momentumProduct *= Float(momentum)
            let product = Double(momentumProduct)
            let gradientScale = Scalar(-learningRate * (1 - momentum) / (1 - product))
            let meanScale = Scalar(-learningRate * nextMomentum / (1 - product * nextMomentum))
            let correction = Scalar(1 - beta2Power.next(of: rule.beta2))
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
                let divisor = (meanSquare[i] / correction).squareRoot() + Scalar(rule.epsilon)
                parameters[i] += gradientScale * gradient / divisor
                parameters[i] += meanScale * mean[i] / divisor
            }
        }
    }
}
