package import Theory

/// The exact answer that training approaches, computed from the data.
package enum LeastSquares {
    /// The (w, b) of least mean squared error, that error, and its Hessian.
    ///
    /// With φ = x^2, N samples and L = 1/N Σ(wφ + b - y)^2: w* = cov(φ, y) / var(φ), b* = mean(y) - w* mean(φ),
    /// and the Hessian is 2/N [[Σφ^2, Σφ], [Σφ, N]]. Moments are centered first, so nothing cancels. Where x^2 is the same
    /// in all samples there is no single optimum.
    package static func surface(of data: TrainingData) -> LossSurface {
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
        var optimum: [Double]?
        var minimum: Double?
        if variance > 0 {
            let w = covariance / variance
            let b = meanY - w * meanFeature
            var squares = 0.0
            for (feature, y) in zip(features, data.y) {
                let residual = w * feature + b - y
                squares += residual * residual
            }
            (optimum, minimum) = ([w, b], squares / count)
        }
        let mixed = 2 / count * features.reduce(0, +)
        return LossSurface(
            parameters: ["w", "b"], optimum: optimum, minimumLoss: minimum,
            hessian: [[2 / count * features.reduce(0) { $0 + $1 * $1 }, mixed], [mixed, 2]], sampleCount: data.count)
    }
}
