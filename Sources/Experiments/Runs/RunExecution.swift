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
    func execute(_ run: Run, data: TrainingData, progress: (Int) -> Void) throws -> RunOutcome? {
        var recorder = writer.recorder(forRun: run)
        var stepsDone = 0
        do {
            var training = try RunTraining(run, data: data)
            let began = clock()
            while let step = try training.next(into: &recorder.values) {
                try recorder.record(step: step.step, epoch: step.epoch, elapsedNanoseconds: clock() - began)
                stepsDone += 1
                if stepsDone.isMultiple(of: Self.reportInterval) { progress(Self.reportInterval) }
                if isStopping() && training.hasMore {
                    try recorder.release()
                    return nil
                }
            }
            progress(stepsDone % Self.reportInterval)
            let outcome = try training.outcome()
            try recorder.finish(outcome)
            return outcome
        } catch let error where !(error is TrackingError) {
            let outcome = RunOutcome(failedAfter: stepsDone, because: error)
            try recorder.finish(outcome)
            return outcome
        }
    }
}
