/// The excess at which descent on independent random batches stands still: the stationary second moment of its exact
/// recurrence.
///
/// With batches of B samples drawn with replacement, learning rate η, Hessian H and per-sample Hessians h_i,
/// M' = M - η(HM + MH) + η²(HMH + f E[(h - H)M(h - H)]) + η²f C, f = 1/B, where C is the covariance of the samples'
/// gradients at the minimum; the floor is tr(HM)/2 at M' = M. For other batches it is an upper reference.
package enum NoiseFloor {
    /// Nil where the minimum is not unique or the recurrence does not settle (mean-square unstable), and for models other
    /// than y = θ_0 x^p + θ_1.
    package static func excess(on objective: Objective, learningRate: Double, batchSize: Int) -> Double? {
        guard let optimum = objective.optimum, let features = objective.samples.features, features.isFeatureAndConstant
        else {
            return nil
        }
        let data = objective.samples
        let count = Double(data.count)
        // The loss is scale times the mean square; of a batch, the sum for half-sum, so its gradient is that of
        // the batch's mean times its size.
        let factor = objective.scale(batchSize: batchSize)
        let hessian = SymmetricPair(objective.surface.hessian, times: factor)
        var samples: [(phi: Double, residual: Double)] = []
        for (x, y) in zip(data.x, data.y) {
            samples.append((features.feature(0, at: x), features.prediction(optimum, at: x) - y))
        }
        let f = 1 / Double(batchSize)
        var noise = SymmetricPair(0, 0, 0)
        for sample in samples {
            let (g0, g1) = (2 * factor * sample.residual * sample.phi, 2 * factor * sample.residual)
            noise = noise + SymmetricPair(g0 * g0 / count, g0 * g1 / count, g1 * g1 / count)
        }
        // Columns of the linear map on a symmetric pair's three numbers.
        let units = [SymmetricPair(1, 0, 0), SymmetricPair(0, 1, 0), SymmetricPair(0, 0, 1)]
        let columns = units.map { unit -> SymmetricPair in
            let product = hessian.sandwich(unit)
            var spread = SymmetricPair(0, 0, 0)
            for sample in samples {
                let own = SymmetricPair(2 * factor * sample.phi * sample.phi, 2 * factor * sample.phi, 2 * factor)
                spread = spread + own.sandwich(unit) * (1 / count)
            }
            spread = spread + product * -1
            return hessian.anticommutator(unit) * learningRate
                + (product + spread * f) * (-learningRate * learningRate)
        }
        guard let moment = solve(columns, noise * (learningRate * learningRate * f)) else { return nil }
        let full = SymmetricPair(objective.surface.hessian, times: objective.scale)
        let floor = 0.5 * (full.first * moment.first + 2 * full.mixed * moment.mixed + full.second * moment.second)
        // An unstable recurrence has a solution too, but no second moment.
        return moment.first >= 0 && moment.second >= 0 && floor >= 0 ? floor : nil
    }

    /// Σ x_k column_k = right, by Cramer's rule.
    private static func solve(_ columns: [SymmetricPair], _ right: SymmetricPair) -> SymmetricPair? {
        let rows = { (a: SymmetricPair, b: SymmetricPair, c: SymmetricPair) in
            a.first * (b.mixed * c.second - b.second * c.mixed) - b.first * (a.mixed * c.second - a.second * c.mixed)
                + c.first * (a.mixed * b.second - a.second * b.mixed)
        }
        let determinant = rows(columns[0], columns[1], columns[2])
        guard determinant != 0 else { return nil }
        return SymmetricPair(
            rows(right, columns[1], columns[2]) / determinant, rows(columns[0], right, columns[2]) / determinant,
            rows(columns[0], columns[1], right) / determinant)
    }
}

extension PowerFeatures {
    /// Whether the model is y = θ_0 x^p + θ_1, for which second moments have three numbers.
    var isFeatureAndConstant: Bool { powers.count == 2 && powers[1] == 0 }
}

/// A symmetric 2 x 2 matrix.
struct SymmetricPair {
    let first: Double
    let mixed: Double
    let second: Double

    init(_ first: Double, _ mixed: Double, _ second: Double) {
        (self.first, self.mixed, self.second) = (first, mixed, second)
    }

    /// - Precondition: the matrix has two rows.
    init(_ matrix: [[Double]], times factor: Double) {
        self.init(factor * matrix[0][0], factor * matrix[0][1], factor * matrix[1][1])
    }

    static func + (a: SymmetricPair, b: SymmetricPair) -> SymmetricPair {
        SymmetricPair(a.first + b.first, a.mixed + b.mixed, a.second + b.second)
    }

    static func * (a: SymmetricPair, factor: Double) -> SymmetricPair {
        SymmetricPair(a.first * factor, a.mixed * factor, a.second * factor)
    }

    /// self M self.
    func sandwich(_ m: SymmetricPair) -> SymmetricPair {
        let (a, b) = (first * m.first + mixed * m.mixed, first * m.mixed + mixed * m.second)
        let (c, d) = (mixed * m.first + second * m.mixed, mixed * m.mixed + second * m.second)
        return SymmetricPair(a * first + b * mixed, a * mixed + b * second, c * mixed + d * second)
    }

    /// self M + M self.
    func anticommutator(_ m: SymmetricPair) -> SymmetricPair {
        SymmetricPair(
            2 * (first * m.first + mixed * m.mixed),
            first * m.mixed + mixed * m.second + m.first * mixed + m.mixed * second,
            2 * (mixed * m.mixed + second * m.second))
    }
}
