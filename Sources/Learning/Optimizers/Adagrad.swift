package import Autograd

/// Steps divided by the root of all squared gradients (Duchi, Hazan and Singer, "Adaptive subgradient methods", 2011),
/// as `torch.optim.Adagrad`.
///
/// With gradient g, parameter θ, learning rate η, its decay γ, weight decay λ, and t counting steps from 1:
///
///     g ← -g                       if maximize
///     g ← g + λθ
///     s ← s + g²                   (s starts as initial_accumulator_value)
///     θ ← θ - η / (1 + (t - 1)γ) * g / (sqrt(s) + ε)
package struct Adagrad: OptimizerDescriptor {
    package static let name = "adagrad"
    package static let summary = "steps divided by the root of the sum of squared gradients"
    package static let defaultLearningRate = 0.01
    package static let hyperparameters: [Hyperparameter] = [
        .number("lr_decay", 0, .atLeast(0), "how fast the learning rate falls with the steps"),
        .weightDecay,
        .number("initial_accumulator_value", 0, .atLeast(0), "where the sum of squares starts"),
        .epsilon(1e-10),
        .maximize,
    ]

    private let learningRateDecay: Double
    private let weightDecay: Double
    private let initialSum: Double
    private let epsilon: Double
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        learningRateDecay = values.number("lr_decay")
        weightDecay = values.number("weight_decay")
        initialSum = values.number("initial_accumulator_value")
        epsilon = values.number("eps")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Sums<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct Sums<Scalar: TensorScalar>: Optimizer {
        var rule: Adagrad
        var stepsDone = 0
        var sumOfSquares: [Scalar]

        init(rule: Adagrad, parameterCount: Int) {
            self.rule = rule
            sumOfSquares = Array(repeating: Scalar(rule.initialSum), count: parameterCount)
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            let stepSize = Scalar(-(settings.learningRate / (1 + Double(stepsDone) * rule.learningRateDecay)))
            stepsDone += 1
            for i in parameters.indices {
                var gradient = rule.maximize ? -gradients[i] : gradients[i]
                if rule.weightDecay != 0 {
                    gradient.addProduct(parameters[i], Scalar(rule.weightDecay))
                }
                sumOfSquares[i].addProduct(gradient, gradient)
                let divisor = sumOfSquares[i].squareRoot() + Scalar(rule.epsilon)
                parameters[i] += stepSize * gradient / divisor
            }
        }
    }
}
