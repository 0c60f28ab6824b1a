import Learning
import Tracking

/// A run's steps computed again, to be compared with stored ones of which some may be missing.
struct ComputedSteps {
    private var training: Result<RunTraining, any Error>
    /// Computed, and not handed out yet.
    private var waiting: StepRow?
    private var count = 0

    init(_ configuration: RunConfiguration, data: TrainingData) {
        training = Result { try RunTraining(configuration, data: data) }
    }

    /// The next step if it comes before `step`.
    mutating func next(before step: Int) -> StepRow? {
        next { $0 < step }
    }

    /// The next step if it is `step`.
    mutating func next(at step: Int) -> StepRow? {
        next { $0 == step }
    }

    /// How the run ends, as a run that cannot be trained too.
    mutating func outcome() -> RunOutcome {
        do {
            var training = try training.get()
            return try training.outcome()
        } catch {
            return RunOutcome(failedAfter: count, because: error)
        }
    }

    private mutating func next(where isWanted: (Int) -> Bool) -> StepRow? {
        if waiting == nil {
            waiting = compute()
            if waiting != nil { count += 1 }
        }
        guard let step = waiting, isWanted(step.step) else { return nil }
        waiting = nil
        return step
    }

    private mutating func compute() -> StepRow? {
        guard case .success(var current) = training else { return nil }
        // Left out of the result while it is trained, so that nothing is copied.
        training = .failure(CancellationError())
        do {
            var values: [Double] = []
            let step = try current.next(into: &values)
            training = .success(current)
            return step.map { StepRow(step: $0.step, epoch: $0.epoch, elapsedNanoseconds: 0, values: values) }
        } catch {
            training = .failure(error)
            return nil
        }
    }
}
