import Foundation
import Reports
import Tracking

/// A whole report over a million recorded steps, against one reading of those steps.
enum ReportRows {
    static var cases: [BenchmarkCase] {
        [makeCase(1_000_000, limit: 6), makeCase(250_000, limit: 6)]
    }

    /// Two sizes, whose times per step are to be equal.
    private static func makeCase(_ rows: Int, limit: Double) -> BenchmarkCase {
        let notebook = LargeNotebook(rows: rows)
        return BenchmarkCase(
            name: "report-\(rows / 1000)k-rows", unit: "step", units: rows, limit: limit, rounds: 3,
            subject: { notebook.report() }, floor: { notebook.readEveryStep() })
    }
}

/// Runs of 5000 steps in a file that is written when it is first needed, and goes away with the program.
private final class LargeNotebook {
    private static let stepCount = 5000
    private let rows: Int
    private lazy var store = Self.makeStore(rows: rows, in: folder)
    private let folder = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")

    init(rows: Int) {
        self.rows = rows
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func report() {
        attempt { try Report(of: .sweep("large"), in: store).write(to: folder.appending(path: "report")) }
    }

    func readEveryStep() {
        var sum = 0.0
        attempt {
            for run in try store.runs(ofSweep: 1) {
                try store.forEachStep(ofRun: run.id) { step in
                    sum += step.loss + step.w + step.b + step.gradW + step.gradB + step.learningRate
                }
            }
        }
        precondition(sum.isFinite)
    }

    private static func makeStore(rows: Int, in folder: URL) -> Store {
        attempt {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let store = try Store.open(at: folder.appending(path: "large.db").path, now: { "2026-01-01T00:00:00Z" })
            let origin = Provenance(
                version: "bench", gitCommit: nil, command: "",
                process: ProcessIdentity(host: "here", pid: 1, started: 1, bootID: ""))
            let dataset = try store.addDataset(
                Dataset(
                    contentHash: "bench", kind: "csv", source: "", x: [-1, 0, 1], y: [5, 2, 5.5],
                    optimum: Dataset.Optimum(w: 3.25, b: 2, loss: 0.125 / 3),
                    hessian: Dataset.Hessian(ww: 4.0 / 3, wb: 4.0 / 3, bb: 2)))
            let plans = (0..<rows / stepCount).map { plan($0, dataset) }
            let sweep = try store.createSweep(
                SweepPlan(name: "large", searchSpace: "{}", sampler: "grid"), runs: plans, provenance: origin)
            let writer = store.makeStepWriter()
            while let run = try store.claimNextRun(ofSweep: sweep, as: origin) {
                try writer.append((0..<stepCount).map(step), toRun: run.id, attempt: run.attempt)
                try writer.finish(run.id, attempt: run.attempt, outcome: outcome)
            }
            try writer.close()
            return store
        }
    }

    /// Ten configurations, each on seeds of its own.
    private static func plan(_ index: Int, _ dataset: Int64) -> PlannedRun {
        let (rate, seed) = (0.01 * Double(index % 10 + 1), Int64(index / 10))
        return PlannedRun(
            datasetID: dataset, optimizer: "adam", learningRate: rate, batchSize: 1, seed: seed, loss: "mse",
            dtype: "float64", gradients: "autograd", steps: stepCount,
            config: #"{"batch_size":1,"optimizer":{"lr":\#(rate),"name":"adam"},"seed":\#(seed)}"#,
            configHash: "\(index)", configID: "rate-\(index % 10)")
    }

    private static func step(_ index: Int) -> QuadraticStep {
        let distance = 1 / Double(index + 1).squareRoot()
        return QuadraticStep(
            step: index, epoch: index / 3, loss: distance / 3, learningRate: 0.01, w: 3.25 - distance,
            b: 2 + distance / 7, gradW: distance / 11, gradB: -distance / 13, elapsedNanoseconds: index * 1000)
    }

    private static var outcome: RunOutcome {
        RunOutcome(
            state: .done, stepsDone: stepCount, firstBadStep: nil, reason: nil, finalLoss: 0.05, bestLoss: 0.05,
            bestStep: stepCount - 1,
            parameters: [
                ParameterValues(name: "w", initial: 2.25, final: 3.24),
                ParameterValues(name: "b", initial: 2.1, final: 2),
            ])
    }
}

/// What fails here is a mistake in the benchmark.
private func attempt<Result>(_ body: () throws -> Result) -> Result {
    do {
        return try body()
    } catch {
        preconditionFailure("\(error)")
    }
}
