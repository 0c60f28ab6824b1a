/// How a run's method stands to the edge from which on it diverges: what curvature and learning rate say, without a look at the
/// samples.
package struct EdgeStanding: Sendable {
    package let method: Method
    private let curvature: Double
    /// The product from which on the method diverges; nil where there is no exact theory.
    package let edge: Double?

    package init(_ method: Method, on objective: Objective) {
        self.method = method
        // Of a sum over a batch, the gradient is only a part of that over all samples.
        let part =
            objective.loss == .halfSum && !method.isFullBatch
            ? Double(method.batchSize) / Double(objective.samples.count) : 1
        curvature = objective.curvature.largest * part
        edge = method.stabilityEdge
    }

    /// The learning rate times the largest curvature that batches have on average.
    package var product: Double { method.learningRate * curvature }
    /// The learning rate from which on the method diverges on these data.
    package var edgeRate: Double? { edge.map { $0 / curvature } }
    /// How far the learning rate is above the edge, as a part of it; negative below.
    package var distance: Double? { edge.map { product / $0 - 1 } }
}

extension EdgeStanding {
    /// Half the learning rate from which on the method diverges on these data, or less where the noise of its batches asks
    /// for that, with two digits; nil for a method without an exact edge.
    ///
    /// Reads the samples of the objective, on batches several times.
    package func stableRate(on objective: Objective) -> Double? {
        guard let edge = edgeRate, edge.isFinite, edge > 0 else { return nil }
        var rate = edge / 2
        for _ in 0..<40 {
            let rounded = Self.withTwoDigits(rate)
            if rounded > 0, StabilityAnalysis(method.with(learningRate: rounded), on: objective).isStable {
                return rounded
            }
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
