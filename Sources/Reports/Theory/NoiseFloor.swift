import Tracking

/// The excess at which descent on independent random batches stands still: the stationary second moment of its exact
/// recurrence.
///
/// With batches of B samples drawn with replacement, learning rate η, Hessian H and per-sample Hessians h_i,
/// M' = M - η(HM + MH) + η²(HMH + f E[(h - H)M(h - H)]) + η²f C, f = 1/B, where C is the covariance of the samples'
/// gradients at the minimum; the floor is tr(HM)/2 at M' = M. For other batches it is an upper reference.
package enum NoiseFloor {
    /// Nil where the minimum is not unique or the recurrence does not settle (mean-square unstable).
    package static func excess(on problem: Problem, learningRate: Double, batchSize: Int) -> Double? {
        guard let optimum = problem.dataset.optimum else { return nil }
        let dataset = problem.dataset
        let count = Double(dataset.x.count)
        // The loss is scale times the mean square; of a batch, the sum for half-sum, so its gradient is that of
        // the batch's mean times its size.
        let factor = problem.loss == "half-sum" ? 0.5 * Double(batchSize) : problem.scale
        let hessian = Symmetric(
            factor * dataset.hessian.ww, factor * dataset.hessian.wb, factor * dataset.hessian.bb)
        var samples: [(phi: Double, residual: Double)] = []
        for (x, y) in zip(dataset.x, dataset.y) {
            samples.append((x * x, optimum.w * x * x + optimum.b - y))
        }
        let f = 1 / Double(batchSize)
        var noise = Symmetric(0, 0, 0)
        for sample in samples {
            let (gw, gb) = (2 * factor * sample.residual * sample.phi, 2 * factor * sample.residual)
            noise = noise + Symmetric(gw * gw / count, gw * gb / count, gb * gb / count)
        }
        // Columns of the linear map on (ww, wb, bb).
        let units = [Symmetric(1, 0, 0), Symmetric(0, 1, 0), Symmetric(0, 0, 1)]
        let columns = units.map { unit -> Symmetric in
            let product = hessian.sandwich(unit)
            var spread = Symmetric(0, 0, 0)
            for sample in samples {
                let own = Symmetric(2 * factor * sample.phi * sample.phi, 2 * factor * sample.phi, 2 * factor)
                spread = spread + own.sandwich(unit) * (1 / count)
            }
            spread = spread + product * -1
            return hessian.anticommutator(unit) * learningRate
                + (product + spread * f) * (-learningRate * learningRate)
        }
        guard let moment = solve(columns, noise * (learningRate * learningRate * f)) else { return nil }
        let full = Symmetric(
            problem.scale * dataset.hessian.ww, problem.scale * dataset.hessian.wb, problem.scale * dataset.hessian.bb)
        let floor = 0.5 * (full.ww * moment.ww + 2 * full.wb * moment.wb + full.bb * moment.bb)
        // An unstable recurrence has a solution too, but no second moment.
        return moment.ww >= 0 && moment.bb >= 0 && floor >= 0 ? floor : nil
    }

    /// Σ x_k column_k = right, by Cramer's rule.
    private static func solve(_ columns: [Symmetric], _ right: Symmetric) -> Symmetric? {
        let rows = { (a: Symmetric, b: Symmetric, c: Symmetric) in
            a.ww * (b.wb * c.bb - b.bb * c.wb) - b.ww * (a.wb * c.bb - a.bb * c.wb) + c.ww * (a.wb * b.bb - a.bb * b.wb)
        }
        let determinant = rows(columns[0], columns[1], columns[2])
        guard determinant != 0 else { return nil }
        return Symmetric(
            rows(right, columns[1], columns[2]) / determinant, rows(columns[0], right, columns[2]) / determinant,
            rows(columns[0], columns[1], right) / determinant)
    }
}

/// A symmetric 2 x 2 matrix.
private struct Symmetric {
    let ww: Double
    let wb: Double
    let bb: Double

    init(_ ww: Double, _ wb: Double, _ bb: Double) {
        (self.ww, self.wb, self.bb) = (ww, wb, bb)
    }

    static func + (a: Symmetric, b: Symmetric) -> Symmetric { Symmetric(a.ww + b.ww, a.wb + b.wb, a.bb + b.bb) }
    static func * (a: Symmetric, factor: Double) -> Symmetric {
        Symmetric(a.ww * factor, a.wb * factor, a.bb * factor)
    }

    /// self M self.
    func sandwich(_ m: Symmetric) -> Symmetric {
        let (a, b) = (ww * m.ww + wb * m.wb, ww * m.wb + wb * m.bb)
        let (c, d) = (wb * m.ww + bb * m.wb, wb * m.wb + bb * m.bb)
        return Symmetric(a * ww + b * wb, a * wb + b * bb, c * wb + d * bb)
    }

    /// self M + M self.
    func anticommutator(_ m: Symmetric) -> Symmetric {
        Symmetric(
            2 * (ww * m.ww + wb * m.wb), ww * m.wb + wb * m.bb + m.ww * wb + m.wb * bb, 2 * (wb * m.wb + bb * m.bb))
    }
}
