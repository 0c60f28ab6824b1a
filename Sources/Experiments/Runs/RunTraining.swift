import Learning
import Tracking

/// A stored run as it is computed: its rows and how it ends, a pure function of its configuration and its data.
///
/// Recording a run, resuming, forking and verifying are all this one computation: what was
/// recorded before comes out of it again, bit for bit.
struct RunTraining {
    private var training: Training
    private var numbers: [Double] = []
    private let configuredSteps: Int
    private var nextStep: Int

    /// Prepares the first step of the run.
    init(_ run: StoredRun, data: TrainingData) throws {
        try self.init(RunConfiguration(json: run.plan.config), data: data)
    }

    init(_ configuration: RunConfiguration, data: TrainingData) throws {
        training = try Training(configuration, data: data)
        configuredSteps = configuration.steps
        nextStep = configuration.fork?.step ?? 0
    }

    /// Whether ``next(elapsedNanoseconds:)`` may have another step.
    var hasMore: Bool { nextStep < configuredSteps }

    /// The next row, or nil after the last one.
    mutating func next(elapsedNanoseconds: @autoclosure () -> Int) throws -> QuadraticStep? {
        numbers.removeAll(keepingCapacity: true)
        guard let step = try training.next(into: &numbers) else { return nil }
        nextStep = step.step + 1
        return QuadraticStep(
            step: step.step, epoch: step.epoch, loss: numbers[0], learningRate: numbers[1], w: numbers[2],
            b: numbers[3], gradW: numbers[4], gradB: numbers[5], elapsedNanoseconds: elapsedNanoseconds())
    }

    /// How the run ended; complete when there is no next row.
    mutating func outcome() throws -> RunOutcome {
        let outcome = try training.outcome()
        let initial = training.initialParameters
        return RunOutcome(
            state: outcome.divergence == nil ? .done : .diverged,
            stepsDone: outcome.stepsDone,
            firstBadStep: outcome.divergence?.firstBadStep,
            reason: outcome.divergence?.reason,
            stopReason: outcome.stopReason,
            evaluations: outcome.evaluations,
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

extension RunOutcome {
    /// The end of a run that could not be trained further after so many steps.
    init(failedAfter stepsDone: Int, because error: any Error) {
        self.init(
            state: .failed, stepsDone: stepsDone, reason: "\(error)", finalLoss: .nan, bestLoss: .nan, bestStep: nil,
            parameters: [])
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
