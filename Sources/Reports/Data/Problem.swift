import Foundation
package import Tracking

/// The exact shape of the loss that a run minimizes: a parabola in (w, b).
package struct Problem: Sendable, Equatable {
    package let dataset: Dataset
    /// `mse`, `half-sum` or `half-mean`.
    package let loss: String
    package let dtype: String
    package let excess: Excess

    package init(_ dataset: Dataset, of run: PlannedRun) {
        self.dataset = dataset
        loss = run.loss
        dtype = run.dtype
        let scale =
            switch run.loss {
            case "half-mean": 0.5
            case "half-sum": 0.5 * Double(dataset.x.count)
            default: 1.0
            }
        excess = Excess(optimum: dataset.optimum, hessian: dataset.hessian, scale: scale)
    }

    /// The loss is so many times the mean squared error, in which the notebook stores minimum and curvature.
    package var scale: Double { excess.scale }

    /// The loss over all data at its minimum; nil where that is not unique.
    package var minimumLoss: Double? { dataset.optimum.map { scale * $0.loss } }

    /// The largest and the smallest curvature: the eigenvalues of the Hessian, the smaller one from the determinant, so
    /// that nothing cancels.
    package var curvature: (largest: Double, smallest: Double) {
        let hessian = dataset.hessian
        let (mean, half) = ((hessian.ww + hessian.bb) / 2, (hessian.ww - hessian.bb) / 2)
        let largest = mean + (half * half + hessian.wb * hessian.wb).squareRoot()
        let determinant = hessian.ww * hessian.bb - hessian.wb * hessian.wb
        return (scale * largest, scale * (determinant / largest))
    }

    /// A distance from the minimum in the coordinates of the Hessian's eigenvectors, the steeper one first.
    package func coordinates(w: Double, b: Double) -> [Double] {
        let hessian = dataset.hessian
        let largest = curvature.largest / scale
        // (H - λ)v = 0, from the row that does not vanish.
        var (x, y) = (hessian.wb, largest - hessian.ww)
        if x == 0 && y == 0 { (x, y) = (1, 0) }
        let length = (x * x + y * y).squareRoot()
        (x, y) = (x / length, y / length)
        return [x * w + y * b, x * b - y * w]
    }

    /// A closed curve of 96 points on which the excess has this value.
    func contour(_ level: Double) -> [Mark.Point] {
        guard let optimum = dataset.optimum else { return [] }
        let (largest, smallest) = curvature
        let steep = coordinates(w: 1, b: 0)
        return (0..<96).map { index in
            let angle = Double(index) / 48 * Double.pi
            let first = (2 * level / largest).squareRoot() * cos(angle)
            let second = (2 * level / smallest).squareRoot() * sin(angle)
            // The coordinates of (1, 0) are (x, -y), which turns them back.
            return Mark.Point(
                x: optimum.w + steep[0] * first + steep[1] * second, y: optimum.b - steep[1] * first + steep[0] * second
            )
        }
    }

    /// The gradient over all data at (w, b); nil where the minimum is not unique.
    package func gradient(w: Double, b: Double) -> (w: Double, b: Double)? {
        guard let optimum = dataset.optimum else { return nil }
        let (dw, db) = (w - optimum.w, b - optimum.b)
        let hessian = dataset.hessian
        return (scale * (hessian.ww * dw + hessian.wb * db), scale * (hessian.wb * dw + hessian.bb * db))
    }

    /// The smallest excess that says anything: a hundred times the loss at which noise-free gradient descent stands
    /// still in this number type.
    package var excessFloor: Double { dtype == "float32" ? 1.3e-12 : 4.7e-30 }

    /// Whether training saw other units than the data's own.
    package var isScaled: Bool { dataset.xDivisor != 1 || dataset.yDivisor != 1 || dataset.yOffset != 0 }

    /// The parameters that give the same curve in the units of the data's own file.
    ///
    /// y' = w x'^2 + b with x' = x/s and y' = (y - m)/d is y = (d w / s^2) x^2 + (d b + m).
    package func originalUnits(w: Double, b: Double) -> (w: Double, b: Double) {
        (dataset.yDivisor * w / (dataset.xDivisor * dataset.xDivisor), dataset.yDivisor * b + dataset.yOffset)
    }
}
