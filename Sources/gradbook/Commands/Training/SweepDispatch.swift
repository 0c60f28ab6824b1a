import Experiments
import Foundation
import TextFormats

/// Gives a sweep's queued runs to whoever is to carry them out.
struct SweepDispatch {
    let name: String
    let runCount: Int
    let stepCount: Int
    let recording: RecordingOptions

    func dispatch(_ sweep: Int64, in notebook: Notebook, to engine: EngineOptions, workers: WorkerOptions) throws {
        switch engine.engine {
        case .local:
            try SweepProgress(name: name, runCount: runCount, stepCount: stepCount)
                .carryOut(sweep, in: notebook, workers: workers)
            while let rung = try notebook.nextRung(ofSweep: sweep) {
                Terminal.note(
                    "\(name): rung \(rung.number) of \(rung.rungCount), \(rung.configurationCount.counted("configuration")) for "
                        + "\(rung.steps.counted("step")): \(rung.runCount.counted("run"))")
                try SweepProgress(name: name, runCount: rung.runCount, stepCount: rung.runCount * rung.steps)
                    .carryOut(sweep, in: notebook, workers: workers)
            }
        case .none:
            Terminal.note(
                "\(name): \(runCount.counted("run is queued", plural: "runs are queued")); gradbook sweep resume or sweep shard carries "
                    + "\(runCount == 1 ? "it" : "them") out")
        case .slurm:
            let submission = SlurmSubmission(
                name: name, notebook: URL(filePath: recording.database.file),
                request: engine.request(runCount: runCount, workers: workers.count))
            let scripts = try submission.prepare(from: try recording.database.openForReading())
            guard engine.submit else {
                Terminal.note("\(name): submit \(scripts.arrayFile.path), and after it \(scripts.mergeFile.path)")
                return
            }
            let jobs = try submission.submit(scripts)
            try notebook.addEvent("submitted", jobs.event, toSweep: sweep)
            try Terminal.tell("\(name): Slurm job \(jobs.array), merged by job \(jobs.merge)")
        }
    }
}
