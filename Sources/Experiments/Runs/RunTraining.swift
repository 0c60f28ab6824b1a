import Learning
import TextFormats
import Tracking

/// A stored run as it is computed: its rows and how it ends, a pure function of its configuration and its data.
///
/// Recording a run, resuming, forking and verifying are all this one computation: what was
/// recorded before comes out of it again, bit for bit.
struct RunTraining {
    /// The columns of its rows.
    let stepSchema: StepSchema
    private var training: Trainer
    private let configuredSteps: Int
    private var nextStep: Int

    /// Prepares the first step of the run.
    init(_ run: Run, data: TrainingData) throws {
        // The reason has no number of the run: failures of several are one if their reasons are.
        try self.init(RunConfiguration(json: run.plan.config), data: data)
    }

    init(_ configuration: RunConfiguration, data: TrainingData) throws {
        stepSchema = configuration.stepSchema
        training = try Trainer(configuration, data: data)
        configuredSteps = configuration.steps
        nextStep = configuration.fork?.step ?? 0
    }

    /// Whether ``next(into:)`` may have another step.
    var hasMore: Bool { nextStep < configuredSteps }

    /// Appends the next row's numbers, in the order of ``stepSchema``, and returns which step it is; nil after the last one.
    mutating func next(into values: inout [Double]) throws -> TrainingStep? {
        guard let step = try training.next(into: &values) else { return nil }
        nextStep = step.step + 1
        return step
    }

    /// How the run ended; complete when there is no next row.
    mutating func outcome() throws -> RunOutcome {
        let outcome = try training.outcome()
        let initial = training.initialParameters
        return RunOutcome(
            state: outcome.divergence == nil ? .done : .diverged,
            stepsDone: outcome.stepsDone,
            divergedStep: outcome.divergence?.firstBadStep,
            stateReason: outcome.divergence?.reason,
            stopReason: outcome.stopReason,
            evaluations: outcome.evaluations,
            initialLoss: outcome.initialLoss,
            finalLoss: outcome.finalLoss,
            bestLoss: outcome.bestLoss,
            bestStep: outcome.bestStep,
            parameters: training.layout.parameters.names.enumerated().map { index, name in
                ParameterValues(
                    name: name, initial: initial[index], final: outcome.parameters[index],
                    average: outcome.averages?[index])
            })
    }
}

extension Run {
    /// What the run is trained with.
    /// - Throws: `conflict` for a configuration that no run can have, which somebody else must have written.
    func configuration() throws(ExperimentError) -> RunConfiguration {
        do {
            return try RunConfiguration(json: plan.config)
        } catch {
            throw ExperimentError(
                .conflict, "run \(id) cannot be trained: \(error.message)",
                advice: "\(command: "verify", "\(id)") says more",
                underlying: error)
        }
    }
}

extension RunConfiguration {
    /// The columns of the run's steps: the order is that of `Trainer.next(into:)`.
    var stepSchema: StepSchema {
        StepSchema(model: model.text, parameters: model.layout.names)
    }
}

extension RunOutcome {
    /// The end of a run that could not be trained further after so many steps.
    init(failedAfter stepsDone: Int, because error: any Error) {
        self.init(
            state: .failed, stepsDone: stepsDone, stateReason: "\(error)", finalLoss: .nan, bestLoss: .nan,
            bestStep: nil,
            parameters: [])
    }
}

extension TrainingData {
    /// The data that a run trained on, from the notebook: the file they came from may be gone.
    /// - Throws: `damaged` where a sample is missing or is no number, because what is trained on others is another run.
    init(_ dataset: Dataset) throws(TrackingError) {
        try dataset.mustBeComplete()
        self.init(x: dataset.x, y: dataset.y, scaling: Scaling(dataset))
    }
}

extension Scaling {
    /// What was done to the columns of the data's file.
    init(_ dataset: Dataset) {
        self.init(xDivisor: dataset.xDivisor, yDivisor: dataset.yDivisor, yOffset: dataset.yOffset)
    }
}

/// Trains one claimed run and hands every step to the writer.
struct RunExecution {
    /// Steps between two reports of progress.
    private static let reportInterval = 256

    let writer: StepWriter
    /// Nanoseconds since some fixed moment, never going back.
    let clock: @Sendable () -> Int
    /// Whether to end after the step that is being computed.
    let isStopping: @Sendable () -> Bool

    /// Trains `run` on `data`, telling `progress` now and then how far it is, and returns how it ended.
    ///
    /// A run that is stopped before its end is given back with the rows it has, and the answer is nil. One that cannot be
    /// trained has failed.
    func execute(_ run: Run, data: TrainingData, progress: (TrainingProgress) -> Void) throws -> RunOutcome? {
        var recorder = writer.recorder(forRun: run)
        var done = TrainingProgress()
        do {
            var training = try RunTraining(run, data: data)
            let began = clock()
            while let step = try training.next(into: &recorder.values) {
                try recorder.record(step: step.step, epoch: step.epoch, elapsedNanoseconds: clock() - began)
                done.count(step.loss)
                if done.stepsDone.isMultiple(of: Self.reportInterval) { progress(done) }
                if isStopping() && training.hasMore {
                    try recorder.release()
                    return nil
                }
            }
            progress(done)
            let outcome = try training.outcome()
            try recorder.finish(outcome)
            return outcome
        } catch let error where !(error is TrackingError) {
            let outcome = RunOutcome(failedAfter: done.stepsDone, because: error)
            try recorder.finish(outcome)
            return outcome
        }
    }
}
