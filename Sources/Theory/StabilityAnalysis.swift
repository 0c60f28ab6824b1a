/// How a run's method stands to the curvature of its loss: above or below which edge, and what noise of batches adds.
package struct StabilityAnalysis: Sendable {
    /// The methods with an exact edge.
    package enum Family: Sendable {
        case gradientDescent, heavyBall, nesterov
    }

    package let method: Method
    /// Nil for a method without an exact edge.
    package let family: Family?
    /// The gradient of a batch is on average so many times that of the mean squared error over all data.
    package let gradientScale: Double
    private let curvature: Double
    /// The product from which on the method diverges; nil where there is no exact theory.
    package let edge: Double?
    /// How the second moment of the distance from the minimum goes, for gradient descent on batches.
    package let meanSquare: MeanSquareMap?
    /// The excess around which gradient descent on independent batches stands still; nil where there is none.
    package let noiseFloor: Double?

    package init(_ method: Method, on objective: Objective) {
        self.method = method
        // Of a sum over a batch, the gradient is only a part of that over all samples.
        let part =
            objective.loss == .halfSum && !method.isFullBatch
            ? Double(method.batchSize) / Double(objective.samples.count) : 1
        gradientScale = objective.scale * part
        curvature = objective.curvature.largest * part
        edge = method.stabilityEdge
        family =
            edge == nil
            ? nil : method.momentum == 0 ? .gradientDescent : method.isOn("nesterov") ? .nesterov : .heavyBall
        guard family == .gradientDescent, !method.isFullBatch else {
            (meanSquare, noiseFloor) = (nil, nil)
            return
        }
        meanSquare = MeanSquareMap(
            on: objective, learningRate: method.learningRate, batchSize: method.batchSize,
            replaces: method.drawsIndependently)
        noiseFloor =
            NoiseFloor(
                on: objective, learningRate: method.learningRate, batchSize: method.batchSize,
                hasShortBatches: method.hasShortBatches)?.excess
    }

    /// The learning rate times the largest curvature that batches have on average.
    package var product: Double { method.learningRate * curvature }
    /// By which factor the second moment grows per step in the end.
    package var meanSquareGrowth: Double? { meanSquare?.growth }
    /// The learning rate from which on the method diverges on these data.
    package var edgeRate: Double? { edge.map { $0 / curvature } }
    /// How far the learning rate is above the edge, as a part of it; negative below.
    package var distance: Double? { edge.map { product / $0 - 1 } }

    /// Whether nothing is known by which the method would diverge on these data, with the noise of its batches.
    package var isStable: Bool {
        guard let distance else { return false }
        return distance < 0 && meanSquareGrowth ?? 0 < 1
    }
}

extension Method {
    /// Half the learning rate from which on the method diverges on these data, or less where the noise of its batches asks
    /// for that, with two digits; nil for a method without an exact edge.
    package func stableRate(on objective: Objective) -> Double? {
        guard let edge = StabilityAnalysis(self, on: objective).edgeRate, edge.isFinite, edge > 0 else { return nil }
        var rate = edge / 2
        for _ in 0..<40 {
            let rounded = Self.withTwoDigits(rate)
            if rounded > 0, StabilityAnalysis(with(learningRate: rounded), on: objective).isStable { return rounded }
            rate /= 2
        }
        return nil
    }

    /// The number with two digits that is nearest to this one, as people write it.
    private static func withTwoDigits(_ value: Double) -> Double {
        var (up, down) = (1.0, 1.0)
        while value * up < 10 { up *= 10 }
        while value / down >= 100 { down *= 10 }
        return (value * up / down).rounded() * down / up
    }
}
