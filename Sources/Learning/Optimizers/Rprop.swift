package import Autograd
import TextFormats

/// Resilient backpropagation (Riedmiller and Braun 1993), as `torch.optim.Rprop`: only signs of gradients count.
///
/// With gradient g, the one before g', parameter θ and a step size Δ per parameter that starts as the learning rate:
///
///     g ← -g                       if maximize
///     Δ ← η+ Δ if g g' > 0, η- Δ if g g' < 0, within [step_min, step_max]
///     g ← 0                        if g g' < 0
///     θ ← θ - sign(g) Δ
///
/// This is the variant without weight backtracking (Rprop-). It is meant for full batches, and a schedule has no
/// effect after the first step.
package struct Rprop: OptimizerDescriptor {
    package static let name = "rprop"
    package static let summary = "steps that grow and shrink with the gradient's changes of sign"
    package static let defaultLearningRate = 0.01
    package static let hyperparameters: [Hyperparameter] = [
        .number("eta_minus", 0.5, .open(0, 1), "factor of the step after a change of sign"),
        .number("eta_plus", 1.2, .above(1), "factor of the step otherwise"),
        .number("step_min", 1e-6, .atLeast(0), "the smallest step"),
        .number("step_max", 50, .atLeast(0), "the largest step"),
        .maximize,
    ]

    private let shrinkage: Double
    private let growth: Double
    private let smallest: Double
    private let largest: Double
    private let maximize: Bool

    package init(_ values: HyperparameterValues) throws(LearningError) {
        shrinkage = values.number("eta_minus")
        growth = values.number("eta_plus")
        smallest = values.number("step_min")
        largest = values.number("step_max")
        maximize = values.flag("maximize")
        guard smallest <= largest else {
            throw LearningError(
                .invalidHyperparameter, "step_min is at most step_max, but \(smallest) is above \(largest)",
                advice: "give a smaller step_min")
        }
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(StepSizes<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct StepSizes<Scalar: TensorScalar>: Optimizer {
        var rule: Rprop
        /// Empty until the first step, whose learning rate they start from.
        var sizes: [Scalar] = []
        var lastGradients: [Scalar]

        init(rule: Rprop, parameterCount: Int) {
            self.rule = rule
            lastGradients = Array(repeating: 0, count: parameterCount)
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            if sizes.isEmpty {
                sizes = Array(repeating: Scalar(settings.learningRate), count: parameters.count)
            }
            for i in parameters.indices {
                var gradient = rule.maximize ? -gradients[i] : gradients[i]
                let agreement = gradient * lastGradients[i]
                if agreement > 0 {
                    sizes[i] *= Scalar(rule.growth)
                } else if agreement < 0 {
                    sizes[i] *= Scalar(rule.shrinkage)
                    gradient = 0
                }
                sizes[i] = min(max(sizes[i], Scalar(rule.smallest)), Scalar(rule.largest))
                parameters[i] -= gradient.signum * sizes[i]
                lastGradients[i] = gradient
            }
        }
    }
}
