/// The one sample of a data set that decides the outcome alone, if there is one.
package struct OutlierSample: Sendable, Equatable {
    package enum Fault: Sendable, Equatable {
        case notFinite
        /// It makes up so much of the curvature: what edges there are depend on it.
        case leverage(Double)
        /// Even at the minimum it makes up so much of the loss.
        case residual(Double)
    }

    /// Fewer samples have each a part that says nothing.
    private static let smallestCount = 8

    /// Of a hundred samples, one beyond seven standard deviations makes half; of few, each makes much anyway.
    private static func limit(of count: Int) -> Double { count < 20 ? 0.95 : 0.5 }

    package let position: Int
    package let fault: Fault

    /// Nil where no sample stands out.
    package init?(in objective: Objective) {
        let data = objective.samples
        let samples = zip(data.x, data.y)
        if let position = samples.enumerated().first(where: { !($0.1.0.isFinite && $0.1.1.isFinite) })?.offset {
            self.init(position: position, fault: .notFinite)
            return
        }
        let count = data.count
        guard count >= Self.smallestCount, let features = data.features else { return nil }
        let curvatures = data.x.map(features.squaredSize)
        if let (position, share) = Self.largest(of: curvatures), share > Self.limit(of: count) {
            self.init(position: position, fault: .leverage(share))
            return
        }
        guard let optimum = objective.optimum else { return nil }
        let squares = samples.map { x, y in
            let residual = features.prediction(optimum, at: x) - y
            return residual * residual
        }
        // What is left of data without noise is rounding.
        guard let (position, share) = Self.largest(of: squares), share > 0.5,
            squares[position] > 1e-20 * optimum.reduce(0, { $0 + $1 * $1 }),
            share > Self.limit(of: count) * (1 - Self.pull(of: position, in: data.x, features))
        else { return nil }
        self.init(position: position, fault: .residual(share))
    }

    /// By how much of its own distance a sample draws the minimum to itself, which leaves the other part of it as its
    /// residual, and of few samples leaves residuals to all others.
    ///
    /// Exact for a feature and a constant; 0 for other models, of which a sample's residual alone decides.
    private static func pull(of position: Int, in x: [Double], _ model: PowerFeatures) -> Double {
        guard model.isFeatureAndConstant else { return 0 }
        let features = x.map { model.feature(0, at: $0) }
        let count = Double(features.count)
        let mean = features.reduce(0, +) / count
        let spread = features.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return 1 / count + (features[position] - mean) * (features[position] - mean) / spread
    }

    private init(position: Int, fault: Fault) {
        self.position = position
        self.fault = fault
    }

    /// Where the largest of these positive numbers is, and its part of their sum.
    private static func largest(of values: [Double]) -> (position: Int, share: Double)? {
        let sum = values.reduce(0, +)
        guard let largest = values.max(), let position = values.firstIndex(of: largest), sum > 0 else { return nil }
        return (position, largest / sum)
    }
}

extension Objective {
    /// The same without one sample; what is left has no optimum.
    ///
    /// Nil for a model that is no sum of powers.
    func without(_ position: Int) -> Objective? {
        guard let model = samples.features else { return nil }
        let n = Double(samples.count)
        let features = model.powers.indices.map { model.feature($0, at: samples.x[position]) }
        let size = features.indices
        let hessian = size.map { row in
            size.map { column in
                let mean = surface.hessian[row][column]
                return (n * mean - 2 * (features[row] * features[column])) / (n - 1)
            }
        }
        let kept = samples.x.indices.filter { $0 != position }
        return Objective(
            LossSurface(
                parameters: surface.parameters, optimum: nil, minimumLoss: nil, hessian: hessian,
                sampleCount: kept.count),
            loss: loss, isSinglePrecision: isSinglePrecision,
            samples: Samples(
                features: model, x: kept.map { samples.x[$0] }, y: kept.map { samples.y[$0] }))
    }
}
