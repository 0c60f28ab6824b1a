import Autograd

/// A run of a configuration, one step at a time: a pure function of the configuration and its data.
///
///     var training = try Training(configuration, data: data)
///     while let step = try training.next() { record(step) }
///     let outcome = try training.outcome()
package struct Training {
    private var steps: any StepSource
    private var configuration: RunConfiguration
    private var stepsDone = 0
    private var divergence: TrainingOutcome.Divergence?
    private var stopping: StoppingWatch?
    private var stopReason: String?
    private var bestLoss = Double.nan
    private var bestStep: Int?

    /// The parameters (w, b) that training starts from.
    package private(set) var initialParameters: (w: Double, b: Double)

    /// Prepares the first step; the chapter's data are those of ``TrainingData/chapter(for:)``.
    ///
    /// Of a fork this trains its parent up to there.
    package init(_ configuration: RunConfiguration, data: TrainingData) throws {
        try configuration.validate(sampleCount: data.count)
        if let fork = configuration.fork {
            self = try Training(fork.parent, data: data)
            try follow(fork, to: configuration, data: data)
        } else {
            try self.init(beginning: configuration, data: data)
        }
    }

    /// Prepares the first step of all.
    private init(beginning configuration: RunConfiguration, data: TrainingData) throws(LearningError) {
        self.configuration = configuration
        let source = try TrainingData.runSource(for: configuration)
        steps =
            switch configuration.dtype {
            case .float32: try Self.makeSteps(of: Float.self, configuration, data: data, source: source)
            case .float64: try Self.makeSteps(of: Double.self, configuration, data: data, source: source)
            }
        stopping = configuration.stopping.map { StoppingWatch($0, loss: configuration.loss, data: data) }
        initialParameters = steps.parameters
    }

    /// The next step, or nil when the configured number is reached, or the last one diverged or met a stopping rule.
    package mutating func next() throws -> TrainingStep? {
        guard stepsDone < configuration.steps, divergence == nil, stopReason == nil else { return nil }
        let step = try steps.next(stepsDone)
        if let reason = step.firstNonFinite {
            divergence = TrainingOutcome.Divergence(firstBadStep: stepsDone, reason: reason)
        } else if let reason = stopping?.reasonToStop(at: step) {
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
        let (w, b) = steps.parameters
        let finalLoss = try steps.fullLoss()
        if divergence == nil, !(w.isFinite && b.isFinite && finalLoss.isFinite) {
            let numbers = [("w", w), ("b", b), ("the loss over all data", finalLoss)]
            let reason = numbers.first { !$0.1.isFinite }.map { "\($0.0) is \($0.1) after the last update" }
            divergence = TrainingOutcome.Divergence(firstBadStep: stepsDone, reason: reason ?? "")
        }
        return TrainingOutcome(
            stepsDone: stepsDone, divergence: divergence, stopReason: stopReason, w: w, b: b,
            averages: steps.averages, finalLoss: finalLoss, bestLoss: bestLoss, bestStep: bestStep,
            evaluations: steps.evaluations)
    }

    /// Trains the parent up to the fork and takes over the fork's settings; what is observed is the fork's alone.
    private mutating func follow(_ fork: ForkPoint, to configuration: RunConfiguration, data: TrainingData) throws {
        while stepsDone < fork.step, try next() != nil {}
        if let reason = divergence?.reason ?? stopReason {
            throw LearningError(
                .invalidStepCount,
                "the run ends at step \(stepsDone - 1) (\(reason)), so it cannot be forked at \(fork.step); "
                    + "give a step of at most \(stepsDone - 1)")
        }
        let isWatchedAlike =
            configuration.stopping == self.configuration.stopping
            && configuration.loss == self.configuration.loss
        if !isWatchedAlike {
            stopping = configuration.stopping.map { StoppingWatch($0, loss: configuration.loss, data: data) }
        }
        try steps.change(to: configuration)
        self.configuration = configuration
        initialParameters = steps.parameters
        bestLoss = .nan
        bestStep = nil
    }

    private static func makeSteps<Scalar: TrainingScalar>(
        of scalar: Scalar.Type, _ configuration: RunConfiguration, data: TrainingData, source: RandomSource
    ) throws(LearningError) -> any StepSource {
        let loss = configuration.loss
        return switch configuration.gradients {
        case .autograd: try Steps(AutogradEvaluation<Scalar>(loss: loss), configuration, data: data, source: source)
        case .manual: try Steps(ManualEvaluation<Scalar>(loss: loss), configuration, data: data, source: source)
        case .tape: try Steps(TapeEvaluation<Scalar>(loss: loss), configuration, data: data, source: source)
        }
    }
}
