package import Autograd
import Foundation

/// Averaged stochastic gradient descent (Polyak and Juditsky, "Acceleration of stochastic approximation by averaging",
/// 1992; learning rates after Bottou), as `torch.optim.ASGD`.
///
/// With gradient g, parameter θ, learning rate η, weight decay λ, and t counting steps from 1:
///
///     g ← -g                       if maximize
///     g ← g + λθ
///     η(1) = η,   η(t) = η / (1 + lambd η (t - 1))^alpha
///     θ ← θ (1 - lambd η(t)) - η(t) g
///     a ← a + μ(t)(θ - a)          with μ(t) = 1 / max(1, t - 1 - t0): a is θ until step t0 + 2
///
/// The averages a are read with `averages`; the recorded parameters are θ. As in PyTorch, η(t) and μ(t) are kept in
/// 32 bits in both number types, and the learning rate of one step enters the next one. The power is the platform's
/// `pow`: its last bit could differ from one platform to another, where rounding to 32 bits does not hide it.
package struct ASGD: OptimizerDescriptor {
    package static let name = "asgd"
    package static let summary = "gradient descent that also averages the parameters"
    package static let defaultLearningRate = 0.01
    package static let hyperparameters: [Hyperparameter] = [
        .number("lambd", 1e-4, .atLeast(0), "decay of parameters and learning rate"),
        .number("alpha", 0.75, .atLeast(0), "power of the learning rate's decay"),
        .number("t0", 1e6, .finite, "the step after which averaging begins"),
        .weightDecay,
        .maximize,
    ]

    private let decay: Double
    private let power: Double
    private let start: Double
    private let weightDecay: Double
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        decay = values.number("lambd")
        power = values.number("alpha")
        start = values.number("t0")
        weightDecay = values.number("weight_decay")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Averages<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct Averages<Scalar: TensorScalar>: Optimizer {
        var rule: ASGD
        var stepsDone = 0
        /// The coefficient η(t); nil until the first step.
        var rate: Float?
        /// The coefficient μ(t).
        var share: Float = 1
        var means: [Scalar]

        init(rule: ASGD, parameterCount: Int) {
            self.rule = rule
            means = Array(repeating: 0, count: parameterCount)
        }

        var averages: [Scalar]? { means }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            let learningRate = settings.learningRate
            let rate = rate ?? Float(learningRate)
            for i in parameters.indices {
                var gradient = rule.maximize ? -gradients[i] : gradients[i]
                if rule.weightDecay != 0 {
                    gradient.addProduct(parameters[i], Scalar(rule.weightDecay))
                }
                parameters[i] *= Scalar(1 - rule.decay * Double(rate))
                parameters[i].addProduct(gradient, Scalar(-rate))
                if share == 1 {
                    means[i] = parameters[i]
                } else {
                    means[i] += (parameters[i] - means[i]) * Scalar(share)
                }
            }
            stepsDone += 1
            let step = Double(stepsDone)
            self.rate = Float(learningRate / pow(1 + rule.decay * learningRate * step, rule.power))
            share = Float(1 / max(1, step - rule.start))
        }
    }
}
