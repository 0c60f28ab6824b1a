/// What a run's course comes from.
package enum Cause: String, Sendable, CaseIterable {
    /// The learning rate is above the edge from which on the method must diverge on these data.
    case learningRate = "LR-UNSTABLE"
    /// Full batches would be stable, but the noise of such small ones adds up.
    case noise = "NOISE-UNSTABLE"
    /// The loss rose more than tenfold, and fell again.
    case transient = "TRANSIENT"
    /// The parameters grew until their squares overflowed, without a known edge being crossed.
    case overflow = "OVERFLOW"
    /// A sample that is no number, or so far from all others that it alone decides the outcome.
    case outlier = "OUTLIER"
    /// It went as no theory allows: the program, or the file, is wrong.
    case bug = "BUG"
    /// Stable, but every step overshoots the minimum along the steepest direction.
    case oscillation = "OSCILLATION"
    /// It moves around the minimum as far as the noise of the batches throws it.
    case noiseFloor = "NOISE-FLOOR"
    /// It hardly moves, far from the minimum.
    case plateau = "PLATEAU"
    /// The loss was still falling when the run ended.
    case notConverged = "NOT-CONVERGED"
    /// It is at the minimum.
    case converged = "CONVERGED"
    /// None of these is certain.
    case unknown = "UNKNOWN"
}

/// How a run ended, as theory asks for it.
package enum Ending: Sendable {
    case done, diverged, failed
    /// It has not ended, or somebody ended it.
    case other
}
