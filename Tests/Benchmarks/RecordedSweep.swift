import Experiments
import Foundation
import Learning
import Tracking

/// Whole sweeps, planned, trained and recorded, as `gradbook sweep` carries them out.
enum RecordedSweep {
    private static let runCount = 600

    static var cases: [BenchmarkCase] {
        [largeSweep, manySmallRuns]
    }

    /// 600 runs of 1000 steps with two workers, against the bare loop that writes their 600,000 rows.
    private static var largeSweep: BenchmarkCase {
        let files = BenchmarkFolder()
        return BenchmarkCase(
            name: "sweep-600x1000", unit: "step", units: runCount * 1000, limit: 1.6, rounds: 5, clock: .wall,
            subject: { run(steps: 1000, workers: 2, in: files) },
            floor: {
                files.removeDatabase("bare.db")
                BareInsertion.write(runs: runCount, steps: 1000, runsInTransaction: 16, to: files.path("bare.db"))
            })
    }

    /// What the notebook costs a short run: planning, claiming, 100 rows and the end, against the training alone.
    private static var manySmallRuns: BenchmarkCase {
        let files = BenchmarkFolder()
        let plan = Deferred { makePlan(steps: 100) }
        return BenchmarkCase(
            name: "sweep-600x100", unit: "run", units: runCount, limit: .infinity, largestDifference: 1_000_000,
            rounds: 5, clock: .wall,
            subject: { run(steps: 100, workers: 1, in: files) },
            floor: {
                for run in plan.value.runs {
                    var training = attempt { try Trainer(run.configuration, data: run.data) }
                    var numbers: [Double] = []
                    while attempt({ try training.next(into: &numbers) }) != nil {
                        numbers.removeAll(keepingCapacity: true)
                    }
                }
            })
    }

    private static func run(steps: Int, workers: Int, in files: BenchmarkFolder) {
        files.removeDatabase("sweep.db")
        attempt {
            let store = try Store.open(at: files.path("sweep.db"), now: { "2026-01-01T00:00:00.000Z" })
            let runner = ExperimentRunner(
                store,
                origin: Provenance(
                    version: "bench", gitCommit: nil, command: "",
                    process: ProcessIdentity(host: "here", pid: 1, started: 1, bootID: "")),
                clock: { Int(DispatchTime.now().uptimeNanoseconds) })
            let sweep = try runner.queue(makePlan(steps: steps), name: "sweep")
            let progress = try runner.runSweep(sweep, workers: workers)
            precondition(progress.stepsDone == runCount * steps, "\(progress.stepsDone) steps were recorded")
            try runner.close()
            store.close()
        }
    }

    /// Three optimizers with ten learning rates on twenty seeds.
    private static func makePlan(steps: Int) -> SweepPlanner.Plan {
        attempt {
            try SweepPlanner.plan(
                SearchSpace(
                    fields: [.optimizer: "sgd,adam,rmsprop", .lr: "log:1e-3:0.1:10", .steps: String(steps)],
                    settings: [], seeds: "1..20"))
        }
    }
}
