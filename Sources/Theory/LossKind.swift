/// What is minimized, with r = prediction - y over the samples of a batch.
package enum LossKind: String, Sendable, Codable, CaseIterable {
    /// mean of r^2
    case mse
    /// sum of r^2 / 2
    case halfSum = "half-sum"
    /// mean of r^2 / 2
    case halfMean = "half-mean"

    /// The loss over so many samples is this many times their mean squared error.
    ///
    /// Optimum, Hessian and minimum are stored for the mean squared error; this is the only place that says what another
    /// loss makes of them. The view `excess` of the notebook says the same in SQL, and a test compares the two.
    package func scale(sampleCount: Int) -> Double {
        switch self {
        case .mse: 1
        case .halfMean: 0.5
        case .halfSum: 0.5 * Double(sampleCount)
        }
    }
}
