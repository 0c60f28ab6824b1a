/// Whether a run that ended with finite numbers is worse at its end than it was at its begin: it counts as a failure.
///
/// Unstable: the median loss of the last tenth of the recorded steps is above twice the larger of the initial loss and
/// the loss of the best constant answer. Only for losses that go down and are positive.
package enum Instability {
    /// How many of a run's last recorded steps are looked at.
    package static func lateCount(of stepCount: Int) -> Int { max(1, stepCount / 10) }

    /// `lateLosses` are those of the last recorded steps; `initialLoss` is over all data, before the first update of the
    /// run's first start.
    package static func isUnstable(lateLosses: [Double], initialLoss: Double, constantLoss: Double?) -> Bool {
        let losses = lateLosses.map { $0.isNaN ? .infinity : $0 }
        guard let median = OrderStatistics(losses).median, initialLoss >= 0 else { return false }
        return median > 2 * max(initialLoss, constantLoss ?? 0)
    }
}
