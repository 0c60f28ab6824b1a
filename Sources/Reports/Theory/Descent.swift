import Tracking

/// Full-batch gradient descent with constant settings, whose every step is known in advance.
///
/// In the coordinates of the Hessian's eigenvectors each parameter is a recurrence of its own (Polyak 1964): with
/// gradient g = λc, buffer m ← μm + g and c ← c - ηm, or c ← c - η(g + μm) for Nesterov; η is the learning rate.
struct Descent: Sendable {
    let learningRate: Double
    let momentum: Double
    let isNesterov: Bool

    /// Nil unless the run is plain descent: sgd on full batches without schedule, clipping, dampening or decay.
    init?(_ run: ReportedRun) {
        guard StabilityEdge(run).bound != nil else { return nil }
        learningRate = run.run.plan.learningRate
        momentum = run.configuration.hyperparameter("momentum") ?? 0
        isNesterov = run.configuration.isOn("nesterov")
    }

    init(learningRate: Double, momentum: Double = 0, isNesterov: Bool = false) {
        (self.learningRate, self.momentum, self.isNesterov) = (learningRate, momentum, isNesterov)
    }

    /// The excess after each number of updates in `steps`, which ascend, from a start at (w, b).
    ///
    /// Nil where the minimum is not unique.
    func excesses(on problem: Problem, from start: (w: Double, b: Double), after steps: [Int]) -> [Double]? {
        guard let optimum = problem.dataset.optimum else { return nil }
        let curvature = problem.curvature
        let modes = [curvature.largest, curvature.smallest]
        var coordinates = problem.coordinates(w: start.w - optimum.w, b: start.b - optimum.b)
        var buffers = [0.0, 0.0]
        var excesses: [Double] = []
        var updates = 0
        for step in steps {
            while updates < step {
                for (mode, curvature) in modes.enumerated() {
                    let gradient = curvature * coordinates[mode]
                    buffers[mode] = momentum * buffers[mode] + gradient
                    let direction = isNesterov ? gradient + momentum * buffers[mode] : buffers[mode]
                    coordinates[mode] -= learningRate * direction
                }
                updates += 1
            }
            excesses.append(zip(modes, coordinates).reduce(0) { $0 + 0.5 * $1.0 * $1.1 * $1.1 })
        }
        return excesses
    }

    /// By which factor a step of descent without momentum shrinks the parameters' distance in the end:
    /// max |1 - ηλ|.
    func rate(on problem: Problem) -> Double? {
        guard momentum == 0 else { return nil }
        let (largest, smallest) = problem.curvature
        return max(abs(1 - learningRate * largest), abs(1 - learningRate * smallest))
    }
}
