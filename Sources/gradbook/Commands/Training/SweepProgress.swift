import Experiments
import Spelling

/// Carries out a sweep's queued runs before a person's eyes.
struct SweepProgress {
    let name: String
    let runCount: Int
    let stepCount: Int

    func carryOut(_ sweep: Int64, in notebook: Notebook, workers: WorkerOptions) throws {
        var bar = ProgressBar()
        defer { bar.finish() }
        let began = ContinuousClock.now
        let done = try notebook.carryOut(
            sweep: sweep, workers: workers.count, onFailure: workers.onFail
        ) { progress in
            bar.update(
                runsDone: progress.runsDone, runsPlanned: runCount, stepsDone: progress.stepsDone,
                stepsPlanned: stepCount)
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        Terminal.note(
            "\(name): \(done.runsDone.counted("run")) ended, \(done.runsDiverged) of them diverged; \(done.stepsDone.counted("step")) in "
                + "\((seconds * 100).rounded() / 100) s")
        guard done.runsFailed == 0 else {
            throw ExperimentError(
                .trainingFailed,
                "sweep '\(name)': \(done.runsFailed.counted("run")) failed; gradbook runs 'sweep=\(name) state=failed' lists them, and "
                    + "gradbook sweep retry \(name) tries them again")
        }
    }
}
