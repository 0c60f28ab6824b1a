/// How the second moment of the distance from the minimum goes from step to step, when batches are drawn independently.
///
/// M' = M - η(HM + MH) + η²(HMH + f E[(h - H)M(h - H)]) with the learning rate η, the Hessian H, those of the samples h
/// and f = 1/B with replacement, (N - B) / (B(N - 1)) without; gradient descent is mean-square stable if and only if
/// the largest eigenvalue of this map is below 1.
package struct MeanSquareMap: Sendable {
    /// The largest eigenvalue, by which the second moment grows per step in the end.
    package let growth: Double

    /// By power iteration: the map keeps matrices positive, so that eigenvalue is real and found from any start.
    ///
    /// Nil for models other than y = θ_0 x^p + θ_1.
    package init?(on objective: Objective, learningRate: Double, batchSize: Int, replaces: Bool) {
        let data = objective.samples
        guard let features = data.features, features.isFeatureAndConstant else { return nil }
        let count = Double(data.count)
        let batch = Double(batchSize)
        let f = replaces ? 1 / batch : count > 1 ? (count - batch) / (batch * (count - 1)) : 0
        // The gradients are so many times those of the mean squared error: a half-sum is the sum over the batch.
        let scale = objective.scale(batchSize: batchSize)
        let hessian = SymmetricPair(objective.surface.hessian, times: scale)
        let (h00, h01, h11) = (hessian.first, hessian.mixed, hessian.second)
        // With φ = x^p, the mean of hMh takes no more of the samples than the means of φ⁰ to φ⁴.
        let powers = (0...4).map { power in
            data.x.reduce(0) { sum, x in sum + features.feature(0, at: x, raisedTo: power) } / count
        }
        var moment = SymmetricPair(1, 0, 1)
        var growth = 0.0
        for _ in 0..<500 {
            // HM, and the symmetric HMH.
            let (a, b) = (h00 * moment.first + h01 * moment.mixed, h00 * moment.mixed + h01 * moment.second)
            let (c, d) = (h01 * moment.first + h11 * moment.mixed, h01 * moment.mixed + h11 * moment.second)
            let square = SymmetricPair(a * h00 + b * h01, a * h01 + b * h11, c * h01 + d * h11)
            // h = 2·scale·vv' with v = (φ, 1), so hMh = 4·scale²·(v'Mv)·vv'.
            let mean = { (power: Int) in
                4 * scale * scale
                    * (moment.first * powers[power + 2] + 2 * moment.mixed * powers[power + 1]
                        + moment.second * powers[power])
            }
            let samples = SymmetricPair(mean(2), mean(1), mean(0))
            let eta = learningRate
            let next = SymmetricPair(
                moment.first - 2 * eta * a + eta * eta * (square.first + f * (samples.first - square.first)),
                moment.mixed - eta * (b + c) + eta * eta * (square.mixed + f * (samples.mixed - square.mixed)),
                moment.second - 2 * eta * d + eta * eta * (square.second + f * (samples.second - square.second)))
            growth = (next.first + next.second) / (moment.first + moment.second)
            guard growth > 0, growth.isFinite else { break }
            let size = next.first + next.second
            moment = SymmetricPair(next.first / size, next.mixed / size, next.second / size)
        }
        self.growth = growth
    }
}
