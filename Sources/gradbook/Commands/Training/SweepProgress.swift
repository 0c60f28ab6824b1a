import Experiments
import Foundation
import TextFormats

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
                + String(format: "%.2f s", seconds))
        guard done.runsFailed == 0 else {
            let mark = name.contains("\"") ? "'" : "\""
            let filter = "sweep=\(mark)\(name)\(mark) state=failed"
            throw ExperimentError(
                .trainingFailed,
                "sweep '\(name)': \(done.runsFailed.counted("run")) failed",
                advice: "gradbook runs \(filter.quotedForShell) lists them, and gradbook sweep retry "
                    + "\(name.quotedForShell) tries them again")
        }
    }
}
