import Learning

/// The exact mathematics of y = w*x^2 + b under the loss mean r^2: optimum, curvatures, and the trajectories of full-batch
/// methods, from formulas that share nothing with the training loop.
struct QuadraticOracle {
    /// One direction in which the loss is a parabola by itself.
    struct Mode {
        let curvature: Double
        let direction: (w: Double, b: Double)
    }

    let hessian: (ww: Double, wb: Double, bb: Double)
    let optimum: (w: Double, b: Double)
    let leastLoss: Double
    /// The steepest first.
    let modes: [Mode]

    init(_ data: TrainingData) {
        let count = Double(data.count)
        let s2 = data.features.reduce(0, +)
        let s4 = data.features.reduce(0) { $0 + $1 * $1 }
        let sy = data.y.reduce(0, +)
        let sxy = zip(data.features, data.y).reduce(0) { $0 + $1.0 * $1.1 }
        let determinant = count * s4 - s2 * s2
        let best = (w: (count * sxy - s2 * sy) / determinant, b: (s4 * sy - s2 * sxy) / determinant)
        optimum = best
        leastLoss =
            zip(data.features, data.y).reduce(0) {
                let residual = best.w * $1.0 + best.b - $1.1
                return $0 + residual * residual
            } / count
        hessian = (2 * s4 / count, 2 * s2 / count, 2)
        modes = Self.modes(of: hessian)
    }

    private static func modes(of hessian: (ww: Double, wb: Double, bb: Double)) -> [Mode] {
        let middle = (hessian.ww + hessian.bb) / 2
        let difference = (hessian.ww - hessian.bb) / 2
        let largest = middle + (difference * difference + hessian.wb * hessian.wb).squareRoot()
        let smallest = (hessian.ww * hessian.bb - hessian.wb * hessian.wb) / largest
        let length = (hessian.wb * hessian.wb + (largest - hessian.ww) * (largest - hessian.ww)).squareRoot()
        let (w, b) = (hessian.wb / length, (largest - hessian.ww) / length)
        return [
            Mode(curvature: largest, direction: (w, b)),
            Mode(curvature: smallest, direction: (-b, w)),
        ]
    }

    func gradient(_ w: Double, _ b: Double) -> (w: Double, b: Double) {
        let (dw, db) = (w - optimum.w, b - optimum.b)
        return (hessian.ww * dw + hessian.wb * db, hessian.wb * dw + hessian.bb * db)
    }

    func excess(_ w: Double, _ b: Double) -> Double {
        let (dw, db) = (w - optimum.w, b - optimum.b)
        return (hessian.ww * dw * dw + 2 * hessian.wb * dw * db + hessian.bb * db * db) / 2
    }

    /// The loss of step t of gradient descent: L* + 1/2 Σ λ (1 - ηλ)^(2t) c².
    func lossOfGradientDescent(at step: Int, learningRate: Double, from start: (w: Double, b: Double)) -> Double {
        modes.reduce(leastLoss) { sum, mode in
            let c = (start.w - optimum.w) * mode.direction.w + (start.b - optimum.b) * mode.direction.b
            var power = 1.0
            for _ in 0..<step { power *= 1 - learningRate * mode.curvature }
            return sum + 0.5 * mode.curvature * power * power * c * c
        }
    }

    /// The distances from the optimum after each step with momentum μ, along `mode`, from the distance 1.
    ///
    /// Heavy ball: d'' = (1 + μ - ηλ) d' - μ d. Nesterov: d'' = (1 + μ)(1 - ηλ) d' - μ (1 - ηλ) d.
    func distances(
        along mode: Mode, learningRate: Double, momentum: Double, nesterov: Bool, steps: Int
    ) -> [Double] {
        let shrinkage = 1 - learningRate * mode.curvature
        let (first, second) =
            nesterov
            ? ((1 + momentum) * shrinkage, -momentum * shrinkage)
            : (momentum + shrinkage, -momentum)
        var distances = [1, nesterov ? (1 + momentum) * shrinkage - momentum : shrinkage]
        while distances.count <= steps {
            distances.append(first * distances[distances.count - 1] + second * distances[distances.count - 2])
        }
        return distances
    }
}
