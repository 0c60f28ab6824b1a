import Autograd

/// A run of a configuration, one step at a time: a pure function of the configuration and its data.
///
///     var training = try Training(configuration, data: data)
///     while let step = try training.next() { record(step) }
///     let outcome = try training.outcome()
package struct Training {
    private var steps: any StepSource
    private let configuration: RunConfiguration
    private var stepsDone = 0
    private var divergence: TrainingOutcome.Divergence?
    private var stopping: StoppingWatch?
    private var stopReason: String?
    private var bestLoss = Double.nan
    private var bestStep: Int?

    /// The parameters (w, b) that training starts from.
    package let initialParameters: (w: Double, b: Double)

    /// Prepares the first step; the chapter's data are those of ``TrainingData/chapter(for:)``.
    package init(_ configuration: RunConfiguration, data: TrainingData) throws(LearningError) {
        try configuration.validate(sampleCount: data.count)
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
