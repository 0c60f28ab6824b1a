import Reports
import Tracking

/// How the second moment of the distance from the minimum goes from step to step, when batches are drawn independently.
///
/// M' = M - η(HM + MH) + η²(HMH + f E[(h - H)M(h - H)]) with the learning rate η, the Hessian H, those of the samples h
/// and f = 1/B with replacement, (N - B) / (B(N - 1)) without; gradient descent is mean-square stable if and only if
/// the largest eigenvalue of this map is below 1.
struct MeanSquareMap {
    /// The largest eigenvalue, by which the second moment grows per step in the end.
    let growth: Double
    /// The second moment that one step makes so much larger.
    let moment: (ww: Double, wb: Double, bb: Double)
    /// The gradients are so many times those of the mean squared error: a half-sum is the sum over the batch.
    let scale: Double
    /// The f of the map.
    let spread: Double

    /// By power iteration: the map keeps matrices positive, so that eigenvalue is real and found from any start.
    init(on problem: Problem, learningRate: Double, batchSize: Int, replaces: Bool) {
        let dataset = problem.dataset
        let count = Double(dataset.x.count)
        let batch = Double(batchSize)
        let f = replaces ? 1 / batch : count > 1 ? (count - batch) / (batch * (count - 1)) : 0
        let scale = problem.loss == "half-sum" ? 0.5 * batch : problem.scale
        let (ww, wb, bb) = (scale * dataset.hessian.ww, scale * dataset.hessian.wb, scale * dataset.hessian.bb)
        // With φ = x², the mean of hMh takes no more of the samples than the means of φ⁰ to φ⁴.
        let powers = (0...4).map { power in
            dataset.x.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x * x } } / count
        }
        var (moment, before) = ((ww: 1.0, wb: 0.0, bb: 1.0), (ww: 1.0, wb: 0.0, bb: 1.0))
        var growth = 0.0
        for _ in 0..<500 {
            // HM, and the symmetric HMH.
            let (a, b) = (ww * moment.ww + wb * moment.wb, ww * moment.wb + wb * moment.bb)
            let (c, d) = (wb * moment.ww + bb * moment.wb, wb * moment.wb + bb * moment.bb)
            let square = (ww: a * ww + b * wb, wb: a * wb + b * bb, bb: c * wb + d * bb)
            // h = 2·scale·vv' with v = (φ, 1), so hMh = 4·scale²·(v'Mv)·vv'.
            let mean = { (power: Int) in
                4 * scale * scale
                    * (moment.ww * powers[power + 2] + 2 * moment.wb * powers[power + 1] + moment.bb * powers[power])
            }
            let samples = (ww: mean(2), wb: mean(1), bb: mean(0))
            let eta = learningRate
            let next = (
                ww: moment.ww - 2 * eta * a + eta * eta * (square.ww + f * (samples.ww - square.ww)),
                wb: moment.wb - eta * (b + c) + eta * eta * (square.wb + f * (samples.wb - square.wb)),
                bb: moment.bb - 2 * eta * d + eta * eta * (square.bb + f * (samples.bb - square.bb))
            )
            before = moment
            growth = (next.ww + next.bb) / (moment.ww + moment.bb)
            guard growth > 0, growth.isFinite else { break }
            let size = next.ww + next.bb
            moment = (next.ww / size, next.wb / size, next.bb / size)
        }
        (self.growth, self.moment, self.scale, spread) = (growth, before, scale, f)
    }
}
