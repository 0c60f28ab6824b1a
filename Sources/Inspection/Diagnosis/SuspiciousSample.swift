import Reports
import Tracking

/// The one sample of a data set that decides the outcome alone, if there is one.
struct SuspiciousSample {
    enum Fault: Equatable {
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

    let position: Int
    let fault: Fault

    init?(in dataset: Dataset) {
        let samples = zip(dataset.x, dataset.y)
        if let position = samples.enumerated().first(where: { !($1.0.isFinite && $1.1.isFinite) })?.offset {
            self.init(position: position, fault: .notFinite)
            return
        }
        let count = dataset.x.count
        guard count >= Self.smallestCount else { return nil }
        let curvatures = dataset.x.map { $0 * $0 * $0 * $0 + 1 }
        if let (position, share) = Self.largest(of: curvatures), share > Self.limit(of: count) {
            self.init(position: position, fault: .leverage(share))
            return
        }
        guard let optimum = dataset.optimum else { return nil }
        let squares = samples.map { x, y in
            let residual = optimum.w * x * x + optimum.b - y
            return residual * residual
        }
        // What is left of data without noise is rounding.
        guard let (position, share) = Self.largest(of: squares), share > 0.5,
            squares[position] > 1e-20 * (optimum.w * optimum.w + optimum.b * optimum.b),
            share > Self.limit(of: count) * (1 - Self.pull(of: position, in: dataset))
        else { return nil }
        self.init(position: position, fault: .residual(share))
    }

    /// By how much of its own distance a sample draws the minimum to itself, which leaves the other part of it as its
    /// residual, and of few samples leaves residuals to all others.
    private static func pull(of position: Int, in dataset: Dataset) -> Double {
        let features = dataset.x.map { $0 * $0 }
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

extension Dataset {
    /// The same data without one sample; what is left has no optimum.
    func without(_ position: Int) -> Dataset {
        let (n, feature) = (Double(x.count), x[position] * x[position])
        let moment = { (mean: Double, own: Double) in (n * mean - 2 * own) / (n - 1) }
        let kept = x.indices.filter { $0 != position }
        return Dataset(
            contentHash: contentHash, kind: kind, source: source, x: kept.map { x[$0] }, y: kept.map { y[$0] },
            optimum: nil,
            hessian: Hessian(
                ww: moment(hessian.ww, feature * feature), wb: moment(hessian.wb, feature), bb: hessian.bb))
    }
}
