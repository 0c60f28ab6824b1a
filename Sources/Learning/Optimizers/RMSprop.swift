package import Autograd

/// Steps divided by the root of the mean squared gradient (Tieleman and Hinton, lecture 6.5, 2012; centered: Graves,
/// "Generating sequences with recurrent neural networks", 2013), as `torch.optim.RMSprop`.
///
/// With gradient g, parameter θ, learning rate η, weight decay λ and momentum μ:
///
///     g ← -g                       if maximize
///     g ← g + λθ
///     v ← αv + (1 - α)g²
///     a ← a + (1 - α)(g - a)       only if centered, else a = 0
///     d ← sqrt(v - a²) + ε
///     b ← μb + g / d               only with μ > 0
///     θ ← θ - ηb                   with μ > 0, else θ ← θ - η g / d
///
/// There is no bias correction: the first step is η / sqrt(1 - α) long. α above 1 is not refused, as in PyTorch.
package struct RMSprop: OptimizerDescriptor {
    package static let name = "rmsprop"
    package static let summary = "steps divided by the root of a running mean of squared gradients"
    package static let defaultLearningRate = 0.01
    package static let hyperparameters: [Hyperparameter] = [
        .number("alpha", 0.99, .atLeast(0), "how much of the mean squared gradient is kept"),
        .epsilon(1e-8),
        .weightDecay,
        .number("momentum", 0, .atLeast(0), "how much of the last step is kept"),
        .flag("centered", false, "divide by the variance instead of the mean square"),
        .maximize,
    ]

    private let alpha: Double
    private let epsilon: Double
    private let weightDecay: Double
    private let momentum: Double
    private let centered: Bool
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        alpha = values.number("alpha")
        epsilon = values.number("eps")
        weightDecay = values.number("weight_decay")
        momentum = values.number("momentum")
        centered = values.flag("centered")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Moments<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct Moments<Scalar: TensorScalar>: Optimizer {
        var rule: RMSprop
        var meanSquare: [Scalar]
        var mean: [Scalar]
        var velocity: [Scalar]

        init(rule: RMSprop, parameterCount: Int) {
            self.rule = rule
            meanSquare = Array(repeating: 0, count: parameterCount)
            mean = meanSquare
            velocity = meanSquare
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            let momentum = settings.momentum ?? rule.momentum
            let stepSize = Scalar(-settings.learningRate)
            for i in parameters.indices {
                var gradient = rule.maximize ? -gradients[i] : gradients[i]
                if rule.weightDecay != 0 {
                    gradient.addProduct(parameters[i], Scalar(rule.weightDecay))
                }
                meanSquare[i] = (meanSquare[i] * Scalar(rule.alpha))
                    .addingProduct(Scalar(1 - rule.alpha) * gradient, gradient)
                var variance = meanSquare[i]
                if rule.centered {
                    mean[i] = mean[i].interpolated(to: gradient, by: Scalar(1 - rule.alpha))
                    variance.addProduct(-mean[i], mean[i])
                }
                let divisor = variance.squareRoot() + Scalar(rule.epsilon)
                if momentum > 0 {
                    velocity[i] = velocity[i] * Scalar(momentum) + gradient / divisor
                    parameters[i].addProduct(velocity[i], stepSize)
                } else {
                    parameters[i] += stepSize * gradient / divisor
                }
            }
        }
    }
}
