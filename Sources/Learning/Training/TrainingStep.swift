/// One step of training without its numbers, which ``Trainer/next(into:)`` writes into a list of the caller's.
package struct TrainingStep: Sendable, Equatable {
    package let step: Int
    package let epoch: Int
    /// The batch's loss at the parameters before the step's update.
    package let loss: Double
}

/// Where a step's numbers are in the list that ``Trainer/next(into:)`` appends to: loss, learning rate, parameters,
/// gradients, the last two in the layout's order.
package struct TrainingStepLayout: Sendable, Equatable {
    package let parameters: ParameterLayout

    package init(_ parameters: ParameterLayout) {
        self.parameters = parameters
    }

    /// How many numbers a step has.
    package var count: Int { 2 + 2 * parameters.count }

    /// Positions of the parameters, before the step's update.
    package var parameterRange: Range<Int> { 2..<2 + parameters.count }

    /// Positions of the gradients at those parameters.
    package var gradientRange: Range<Int> { 2 + parameters.count..<count }

    /// The first number of a step that is not finite, as "loss is nan", or nil when all are.
    ///
    /// Looks at parameters, loss and gradients, in this order; the learning rate does not count.
    func firstNonFinite(in numbers: Span<Double>) -> String? {
        // Almost always all are finite, and then no name is looked up.
        var isFinite = numbers[0].isFinite
        for index in 2..<count where !numbers[index].isFinite { isFinite = false }
        if isFinite { return nil }
        let names = parameters.names
        for (name, index) in zip(names, parameterRange) where !numbers[index].isFinite {
            return "\(name) is \(numbers[index])"
        }
        if !numbers[0].isFinite { return "loss is \(numbers[0])" }
        for (name, index) in zip(names, gradientRange) where !numbers[index].isFinite {
            return "\(ParameterLayout.gradientName(of: name)) is \(numbers[index])"
        }
        return nil
    }
}

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
    /// The loss over all data at the parameters that training starts from; of a fork, at those it starts from.
    package let initialLoss: Double
    /// The loss over all data at the final parameters.
    package let finalLoss: Double
    /// The lowest loss of any step's batch; NaN when there was none.
    package let bestLoss: Double
    package let bestStep: Int?
    /// How many times a batch's loss and gradients were evaluated: more than ``stepsDone`` if the optimizer searches.
    package let evaluations: Int
}
