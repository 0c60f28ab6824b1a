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
    /// gradients. Into a list with room for them this allocates nothing.
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

    /// The result so far; complete when ``next()`` has returned nil.
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
