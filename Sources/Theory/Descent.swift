/// Full-batch gradient descent with constant settings, whose every step is known in advance.
///
/// In the coordinates of the Hessian's eigenvectors each parameter is a recurrence of its own (Polyak 1964): with
/// gradient g = λc, buffer m ← μm + g and c ← c - ηm, or c ← c - η(g + μm) for Nesterov; η is the learning rate.
package struct Descent: Sendable {
    package let learningRate: Double
    package let momentum: Double
    package let isNesterov: Bool

    /// Nil unless the run is plain descent on full batches from its own beginning, where buffers are zero.
    package init?(_ method: Method) {
        guard method.fullBatchEdge != nil, !method.isFork else { return nil }
        self.init(
            learningRate: method.learningRate, momentum: method.momentum, isNesterov: method.isOn("nesterov"))
    }

    package init(learningRate: Double, momentum: Double = 0, isNesterov: Bool = false) {
        (self.learningRate, self.momentum, self.isNesterov) = (learningRate, momentum, isNesterov)
    }

    /// The excess after each number of updates in `steps`, which ascend, from a start at these parameters.
    ///
    /// Nil where the minimum is not unique.
    package func excesses(on objective: Objective, from start: [Double], after steps: [Int]) -> [Double]? {
        guard let optimum = objective.optimum else { return nil }
        let eigensystem = objective.surface.eigensystem
        let modes = eigensystem.values.map { objective.scale * $0 }
        var coordinates = eigensystem.coordinates(of: zip(start, optimum).map { $0 - $1 })
        var buffers = modes.map { _ in 0.0 }
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
    package func rate(on objective: Objective) -> Double? {
        guard momentum == 0 else { return nil }
        let (largest, smallest) = objective.curvature
        return max(abs(1 - learningRate * largest), abs(1 - learningRate * smallest))
    }
}
