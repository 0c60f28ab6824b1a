package import Autograd
import TextFormats

/// Stochastic gradient descent with momentum, as `torch.optim.SGD`.
///
/// With gradient g, parameter θ, learning rate η, weight decay λ, momentum μ and dampening τ:
///
///     g ← -g                 if maximize
///     g ← g + λθ
///     v ← g                  on the first step, else
///     v ← μv + (1 - τ)g
///     g ← g + μv             if nesterov, else g ← v     (only with μ ≠ 0)
///     θ ← θ - ηg
///
/// Momentum is heavy ball's (Polyak 1964), with the learning rate outside the buffer; Nesterov's variant is that
/// of Sutskever et al. 2013. PyTorch rounds each "a + s*b" once; `fused_multiply_add=false` rounds s*b first,
/// as `w -= lr * grad` written by hand does.
package struct SGD: OptimizerDescriptor {
    package static let name = "sgd"
    package static let summary = "gradient descent with heavy-ball or Nesterov momentum"
    package static let defaultLearningRate = 0.1
    package static let hyperparameters: [Hyperparameter] = [
        .number("momentum", 0, .atLeast(0), "how much of the last update is kept"),
        .number("dampening", 0, .finite, "how much less of the gradient enters the momentum"),
        .weightDecay,
        .flag("nesterov", false, "look ahead along the momentum; needs momentum and no dampening"),
        .maximize,
        .flag("fused_multiply_add", true, "round a + s*b once, as PyTorch does, instead of twice"),
    ]

    private let momentum: Double
    private let dampening: Double
    private let weightDecay: Double
    private let nesterov: Bool
    private let maximize: Bool
    private let fused: Bool

    package init(_ values: HyperparameterValues) throws(LearningError) {
        momentum = values.number("momentum")
        dampening = values.number("dampening")
        weightDecay = values.number("weight_decay")
        nesterov = values.flag("nesterov")
        maximize = values.flag("maximize")
        fused = values.flag("fused_multiply_add")
        guard !nesterov || (momentum > 0 && dampening == 0) else {
            throw LearningError(
                .invalidHyperparameter,
                "nesterov needs a momentum above 0 and a dampening of 0, not momentum \(momentum) and "
                    + "dampening \(dampening)",
                advice: momentum > 0 ? "leave dampening out" : "add \(option: "set") momentum=0.9",
                torch: "Nesterov momentum requires a momentum and zero dampening")
        }
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .direct(Descent<Scalar>(rule: self, parameterCount: parameterCount))
    }

    private struct Descent<Scalar: TensorScalar>: Optimizer {
        var rule: SGD
        /// Nil until the first step: the first gradient enters undampened.
        var velocity: [Scalar]?

        init(rule: SGD, parameterCount: Int) {
            self.rule = rule
        }

        @specialized(where Scalar == Float)
        @specialized(where Scalar == Double)
        mutating func update(_ parameters: inout [Scalar], gradients: [Scalar], settings: StepSettings) {
            var directions = gradients
            if rule.maximize {
                for i in directions.indices { directions[i] = -directions[i] }
            }
            if rule.weightDecay != 0 {
                for i in directions.indices {
                    directions[i] = add(directions[i], Scalar(rule.weightDecay), parameters[i])
                }
            }
            let momentum = settings.momentum ?? rule.momentum
            if momentum != 0 {
                apply(Scalar(momentum), to: &directions)
            }
            for i in parameters.indices {
                parameters[i] = add(parameters[i], Scalar(-settings.learningRate), directions[i])
            }
        }

        private mutating func apply(_ momentum: Scalar, to directions: inout [Scalar]) {
            if var moving = velocity {
                for i in moving.indices {
                    moving[i] = add(moving[i] * momentum, Scalar(1 - rule.dampening), directions[i])
                }
                velocity = moving
            } else {
                velocity = directions
            }
            guard let velocity else { return }
            for i in directions.indices {
                directions[i] = rule.nesterov ? add(directions[i], momentum, velocity[i]) : velocity[i]
            }
        }

        /// The sum a + s*b.
        private func add(_ a: Scalar, _ s: Scalar, _ b: Scalar) -> Scalar {
            rule.fused ? a.addingProduct(b, s) : a + s * b
        }
    }
}
