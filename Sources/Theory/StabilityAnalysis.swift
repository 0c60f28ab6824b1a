/// How a run's method stands to the curvature of its loss: above or below which edge, and what noise of batches adds.
package struct StabilityAnalysis: Sendable {
    /// The methods with an exact edge.
    package enum Family: Sendable {
        case gradientDescent, heavyBall, nesterov
    }

    package let standing: EdgeStanding
    /// Nil for a method without an exact edge.
    package let family: Family?
    /// How the second moment of the distance from the minimum goes, for gradient descent on batches.
    package let meanSquare: MeanSquareMap?
    /// The excess around which gradient descent on independent batches stands still; nil where there is none.
    package let noiseFloor: Double?

    package init(_ method: Method, on objective: Objective) {
        standing = EdgeStanding(method, on: objective)
        family =
            standing.edge == nil
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

    package var method: Method { standing.method }
    /// The product from which on the method diverges; nil where there is no exact theory.
    package var edge: Double? { standing.edge }
    /// The learning rate times the largest curvature that batches have on average.
    package var product: Double { standing.product }
    /// The learning rate from which on the method diverges on these data.
    package var edgeRate: Double? { standing.edgeRate }
    /// How far the learning rate is above the edge, as a part of it; negative below.
    package var distance: Double? { standing.distance }
    /// By which factor the second moment grows per step in the end.
    package var meanSquareGrowth: Double? { meanSquare?.growth }

    /// Whether nothing is known by which the method would diverge on these data, with the noise of its batches.
    package var isStable: Bool {
        guard let distance else { return false }
        return distance < 0 && meanSquareGrowth ?? 0 < 1
    }
}
