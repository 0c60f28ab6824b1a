package import Autograd

/// Steps in the parameters' own units (Zeiler, "ADADELTA: an adaptive learning rate method", 2012), as
/// `torch.optim.Adadelta`.
///
/// With gradient g, parameter θ, learning rate η and weight decay λ:
///
///     g ← -g                       if maximize
///     g ← g + λθ
///     v ← ρv + (1 - ρ)g²
///     δ ← sqrt(u + ε) / sqrt(v + ε) * g
///     u ← ρu + (1 - ρ)δ²
///     θ ← θ - ηδ
///
/// The paper has no learning rate; η = 1 is its rule.
package struct Adadelta: OptimizerDescriptor {
    package static let name = "adadelta"
    package static let summary = "steps scaled by the root mean square of earlier steps"
    package static let defaultLearningRate = 1.0
    package static let hyperparameters: [Hyperparameter] = [
        .number("rho", 0.9, .closed(0, 1), "how much of the mean squares is kept"),
        .number("eps", 1e-6, .atLeast(0), "added under both roots"),
        .weightDecay,
        .maximize,
    ]

    private let rho: Double
    private let epsilon: Double
    private let weightDecay: Double
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        rho = values.number("rho")
        epsilon = values.number("eps")
        weightDecay = values.number("weight_decay")
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(MeanSquares<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct MeanSquares<Scalar: TensorScalar>: Optimizer {
        var rule: Adadelta
        var ofGradients: [Scalar]
        var ofSteps: [Scalar]

        init(rule: Adadelta, parameterCount: Int) {
            self.rule = rule
            ofGradients = Array(repeating: 0, count: parameterCount)
            ofSteps = ofGradients
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            let rho = Scalar(rule.rho)
            let rest = Scalar(1 - rule.rho)
            let epsilon = Scalar(rule.epsilon)
            for i in parameters.indices {
                var gradient = rule.maximize ? -gradients[i] : gradients[i]
                if rule.weightDecay != 0 {
                    gradient.addProduct(parameters[i], Scalar(rule.weightDecay))
                }
                ofGradients[i] = (ofGradients[i] * rho).addingProduct(rest * gradient, gradient)
                let step = (ofSteps[i] + epsilon).squareRoot() / (ofGradients[i] + epsilon).squareRoot() * gradient
                ofSteps[i] = (ofSteps[i] * rho).addingProduct(rest * step, step)
                parameters[i].addProduct(step, Scalar(-settings.learningRate))
            }
        }
    }
}
