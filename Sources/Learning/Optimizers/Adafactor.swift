package import Autograd
import Foundation

/// Adafactor (Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018), as
/// `torch.optim.Adafactor` treats parameters of shape [1, 1].
///
/// With gradient g, parameter θ, learning rate η, weight decay λ, and t counting steps from 1:
///
///     g ← -g                       if maximize
///     α ← max(ε2, |θ|) min(η, 1 / sqrt(t))
///     θ ← θ - ηλθ
///     r ← r + t^beta2_decay (g² - r)
///     u ← g / sqrt(max(r r / max(r, ε1), ε1²))
///     θ ← θ - α u / max(1, |u| / d)
///
/// A parameter is a matrix of one row and one column, so its row mean r is its column mean too. Where ε1 enters, and
/// that η bounds the relative step, are PyTorch's deviations from the paper. t^beta2_decay is the platform's `pow`:
/// its last bit is the only thing here that could differ from one platform to another.
package struct Adafactor: OptimizerDescriptor {
    package static let name = "adafactor"
    package static let summary = "steps relative to the parameters, with factored mean squares"
    package static let defaultLearningRate = 0.01
    package static let hyperparameters: [Hyperparameter] = [
        .number("beta2_decay", -0.8, .atMost(0), "power of the step by which mean squares are renewed"),
        .automatic("eps1", .atLeast(0), "the least mean square; auto is the number type's precision"),
        .number("eps2", 0.001, .atLeast(0), "the least magnitude of a parameter that steps are relative to"),
        .number("d", 1, .atLeast(1), "the largest scaled step"),
        .number("weight_decay", 0, .atLeast(0), "how fast the parameters shrink, times the learning rate"),
        .maximize,
    ]

    private let beta2Decay: Double
    private let epsilon1: Double?
    private let epsilon2: Double
    private let threshold: Double
    private let weightDecay: Double
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        beta2Decay = values.number("beta2_decay")
        epsilon1 = values.optionalNumber("eps1")
        epsilon2 = values.number("eps2")
        threshold = values.number("d")
        weightDecay = values.number("weight_decay")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(FactoredMoments<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct FactoredMoments<Scalar: TensorScalar>: Optimizer {
        var rule: Adafactor
        var stepsDone = 0
        var meanSquare: [Scalar]

        init(rule: Adafactor, parameterCount: Int) {
            self.rule = rule
            meanSquare = Array(repeating: 0, count: parameterCount)
        }

        private var epsilon1: Double { rule.epsilon1 ?? Double(Scalar.ulpOfOne) }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            stepsDone += 1
            let step = Double(stepsDone)
            let learningRate = settings.learningRate
            let share = Scalar(pow(step, rule.beta2Decay))
            let relativeStep = min(learningRate, 1 / step.squareRoot())
            for i in parameters.indices {
                let gradient = rule.maximize ? -gradients[i] : gradients[i]
                let stepSize = max(rule.epsilon2, Double(parameters[i].magnitude)) * relativeStep
                if rule.weightDecay != 0 {
                    parameters[i] *= Scalar(1 - learningRate * rule.weightDecay)
                }
                meanSquare[i] = meanSquare[i].interpolated(to: gradient * gradient, by: share)
                let estimate = meanSquare[i] * meanSquare[i] / max(meanSquare[i], Scalar(epsilon1))
                let direction = 1 / max(estimate, Scalar(epsilon1 * epsilon1)).squareRoot() * gradient
                let excess = max(1, Double(direction.magnitude) / rule.threshold)
                parameters[i].addProduct(direction, Scalar(-stepSize / excess))
            }
        }
    }
}
