import TestRows
import Tracking

/// A sweep of long runs, with numbers that nobody trained.
struct LargeSweep {
    static let stepCount = 5000
    static let origin = Provenance(
        version: "bench", gitCommit: nil, command: "",
        process: ProcessIdentity(host: "here", pid: 1, started: 1, bootID: ""))

    let rows: Int
    /// Of each run.
    var stepCount = Self.stepCount

    private var runCount: Int { rows / stepCount }

    /// A new notebook with every run of the sweep trained.
    func store(at path: String) -> Store {
        attempt {
            let store = try open(path)
            let dataset = try store.datasets.add(Self.dataset)
            let sweep = try store.sweeps.create(
                Self.plan, runs: (0..<runCount).map { run($0, dataset) }, provenance: Self.origin)
            try run(sweep, in: store)
            return store
        }
    }

    /// Closed notebooks that each hold as large a part of the sweep's runs.
    func writeShards(at paths: [String]) {
        attempt {
            let whole = try open(paths[0] + "-plan")
            let dataset = try whole.datasets.add(Self.dataset)
            _ = try whole.sweeps.create(
                Self.plan, runs: (0..<runCount).map { run($0, dataset) }, provenance: Self.origin)
            let sweep = try whole.sweeps.find(named: Self.plan.name)
            for (index, path) in paths.enumerated() {
                let shard = try open(path)
                let dataset = try shard.datasets.add(Self.dataset)
                let part = (0..<runCount).filter { $0 % paths.count == index }
                let id = try shard.sweeps.create(
                    sweep, runs: part.map { ($0, run($0, dataset)) }, provenance: Self.origin)
                try run(id, in: shard)
                shard.close()
            }
            whole.close()
        }
    }

    func open(_ path: String) throws -> Store {
        try Store.open(at: path, now: { "2026-01-01T00:00:00Z" })
    }

    private func run(_ sweep: Int64, in store: Store) throws {
        let writer = store.steps.makeWriter()
        while let run = try store.sweeps.claimNextRun(ofSweep: sweep, as: Self.origin) {
            try writer.append((0..<stepCount).map(Self.step), to: run)
            try writer.finish(run.id, attempt: run.attempt, outcome: outcome)
        }
        try writer.close()
    }

    private static let plan = SweepPlan(name: "large", searchSpace: "{}", sampler: "grid")
    private static let dataset = Dataset(
        contentHash: "bench", kind: "csv", source: "", x: [-1, 0, 1], y: [5, 2, 5.5],
        optimum: Dataset.Optimum(w: 3.25, b: 2, loss: 0.125 / 3),
        hessian: Dataset.Hessian(ww: 4.0 / 3, wb: 4.0 / 3, bb: 2))

    /// Ten configurations, each on seeds of its own.
    private func run(_ index: Int, _ dataset: Int64) -> NewRun {
        let (rate, seed) = (0.01 * Double(index % 10 + 1), Int64(index / 10))
        return NewRun(
            datasetID: dataset, stepSchema: .quadratic, optimizer: "adam", learningRate: rate, batchSize: 1, seed: seed,
            loss: "mse",
            dtype: "float64", gradients: "autograd", steps: stepCount,
            config: """
                {"batch_size":1,"dtype":"float64","gradients":"autograd","loss":"mse","model":"quadratic",\
                "optimizer":{"lr":\(rate),"name":"adam"},"seed":\(seed),"steps":\(stepCount)}
                """,
            configHash: "\(index)", groupID: "rate-\(index % 10)")
    }

    static func step(_ index: Int) -> QuadraticStep {
        let distance = 1 / Double(index + 1).squareRoot()
        return QuadraticStep(
            step: index, epoch: index / 3, loss: distance / 3, learningRate: 0.01, w: 3.25 - distance,
            b: 2 + distance / 7, gradW: distance / 11, gradB: -distance / 13, elapsedNanoseconds: index * 1000)
    }

    private var outcome: RunOutcome {
        RunOutcome(
            state: .done, stepsDone: stepCount, divergedStep: nil, stateReason: nil, finalLoss: 0.05, bestLoss: 0.05,
            bestStep: stepCount - 1,
            parameters: [
                ParameterValues(name: "w", initial: 2.25, final: 3.24),
                ParameterValues(name: "b", initial: 2.1, final: 2),
            ])
    }
}
