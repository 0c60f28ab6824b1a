import Autograd
import TextFormats

/// A run of a configuration, one step at a time: a pure function of the configuration and its data.
///
///     var training = try Trainer(configuration, data: data)
///     var numbers: [Double] = []
///     while let step = try training.next(into: &numbers) { record(step, numbers) }
///     let outcome = try training.outcome()
package struct Trainer {
    private var steps: any AnyTrainingLoop
    private var configuration: RunConfiguration
    private var stepsDone = 0
    private var divergence: TrainingOutcome.Divergence?
    private var stopping: EarlyStopping?
    private var stopReason: String?
    private var bestLoss = Double.nan
    private var bestStep: Int?

    /// Where a step's numbers are among those that ``next(into:)`` appends.
    package let layout: TrainingStepLayout

    /// The parameters that training starts from, in the layout's order.
    package private(set) var initialParameters: [Double]
    private var initialLoss: Double

    /// Prepares the first step; the chapter's data are those of ``TrainingData/chapter(for:)``.
    ///
    /// Of a fork this trains its parent up to there.
    package init(_ configuration: RunConfiguration, data: TrainingData) throws {
        try configuration.validate(sampleCount: data.count)
        if let fork = configuration.fork {
            self = try Trainer(fork.parent, data: data)
            try follow(fork, to: configuration, data: data)
        } else {
            try self.init(beginning: configuration, data: data)
        }
    }

    /// Prepares the first step of all.
    private init(beginning configuration: RunConfiguration, data: TrainingData) throws {
        self.configuration = configuration
        layout = TrainingStepLayout(configuration.model.layout)
        let source = try TrainingData.runSource(for: configuration)
        steps =
            switch configuration.dtype {
            case .float32: try Self.makeSteps(of: Float.self, configuration, data: data, source: source)
            case .float64: try Self.makeSteps(of: Double.self, configuration, data: data, source: source)
            }
        stopping = configuration.stopping.map { EarlyStopping($0, configuration, data: data) }
        initialParameters = steps.parameters
        initialLoss = try steps.fullLoss()
    }

    /// The next step, or nil when the configured number is reached, or the last one diverged or met a stopping rule.
    ///
    /// Appends the step's numbers in the order of ``layout``: loss, learning rate, parameters before the update,
    /// gradients. A list with room for them is not reallocated.
    package mutating func next(into numbers: inout [Double]) throws -> TrainingStep? {
        guard stepsDone < configuration.steps, divergence == nil, stopReason == nil else { return nil }
        let step = try steps.next(stepsDone, into: &numbers)
        let row = numbers.span.extracting(last: layout.count)
        if let reason = layout.firstNonFinite(in: row) {
            divergence = TrainingOutcome.Divergence(firstBadStep: stepsDone, reason: reason)
        } else if let reason = stopping?.reasonToStop(at: step, row) {
            stopReason = reason
        } else {
            try steps.update()
        }
        stepsDone += 1
        if step.loss < bestLoss || bestStep == nil && step.loss.isFinite {
            bestLoss = step.loss
            bestStep = step.step
        }
        return step
    }

    /// The result so far; complete when ``next(into:)`` has returned nil.
    package mutating func outcome() throws -> TrainingOutcome {
        let parameters = steps.parameters
        let finalLoss = try steps.fullLoss()
        if divergence == nil {
            let numbers = zip(layout.parameters.names, parameters) + [("the loss over all data", finalLoss)]
            if let (name, value) = numbers.first(where: { !$0.1.isFinite }) {
                divergence = TrainingOutcome.Divergence(
                    firstBadStep: stepsDone, reason: "\(name) is \(value) after the last update")
            }
        }
        return TrainingOutcome(
            stepsDone: stepsDone, divergence: divergence, stopReason: stopReason, parameters: parameters,
            averages: steps.averages, initialLoss: initialLoss, finalLoss: finalLoss, bestLoss: bestLoss,
            bestStep: bestStep,
            evaluations: steps.evaluations)
    }

    /// Trains the parent up to the fork and takes over the fork's settings; what is observed is the fork's alone.
    private mutating func follow(_ fork: ForkPoint, to configuration: RunConfiguration, data: TrainingData) throws {
        var numbers: [Double] = []
        while stepsDone < fork.step, try next(into: &numbers) != nil { numbers.removeAll(keepingCapacity: true) }
        if let reason = divergence?.reason ?? stopReason {
            throw LearningError(
                .invalidStepCount,
                "the run ends at step \(stepsDone - 1) (\(reason)), so it cannot be forked at \(fork.step)",
                advice: "give a step of at most \(stepsDone - 1)")
        }
        let isWatchedAlike =
            configuration.stopping == self.configuration.stopping
            && configuration.loss == self.configuration.loss
        if !isWatchedAlike {
            stopping = configuration.stopping.map { EarlyStopping($0, configuration, data: data) }
        }
        try steps.change(to: configuration)
        self.configuration = configuration
        initialParameters = steps.parameters
        initialLoss = try steps.fullLoss()
        bestLoss = .nan
        bestStep = nil
    }

    private static func makeSteps<Scalar: TrainingScalar>(
        of scalar: Scalar.Type, _ configuration: RunConfiguration, data: TrainingData, source: RandomSource
    ) throws(LearningError) -> any AnyTrainingLoop {
        let (model, loss) = (configuration.model, configuration.loss)
        return switch configuration.gradients {
        case .autograd: try TrainingLoop(AutogradMethod<Scalar>(model, loss: loss), configuration, data, source)
        case .manual: try TrainingLoop(ManualMethod<Scalar>(model, loss: loss), configuration, data, source)
        case .tape: try TrainingLoop(TapeMethod<Scalar>(model, loss: loss), configuration, data, source)
        }
    }
}

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
