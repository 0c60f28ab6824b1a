import Experiments
import Foundation
import TextFormats
import Tracking

/// Gives a sweep's queued runs to whoever trains them.
struct SweepDispatch {
    let name: String
    let runCount: Int
    let stepCount: Int
    let recording: RecordingOptions

    func dispatch(_ sweep: Int64, in runner: ExperimentRunner, to engine: EngineOptions, workers: WorkerOptions) throws
    {
        switch engine.kind {
        case .local:
            try SweepProgress(name: name, runCount: runCount, stepCount: stepCount)
                .run(sweep, in: runner, workers: workers)
            while let rung = try runner.nextRung(ofSweep: sweep) {
                Terminal.printNote(
                    "\(name): rung \(rung.number) of \(rung.rungCount), \(rung.configurationCount.counted("configuration")) for "
                        + "\(rung.steps.counted("step")): \(rung.runCount.counted("run"))")
                try SweepProgress(name: name, runCount: rung.runCount, stepCount: rung.runCount * rung.steps)
                    .run(sweep, in: runner, workers: workers)
            }
        case .none:
            Terminal.printNote(
                "\(name): \(runCount.counted("run is queued", plural: "runs are queued")); "
                    + "\(CommandText("sweep resume", [name]).spelled) trains \(runCount == 1 ? "it" : "them") here, and gradbook sweep "
                    + "shard takes a part elsewhere")
        case .slurm:
            let submission = SlurmSubmission(
                name: name, notebook: URL(filePath: recording.database.file),
                request: engine.request(runCount: runCount, workers: workers.count))
            let scripts = try submission.prepare(from: try recording.database.openForReading())
            guard engine.submit else {
                Terminal.printNote("\(name): submit \(scripts.arrayFile.path), and after it \(scripts.mergeFile.path)")
                return
            }
            let jobs = try submission.submit(scripts)
            try runner.addSlurmJobs(jobs, toSweep: sweep)
            try Terminal.print(sentences: "\(name): Slurm job \(jobs.array), merged by job \(jobs.merge)")
        }
    }
}

/// Runs a sweep's queued runs, with a progress bar.
struct SweepProgress {
    let name: String
    let runCount: Int
    let stepCount: Int

    func run(_ sweep: Int64, in runner: ExperimentRunner, workers: WorkerOptions) throws {
        var bar = ProgressBar()
        defer { bar.finish() }
        let began = ContinuousClock.now
        Terminal.printDetail("\(name): \(workers.count.counted("worker")) training")
        let done = try runner.runSweep(
            sweep, workers: workers.count, onFailure: workers.onFail
        ) { progress in
            for run in progress.ended { Terminal.printDetail(run.text) }
            bar.update(ProgressBar.Standing(progress, of: runCount, stepsPlanned: stepCount))
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        Terminal.printNote(
            "\(name): \(done.runsDone.counted("run")) ended, \(done.runsDiverged) diverged; \(done.stepsDone.counted("step")) in "
                + String(format: "%.2f s", seconds))
        guard done.runsFailed == 0 else {
            let mark = name.contains("\"") ? "'" : "\""
            let filter = "sweep=\(mark)\(name)\(mark) state=failed"
            throw ExperimentError(
                .trainingFailed,
                "sweep '\(name)': \(done.runsFailed.counted("run")) failed",
                advice: "\(command: "runs", filter) lists them, and \(command: "sweep retry", name) tries them again")
        }
    }
}

extension SweepRunner.EndedRun {
    /// One line for somebody who waits.
    fileprivate var text: String {
        let end = outcome.stateReason.map { ", \($0)" } ?? ""
        let loss =
            outcome.finalLoss.isFinite ? NumberText.exact(outcome.finalLoss) : NumberText.status(outcome.finalLoss)
        return
            "run \(id): \(outcome.state.rawValue) after \(outcome.stepsDone.counted("step")), final loss \(loss)\(end)"
    }
}

extension ProgressBar.Standing {
    /// A sweep's standing, as far as this process trains it.
    init(_ progress: SweepRunner.Progress, of runsPlanned: Int, stepsPlanned: Int) {
        self.init(
            runsDone: progress.runsDone, runsPlanned: runsPlanned, stepsDone: progress.stepsDone,
            stepsPlanned: stepsPlanned, stepsSpared: progress.stepsSpared, bestLoss: progress.bestLoss,
            lastLoss: progress.lastLoss)
    }

    /// That of a single run.
    init(_ progress: TrainingProgress, of stepsPlanned: Int) {
        self.init(
            runsPlanned: 1, stepsDone: progress.stepsDone, stepsPlanned: stepsPlanned, bestLoss: progress.bestLoss,
            lastLoss: progress.lastLoss)
    }
}
