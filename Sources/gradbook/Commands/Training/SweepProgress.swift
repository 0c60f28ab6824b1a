import Experiments
import Foundation
import TextFormats

/// Runs a sweep's queued runs, with a progress bar.
struct SweepProgress {
    let name: String
    let runCount: Int
    let stepCount: Int

    func run(_ sweep: Int64, in runner: ExperimentRunner, workers: WorkerOptions) throws {
        var bar = ProgressBar()
        defer { bar.finish() }
        let began = ContinuousClock.now
        let done = try runner.runSweep(
            sweep, workers: workers.count, onFailure: workers.onFail
        ) { progress in
            bar.update(
                runsDone: progress.runsDone, runsPlanned: runCount, stepsDone: progress.stepsDone,
                stepsPlanned: stepCount)
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        Terminal.printError(
            "\(name): \(done.runsDone.counted("run")) ended, \(done.runsDiverged) diverged; \(done.stepsDone.counted("step")) in "
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
