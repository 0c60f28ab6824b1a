package import Autograd

/// The quasi-Newton method L-BFGS (Nocedal, "Updating quasi-Newton matrices with limited storage", 1980), as
/// `torch.optim.LBFGS`.
///
/// One step holds up to max_iter iterations, each with its own evaluations of the loss. With gradient g, parameters θ
/// and learning rate η, iteration k takes:
///
///     y ← g - g',  s ← t d                     remembered while y·s > 1e-10, at most history_size of them
///     d ← -H g                                 by the two-loop recursion with H0 = y·s / y·y; d = -g the first time
///     t ← η                                    the first time η min(1, 1 / Σ|g|)
///     θ ← θ + t d                              t by a line search if line_search_fn is strong_wolfe
///
/// An iteration is the last one when max|g| ≤ tolerance_grad, g·d > -tolerance_change, max|t d| ≤ tolerance_change, the
/// loss changed by less than tolerance_change, or max_eval evaluations are used up.
///
/// Loss and slopes of the line search are 64-bit numbers in both number types. Parameters cannot have settings of
/// their own. A run with batches sees one batch for all evaluations of a step.
package struct LBFGS: OptimizerDescriptor {
    package static let name = "lbfgs"
    package static let summary = "quasi-Newton steps, each with several evaluations of the loss"
    package static let defaultLearningRate = 1.0
    package static let hyperparameters: [Hyperparameter] = [
        .number("max_iter", 20, .count(1), "iterations in one step, at most"),
        .automatic("max_eval", .count(1), "evaluations in one step, at most; auto is 5/4 of max_iter"),
        .number("tolerance_grad", 1e-7, .atLeast(0), "a gradient this small ends the step"),
        .number("tolerance_change", 1e-9, .atLeast(0), "a change this small ends the step"),
        .number("history_size", 100, .count(1), "how many changes of the gradient are remembered"),
        .choice("line_search_fn", ["none", "strong_wolfe"], "how the length of a step is found"),
        .maximize,
    ]

    private let iterationLimit: Int
    private let evaluationLimit: Int
    private let gradientTolerance: Double
    private let changeTolerance: Double
    private let historySize: Int
    private let searchesLine: Bool
    private let maximize: Bool

    package init(_ values: HyperparameterValues) {
        iterationLimit = values.count("max_iter")
        evaluationLimit = values.optionalNumber("max_eval").map { Int($0) } ?? iterationLimit * 5 / 4
        gradientTolerance = values.number("tolerance_grad")
        changeTolerance = values.number("tolerance_change")
        historySize = values.count("history_size")
        searchesLine = values.word("line_search_fn") == "strong_wolfe"
        maximize = values.flag("maximize")
    }

    package func makeOptimizer<Scalar: TensorScalar>(
        of scalar: Scalar.Type, parameterCount: Int
    ) -> OptimizerKind<Scalar> {
        .searching(Search<Scalar>(rule: self))
    }

    private struct Search<Scalar: TensorScalar>: SearchOptimizer {
        typealias Rule = LBFGS

        var rule: LBFGS {
            didSet { curvature.size = rule.historySize }
        }
        var curvature: CurvatureHistory<Scalar>
        /// The last iteration's step and the gradient before it; nil before the first one.
        var last: (step: [Scalar], gradient: [Scalar])?

        init(rule: LBFGS) {
            self.rule = rule
            curvature = CurvatureHistory(size: rule.historySize)
        }

        mutating func update(
            _ parameters: inout [Scalar], loss: Scalar, gradients: [Scalar], settings: StepSettings, evaluate: Evaluate
        ) throws {
            var point = descending(at: 0, loss: loss, gradient: gradients)
            var evaluations = 1
            guard !isOptimal(point) else { return }
            for iteration in 1...rule.iterationLimit {
                let direction = nextDirection(point.gradient)
                var length = settings.learningRate
                if last == nil {
                    length *= min(1, 1 / Double(point.gradient.reduce(0) { $0 + $1.magnitude }))
                }
                let slope = Double(dot(point.gradient, direction))
                let start = LinePoint(position: 0, loss: point.loss, slope: slope, gradient: point.gradient)
                if slope > -rule.changeTolerance {
                    last = (direction.map { $0 * Scalar(length) }, start.gradient)
                    return
                }
                let origin = parameters
                func evaluateLine(_ position: Double) throws -> LinePoint<Scalar> {
                    evaluations += 1
                    var gradient = gradients
                    let loss = try evaluate(moved(origin, along: direction, by: position), &gradient)
                    var point = descending(at: position, loss: loss, gradient: gradient)
                    point.slope = Double(dot(point.gradient, direction))
                    return point
                }
                if rule.searchesLine {
                    point = try StrongWolfe(
                        changeTolerance: rule.changeTolerance, evaluationLimit: rule.evaluationLimit - evaluations
                    )
                    .search(
                        from: start, firstTrial: length, directionSize: largestMagnitude(direction),
                        evaluate: evaluateLine)
                    length = point.position
                } else if iteration < rule.iterationLimit {
                    point = try evaluateLine(length)
                }
                parameters = moved(origin, along: direction, by: length)
                let step = direction.map { $0 * Scalar(length) }
                last = (step, start.gradient)
                if iteration == rule.iterationLimit || evaluations >= rule.evaluationLimit || isOptimal(point)
                    || largestMagnitude(step) <= rule.changeTolerance
                    || abs(point.loss - start.loss) < rule.changeTolerance
                {
                    return
                }
            }
        }

        private mutating func nextDirection(_ gradient: [Scalar]) -> [Scalar] {
            guard let last else { return gradient.map { -$0 } }
            curvature.remember(step: last.step, gradientChange: zip(gradient, last.gradient).map { $0 - $1 })
            return curvature.direction(against: gradient)
        }

        /// A point whose loss falls where the objective improves.
        private func descending(at position: Double, loss: Scalar, gradient: [Scalar]) -> LinePoint<Scalar> {
            LinePoint(
                position: position, loss: Double(rule.maximize ? -loss : loss), slope: 0,
                gradient: rule.maximize ? gradient.map { -$0 } : gradient)
        }

        private func isOptimal(_ point: LinePoint<Scalar>) -> Bool {
            largestMagnitude(point.gradient) <= rule.gradientTolerance
        }

        private func moved(_ parameters: [Scalar], along direction: [Scalar], by length: Double) -> [Scalar] {
            zip(parameters, direction).map { $0.addingProduct($1, Scalar(length)) }
        }

        private func largestMagnitude(_ vector: [Scalar]) -> Double {
            Double(vector.reduce(0) { max($0, $1.magnitude) })
        }
    }
}

/// What L-BFGS remembers of the Hessian: the latest steps with the changes of the gradient along them.
private struct CurvatureHistory<Scalar: TensorScalar> {
    private struct Pair {
        let step: [Scalar]
        let gradientChange: [Scalar]
        /// The reciprocal 1 / (y·s).
        let weight: Scalar
    }

    /// How many pairs are kept.
    var size: Int
    private var pairs: [Pair] = []
    /// The first guess of the inverse Hessian's diagonal.
    private var scale: Scalar = 1

    init(size: Int) {
        self.size = size
    }

    /// Adds a pair, unless the curvature along the step is not safely positive, and drops the oldest beyond the size.
    mutating func remember(step: [Scalar], gradientChange: [Scalar]) {
        let product = dot(gradientChange, step)
        guard product > 1e-10 else { return }
        if pairs.count >= size { pairs.removeFirst(pairs.count - size + 1) }
        pairs.append(Pair(step: step, gradientChange: gradientChange, weight: 1 / product))
        scale = product / dot(gradientChange, gradientChange)
    }

    /// The direction -Hg by the two-loop recursion (Nocedal 1980).
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    func direction(against gradient: [Scalar]) -> [Scalar] {
        var direction = gradient.map { -$0 }
        var shares: [Scalar] = []
        for pair in pairs.reversed() {
            let share = dot(pair.step, direction) * pair.weight
            add(-share, pair.gradientChange, to: &direction)
            shares.append(share)
        }
        direction = direction.map { $0 * scale }
        for (pair, share) in zip(pairs, shares.reversed()) {
            add(share - dot(pair.gradientChange, direction) * pair.weight, pair.step, to: &direction)
        }
        return direction
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private func add(_ factor: Scalar, _ vector: [Scalar], to sum: inout [Scalar]) {
        for i in sum.indices { sum[i].addProduct(vector[i], factor) }
    }
}

/// The scalar product, summed from left to right.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func dot<Scalar: TensorScalar>(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
