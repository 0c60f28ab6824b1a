import Learning
import Tracking

/// Trains one claimed run and hands every step to the writer.
struct RunExecution {
    /// Steps between two reports of progress.
    private static let reportInterval = 256

    let writer: StepWriter
    /// Nanoseconds since some fixed moment, never going back.
    let clock: @Sendable () -> Int
    /// Whether to end after the step that is being computed.
    let isStopping: @Sendable () -> Bool

    /// Trains `run` on `data`, telling `progress` how many further steps are done, and returns how it ended.
    ///
    /// A run that is stopped before its end is given back with the rows it has, and the answer is nil. One that cannot be
    /// trained has failed.
    func execute(_ run: StoredRun, data: TrainingData, progress: (Int) -> Void) throws -> RunOutcome? {
        var recorder = writer.recorder(forRun: run)
        var stepsDone = 0
        do {
            var training = try Training(RunConfiguration(json: run.plan.config), data: data)
            let (initialW, initialB) = training.initialParameters
            let began = clock()
            while let step = try training.next() {
                try recorder.record(QuadraticStep(step, elapsedNanoseconds: clock() - began))
                stepsDone += 1
                if stepsDone.isMultiple(of: Self.reportInterval) { progress(Self.reportInterval) }
                if isStopping() && stepsDone < run.plan.steps {
                    try recorder.release()
                    return nil
                }
            }
            progress(stepsDone % Self.reportInterval)
            let outcome = RunOutcome(try training.outcome(), initialW: initialW, initialB: initialB)
            try recorder.finish(outcome)
            return outcome
        } catch let error where !(error is TrackingError) {
            let outcome = RunOutcome(
                state: .failed, stepsDone: stepsDone, reason: "\(error)", finalLoss: .nan, bestLoss: .nan,
                bestStep: nil, parameters: [])
            try recorder.finish(outcome)
            return outcome
        }
    }
}

extension QuadraticStep {
    fileprivate init(_ step: TrainingStep, elapsedNanoseconds: Int) {
        self.init(
            step: step.step, epoch: step.epoch, loss: step.loss, learningRate: step.learningRate, w: step.w, b: step.b,
            gradW: step.gradW, gradB: step.gradB, elapsedNanoseconds: elapsedNanoseconds)
    }
}

extension RunOutcome {
    fileprivate init(_ outcome: TrainingOutcome, initialW: Double, initialB: Double) {
        self.init(
            state: outcome.divergence == nil ? .done : .diverged,
            stepsDone: outcome.stepsDone,
            firstBadStep: outcome.divergence?.firstBadStep,
            reason: outcome.divergence?.reason,
            stopReason: outcome.stopReason,
            evaluations: outcome.evaluations,
            finalLoss: outcome.finalLoss,
            bestLoss: outcome.bestLoss,
            bestStep: outcome.bestStep,
            parameters: [
                ParameterValues(name: "w", initial: initialW, final: outcome.w, average: outcome.averages?.w),
                ParameterValues(name: "b", initial: initialB, final: outcome.b, average: outcome.averages?.b),
            ])
    }
}

extension TrainingData {
    /// The data that a run trained on, from the notebook: the file they came from may be gone.
    init(_ dataset: Dataset) {
        self.init(
            x: dataset.x, y: dataset.y,
            scaling: Scaling(xDivisor: dataset.xDivisor, yDivisor: dataset.yDivisor, yOffset: dataset.yOffset))
    }
}
