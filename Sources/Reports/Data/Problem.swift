import Tracking

/// The exact shape of the loss that a run minimizes: a parabola in (w, b).
struct Problem: Sendable, Equatable {
    let dataset: Dataset
    /// `mse`, `half-sum` or `half-mean`.
    let loss: String
    let dtype: String

    init(_ dataset: Dataset, of run: PlannedRun) {
        self.dataset = dataset
        loss = run.loss
        dtype = run.dtype
    }

    /// The loss is so many times the mean squared error, in which the notebook stores minimum and curvature.
    var scale: Double {
        switch loss {
        case "half-mean": 0.5
        case "half-sum": 0.5 * Double(dataset.x.count)
        default: 1
        }
    }

    /// The loss over all data at its minimum; nil where that is not unique.
    var minimumLoss: Double? { dataset.optimum.map { scale * $0.loss } }

    /// How far the loss over all data at (w, b) lies above its minimum: d'Hd / 2 with d = (w, b) - minimum.
    ///
    /// No difference of losses: it stays exact far below the loss's last digit. Operation by operation that of the
    /// notebook's view `excess`, so that both give the same bits. Nil where the minimum is not unique.
    func excess(w: Double, b: Double) -> Double? {
        guard let optimum = dataset.optimum else { return nil }
        let hessian = dataset.hessian
        let (dw, db) = (w - optimum.w, b - optimum.b)
        let (ww, wb, bb) = (hessian.ww * dw * dw, 2 * hessian.wb * dw * db, hessian.bb * db * db)
        return 0.5 * scale * (ww + wb + bb)
    }

    /// The largest and the smallest curvature: the eigenvalues of the Hessian, the smaller one from the determinant, so
    /// that nothing cancels.
    var curvature: (largest: Double, smallest: Double) {
        let hessian = dataset.hessian
        let (mean, half) = ((hessian.ww + hessian.bb) / 2, (hessian.ww - hessian.bb) / 2)
        let largest = mean + (half * half + hessian.wb * hessian.wb).squareRoot()
        let determinant = hessian.ww * hessian.bb - hessian.wb * hessian.wb
        return (scale * largest, scale * (determinant / largest))
    }

    /// Whether training saw other units than the data's own.
    var isScaled: Bool { dataset.xDivisor != 1 || dataset.yDivisor != 1 || dataset.yOffset != 0 }

    /// The parameters that give the same curve in the units of the data's own file.
    ///
    /// y' = w x'^2 + b with x' = x/s and y' = (y - m)/d is y = (d w / s^2) x^2 + (d b + m).
    func originalUnits(w: Double, b: Double) -> (w: Double, b: Double) {
        (dataset.yDivisor * w / (dataset.xDivisor * dataset.xDivisor), dataset.yDivisor * b + dataset.yOffset)
    }
}
