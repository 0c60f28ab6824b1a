/// How training ended.
///
/// A diverged run is a result like any other, not an error.
package struct TrainingOutcome: Sendable {
    /// The first step whose numbers are not all finite; the run stops there.
    package struct Divergence: Sendable, Equatable {
        /// Equal to the number of steps when only the last update left the finite numbers.
        package let firstBadStep: Int
        package let reason: String
    }

    /// Steps that were evaluated, the bad one included.
    package let stepsDone: Int
    package let divergence: Divergence?
    /// Which stopping rule ended the run, as a clause; nil when none did.
    package let stopReason: String?
    /// The final parameters in the layout's order.
    package let parameters: [Double]
    /// The optimizer's running averages of the parameters, in the same order; nil when it keeps none.
    package let averages: [Double]?
    /// The loss over all data at the final parameters.
    package let finalLoss: Double
    /// The lowest loss of any step's batch; NaN when there was none.
    package let bestLoss: Double
    package let bestStep: Int?
    /// How many times a batch's loss and gradients were evaluated: more than ``stepsDone`` if the optimizer searches.
    package let evaluations: Int
}
