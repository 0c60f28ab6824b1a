package import Learning
import TextFormats
package import Tracking

extension ExperimentRunner {
    /// A run that was to be resumed.
    package struct ResumedRun: Sendable {
        package let run: RecordedRun
        package let scaling: Scaling
        /// Whether it had ended before, so that nothing was computed.
        package let hadEnded: Bool
    }

    /// The run that a person means.
    package func run(meantBy reference: String) throws -> Run {
        try store.runs.find(meantBy: reference)
    }

    /// Resumes an interrupted run.
    ///
    /// Trains it from its first step, on the configuration and the data that the notebook holds. What is computed is
    /// compared with the rows that are there, bit for bit: a different one is a `conflict` that names it, and none is
    /// overwritten. In the end the run has the rows it would have had without the interruption. A run that somebody still
    /// works on, or that cannot be finished, is a `conflict`.
    package func resume(_ run: Run, progress: (Int) -> Void = { _ in }) throws -> ResumedRun {
        let data = TrainingData(try store.datasets.find(id: run.plan.datasetID))
        if let outcome = try store.runs.outcome(of: run) {
            guard outcome.state == .done || outcome.state == .diverged else {
                throw TrackingError(
                    .conflict,
                    "run \(run.id) is \(outcome.state)\(outcome.stateReason.map { " (\($0))" } ?? ""), not interrupted; "
                        + "start another one with gradbook run")
            }
            return ResumedRun(run: RecordedRun(run, outcome: outcome), scaling: data.scaling, hadEnded: true)
        }
        let claimed = try store.runs.resume(run.id, as: origin, isAlive: context.isAlive)
        return ResumedRun(
            run: try train(claimed, on: data, progress: progress), scaling: data.scaling, hadEnded: false)
    }
}
