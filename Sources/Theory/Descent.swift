/// Full-batch gradient descent with constant settings, whose every step is known in advance.
///
/// In the coordinates of the Hessian's eigenvectors each parameter is a recurrence of its own (Polyak 1964): with
/// gradient g = λc, buffer m ← μm + g and c ← c - ηm, or c ← c - η(g + μm) for Nesterov; η is the learning rate.
package struct Descent: Sendable {
    package let learningRate: Double
    package let momentum: Double
    package let isNesterov: Bool

    /// The excess after some updates, and how well a run in its number type can have it.
    package struct ExactExcess: Sendable, Equatable {
        package let value: Double
        /// How far rounding can move the run's own excess from `value`, as a part of it; infinite where that is 0.
        package let rounding: Double
    }

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
    /// Every step moves the parameters by an error of its own (`Objective.rounding(ofStepFrom:learningRate:)`), and each mode makes of it what it
    /// makes of any distance, so that after t steps a mode's error is the sum of |h_k| δ(t - k) over its response h to one
    /// unit. With d the largest δ(s) ρ^(t - s), ρ the larger of 1 and the factor at which the mode grows, that is at most
    /// d Σ |h_k| / ρ^k. Where a mode shrinks slowly, the errors add up to many of one step's. To that comes the rounding of the excess
    /// itself.
    ///
    /// Nil where the minimum is not unique.
    package func excesses(on objective: Objective, from start: [Double], after steps: [Int]) -> [ExactExcess]? {
        guard let optimum = objective.optimum else { return nil }
        let eigensystem = objective.surface.eigensystem
        var modes = zip(
            eigensystem.values, eigensystem.coordinates(of: zip(start, optimum).map { $0 - $1 })
        ).map { value, coordinate in
            Mode(curvature: objective.scale * value, coordinate: coordinate, of: self)
        }
        let optimumSize = objective.optimumSize
        var excesses: [ExactExcess] = []
        var updates = 0
        for step in steps {
            while updates < step {
                let distance = modes.reduce(0) { $0 + $1.coordinate * $1.coordinate }.squareRoot()
                let size = optimumSize + Double(modes.count).squareRoot() * distance
                let error = objective.rounding(ofStepFrom: size, learningRate: learningRate)
                for index in modes.indices { modes[index].step(self, error: error) }
                updates += 1
            }
            let value = modes.reduce(0) { $0 + 0.5 * $1.curvature * $1.coordinate * $1.coordinate }
            let distance = eigensystem.vector(coordinates: modes.map(\.coordinate))
            let error = modes.reduce(objective.rounding(ofExcessAt: distance)) {
                $0 + $1.curvature * $1.error * (abs($1.coordinate) + 0.5 * $1.error)
            }
            excesses.append(ExactExcess(value: value, rounding: value > 0 ? error / value : .infinity))
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

    // MARK: - Internals

    /// One step of a distance and its buffer.
    private func move(_ coordinate: inout Double, _ buffer: inout Double, curvature: Double) {
        let gradient = curvature * coordinate
        buffer = momentum * buffer + gradient
        coordinate -= learningRate * (isNesterov ? gradient + momentum * buffer : buffer)
    }

    /// The distance along one eigenvector.
    private struct Mode {
        let curvature: Double
        var coordinate: Double
        private var buffer = 0.0
        /// The larger of 1 and the factor at which distances grow in the end.
        private let growth: Double
        /// What is left of a unit of distance after so many steps, divided by `growth` at each.
        private var response = (coordinate: 1.0, buffer: 0.0)
        private var responses = 0.0
        private var largestError = 0.0

        init(curvature: Double, coordinate: Double, of descent: Descent) {
            (self.curvature, self.coordinate) = (curvature, coordinate)
            // The characteristic polynomial z² - trace z + determinant of a step.
            let (product, momentum) = (descent.learningRate * curvature, descent.momentum)
            let trace = 1 + momentum - product * (descent.isNesterov ? 1 + momentum : 1)
            let determinant = descent.isNesterov ? momentum * (1 - product) : momentum
            let discriminant = trace * trace / 4 - determinant
            growth = max(
                1,
                discriminant < 0 ? determinant.squareRoot() : abs(trace) / 2 + discriminant.squareRoot())
        }

        /// How far the coordinate can be from where it should be.
        var error: Double { largestError * responses }

        mutating func step(_ descent: Descent, error: Double) {
            descent.move(&coordinate, &buffer, curvature: curvature)
            largestError = max(largestError * growth, error)
            responses += abs(response.coordinate)
            descent.move(&response.coordinate, &response.buffer, curvature: curvature)
            response = (response.coordinate / growth, response.buffer / growth)
        }
    }
}
