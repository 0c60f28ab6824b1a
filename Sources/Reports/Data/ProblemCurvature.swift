import Tracking

/// The exact shape of a run's loss over all data: a parabola in (w, b).
struct ProblemCurvature: Sendable, Equatable {
    let samples: Int
    let optimum: Dataset.Optimum?
    /// Second derivatives of the run's own loss, not of the mean squared error.
    let hessian: Dataset.Hessian
    /// The run's loss is so many times the mean squared error.
    let scale: Double

    init(_ dataset: Dataset, loss: String) {
        samples = dataset.x.count
        scale =
            switch loss {
            case "half-mean": 0.5
            case "half-sum": 0.5 * Double(dataset.x.count)
            default: 1
            }
        optimum = dataset.optimum
        hessian = Dataset.Hessian(
            ww: scale * dataset.hessian.ww, wb: scale * dataset.hessian.wb, bb: scale * dataset.hessian.bb)
    }

    /// How far the loss over all data at (w, b) lies above its minimum: d'Hd / 2, without cancellation.
    func excess(w: Double, b: Double) -> Double? {
        guard let optimum else { return nil }
        let (dw, db) = (w - optimum.w, b - optimum.b)
        return 0.5 * (hessian.ww * dw * dw + 2 * hessian.wb * dw * db + hessian.bb * db * db)
    }

    /// The largest and the smallest curvature.
    var eigenvalues: (largest: Double, smallest: Double) {
        let mean = (hessian.ww + hessian.bb) / 2
        let half = (hessian.ww - hessian.bb) / 2
        let largest = mean + (half * half + hessian.wb * hessian.wb).squareRoot()
        return (largest, (hessian.ww * hessian.bb - hessian.wb * hessian.wb) / largest)
    }
}
