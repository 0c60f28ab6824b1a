/// One step of training without its numbers, which ``Training/next(into:)`` writes into a list of the caller's.
package struct TrainingStep: Sendable, Equatable {
    package let step: Int
    package let epoch: Int
    /// The batch's loss at the parameters before the step's update.
    package let loss: Double
}

/// Where a step's numbers are in the list that ``Training/next(into:)`` appends to: loss, learning rate, parameters,
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
