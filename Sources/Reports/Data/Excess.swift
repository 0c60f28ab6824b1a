package import Tracking

/// How far the loss over all data lies above its minimum, as a function of (w, b).
///
/// Apart from the data, so that a million steps can ask without counting references.
package struct Excess: Sendable, Equatable {
    package let optimum: Dataset.Optimum?
    package let hessian: Dataset.Hessian
    /// The loss is so many times the mean squared error, to which `optimum` and `hessian` belong.
    package let scale: Double

    /// d'Hd / 2 with d = (w, b) - minimum; nil where the minimum is not unique.
    ///
    /// No difference of losses: it stays exact far below the loss's last digit. Operation by operation that of the
    /// notebook's view `excess`, so that both give the same bits.
    package func callAsFunction(w: Double, b: Double) -> Double? {
        guard let optimum else { return nil }
        let (dw, db) = (w - optimum.w, b - optimum.b)
        let (ww, wb, bb) = (hessian.ww * dw * dw, 2 * hessian.wb * dw * db, hessian.bb * db * db)
        return 0.5 * scale * (ww + wb + bb)
    }
}
