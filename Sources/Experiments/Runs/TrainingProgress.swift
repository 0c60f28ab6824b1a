/// How far the training of one run is.
package struct TrainingProgress: Sendable, Equatable {
    package internal(set) var stepsDone = 0
    /// The loss of the last step's batch; NaN before the first.
    package internal(set) var lastLoss = Double.nan
    /// The lowest loss of any step's batch so far; NaN before the first that is a number.
    package internal(set) var bestLoss = Double.nan

    init() {}

    mutating func count(_ loss: Double) {
        stepsDone += 1
        lastLoss = loss
        if !(loss >= bestLoss) { bestLoss = loss.isNaN ? bestLoss : loss }
    }
}
