/// The exact answer that training approaches: the (w, b) of least mean squared error, and that error's Hessian.
///
/// With φ = x^2, N samples and L = 1/N Σ(wφ + b - y)^2: w* = cov(φ, y) / var(φ), b* = mean(y) - w* mean(φ),
/// and the Hessian is 2/N [[Σφ^2, Σφ], [Σφ, N]]. Moments are centered first, so nothing cancels.
package struct LeastSquares: Sendable, Equatable {
    /// The optimum with its loss, or nil when x^2 is the same in all samples, so that there is no single one.
    package let optimum: Optimum?
    package let hessianWW: Double
    package let hessianWB: Double
    package let hessianBB: Double

    package struct Optimum: Sendable, Equatable {
        package let w: Double
        package let b: Double
        package let loss: Double
    }

    package init(of data: TrainingData) {
        let features = data.features
        let count = Double(data.count)
        let meanFeature = features.reduce(0, +) / count
        let meanY = data.y.reduce(0, +) / count
        var variance = 0.0
        var covariance = 0.0
        for (feature, y) in zip(features, data.y) {
            variance += (feature - meanFeature) * (feature - meanFeature)
            covariance += (feature - meanFeature) * (y - meanY)
        }
        if variance > 0 {
            let w = covariance / variance
            let b = meanY - w * meanFeature
            var squares = 0.0
            for (feature, y) in zip(features, data.y) {
                let residual = w * feature + b - y
                squares += residual * residual
            }
            optimum = Optimum(w: w, b: b, loss: squares / count)
        } else {
            optimum = nil
        }
        hessianWW = 2 / count * features.reduce(0) { $0 + $1 * $1 }
        hessianWB = 2 / count * features.reduce(0, +)
        hessianBB = 2
    }

    /// How far the loss at (w, b) over all data is above its least value, as 1/2 d'Hd with d = (w, b) - (w*, b*), which
    /// unlike a difference of losses keeps its digits near the optimum; nil when there is no single optimum.
    func excess(w: Double, b: Double, loss: LossKind, sampleCount: Int) -> Double? {
        guard let optimum else { return nil }
        let (dw, db) = (w - optimum.w, b - optimum.b)
        let meanSquared = 0.5 * (hessianWW * dw * dw + 2 * hessianWB * dw * db + hessianBB * db * db)
        return switch loss {
        case .mse: meanSquared
        case .halfMean: meanSquared / 2
        case .halfSum: meanSquared * Double(sampleCount) / 2
        }
    }
}
