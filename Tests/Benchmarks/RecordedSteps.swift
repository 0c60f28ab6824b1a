import Experiments
import Foundation
import Learning
import Tracking

/// What it costs to write steps, and to train with every step written.
enum RecordedSteps {
    static var cases: [BenchmarkCase] {
        [writing, training]
    }

    /// A million rows through the step writer, against the bare loop that commits as many at a time.
    private static var writing: BenchmarkCase {
        let (files, rows) = (BenchmarkFolder(), 1_000_000)
        let sweep = LargeSweep(rows: rows)
        return BenchmarkCase(
            name: "write-1000k-steps", unit: "step", units: rows, limit: 1.3, rounds: 7, clock: .wall,
            subject: {
                files.removeDatabase("written.db")
                sweep.store(at: files.path("written.db")).close()
            },
            floor: {
                files.removeDatabase("bare.db")
                BareInsertion.write(
                    runs: rows / LargeSweep.stepCount, steps: LargeSweep.stepCount, runsInTransaction: 3,
                    to: files.path("bare.db"))
            })
    }

    /// One run with everything recorded, against its training alone and the bare loop that writes as many rows.
    private static var training: BenchmarkCase {
        let (files, steps) = (BenchmarkFolder(), 200_000)
        let run = Deferred {
            var parser = SettingsParser()
            return attempt { try parser.parse(RawSettings(fields: [.steps: String(steps)], hyperparameters: [:])) }
        }
        return BenchmarkCase(
            name: "record-200k-steps", unit: "step", units: steps, limit: 1.5, rounds: 7, clock: .wall,
            subject: {
                files.removeDatabase("recorded.db")
                attempt {
                    let store = try Store.open(at: files.path("recorded.db"), now: { "2026-01-01T00:00:00.000Z" })
                    let runner = ExperimentRunner(
                        store, origin: LargeSweep.origin, clock: { Int(DispatchTime.now().uptimeNanoseconds) })
                    _ = try runner.record(run.value)
                    try runner.close()
                    store.close()
                }
            },
            floor: {
                files.removeDatabase("bare.db")
                BareInsertion.write(
                    runs: steps / 10_000, steps: 10_000, runsInTransaction: 1, to: files.path("bare.db"))
            },
            otherFloor: {
                var training = attempt { try Trainer(run.value.configuration, data: run.value.data) }
                var numbers: [Double] = []
                while attempt({ try training.next(into: &numbers) }) != nil {
                    numbers.removeAll(keepingCapacity: true)
                }
            })
    }
}
