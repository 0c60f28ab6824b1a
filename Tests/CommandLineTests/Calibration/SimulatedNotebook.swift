import Foundation
import Statistics
import TestRows
import Testing
import Tracking

/// Simulated runs in a notebook that the program reads.
///
/// All are of one quadratic loss, on batches, by optimizers of which no theory is known.
final class SimulatedNotebook {
    /// What became of one configuration of an optimizer.
    struct Configuration {
        let optimizer: String
        let learningRate: Double
        let arm: Arm

        func groupID(in sweep: String) -> String { "\(sweep)-\(optimizer)-\(learningRate)" }
    }

    /// Names of arms.
    static let optimizers = ["adam", "rmsprop", "adagrad", "adamw", "nadam"]

    let scratch: Scratch
    private let store: Store
    private let dataset: Int64
    private let writer: StepWriter
    private let provenance = Provenance(
        version: "1.2.3", gitCommit: nil, command: "gradbook sweep simulated",
        process: ProcessIdentity(host: "bench", pid: 4711, started: 99, bootID: "boot"))

    init() throws {
        scratch = try Scratch()
        store = try Store.open(
            at: scratch.folder.appending(path: "gradbook.db").path, now: { "2026-01-02T03:04:05Z" })
        writer = store.steps.makeWriter()
        // x = -1, 0, 1 against y = 5, 2, 5.5: the least-squares answer is w = 3.25, b = 2 with a loss of 1/24.
        dataset = try store.datasets.add(
            Dataset(
                contentHash: "line", kind: "csv", source: "line.csv", xColumn: "x", yColumn: "y", x: [-1, 0, 1],
                y: [5, 2, 5.5], optimum: Optimum.line, hessian: .init(ww: 4.0 / 3, wb: 4.0 / 3, bb: 2)))
    }

    private typealias Optimum = Dataset.Optimum

    /// A sweep of runs with a single step, whose values are the excess at their ends.
    func addSweep(_ name: String, _ configurations: [Configuration]) throws {
        let runs = configurations.flatMap { configuration in
            configuration.arm.replicates.map { (configuration, $0) }
        }
        let sweep = try create(
            name, runs.map { plan($0.groupID(in: name), $0.optimizer, $0.learningRate, seed: $1.seed, steps: 1) })
        for (index, (_, replicate)) in runs.enumerated() {
            // No two runs begin at the same place, so that none did exactly what another one did.
            let start = (w: 3.25 + Double(index + 1) / 1024, b: 3.0)
            let isBad = replicate.outcome == .failure
            let excess: Double = if case .value(let value) = replicate.outcome { value } else { .infinity }
            // Along b the curvature is 2, so that the excess is the square of the distance.
            let end = isBad ? start : (w: 3.25, b: 2 + excess.squareRoot())
            try record(
                sweep, losses: [isBad ? .infinity : 1000], places: [start], end: end,
                loss: Optimum.line.loss + excess, isDiverged: isBad)
        }
    }

    /// A sweep of one configuration whose runs record these losses, and never move.
    func addSweep(_ name: String, losses: [[Double]]) throws {
        let count = losses[0].count
        let sweep = try create(
            name, losses.indices.map { plan(name, "adam", 0.1, seed: Int64($0 + 1), steps: count) })
        for (index, losses) in losses.enumerated() {
            let place = (w: 3.25, b: 2 + Double(index + 1))
            try record(
                sweep, losses: losses, places: losses.map { _ in place }, end: place, loss: losses[count - 1],
                isDiverged: false)
        }
    }

    /// A sweep of configurations whose runs are at these distances from the minimum before each step and at the end, in
    /// coordinates in which the excess is half the squared distance.
    func addSweep(_ name: String, paths: [[[(Double, Double)]]]) throws {
        let count = paths[0][0].count - 1
        let sweep = try create(
            name,
            paths.indices.flatMap { index in
                paths[index].indices.map {
                    plan("\(name)-\(index)", Self.optimizers[index], 0.1, seed: Int64($0 + 1), steps: count)
                }
            })
        for path in paths.joined() {
            let places = path.map(Self.place)
            let losses = path.map { Optimum.line.loss + ($0.0 * $0.0 + $0.1 * $0.1) / 2 }
            try record(
                sweep, losses: losses.dropLast(), places: places.dropLast(), end: places[count], loss: losses[count],
                isDiverged: false)
        }
    }

    /// Lets the program in; nothing can be added afterwards.
    func close() throws {
        try writer.close()
        store.close()
    }

    // MARK: - Internals

    /// With the Hessian LL': w and b whose distance d from the minimum has L'd = `point`.
    private static func place(_ point: (Double, Double)) -> (w: Double, b: Double) {
        let b = point.1 / (2.0 / 3).squareRoot()
        return (3.25 + point.0 / (4.0 / 3).squareRoot() - b, 2 + b)
    }

    private func plan(_ group: String, _ optimizer: String, _ rate: Double, seed: Int64, steps: Int) -> NewRun {
        NewRun(
            datasetID: dataset, stepSchema: .quadratic, optimizer: optimizer, learningRate: rate, batchSize: 2,
            seed: seed, loss: "mse", dtype: "float64", gradients: "autograd", steps: steps,
            config: """
                {"batch_size":2,"dtype":"float64","gradients":"autograd","loss":"mse","model":"quadratic",\
                "optimizer":{"hyperparameters":{"eps":1e-08},"lr":\(rate),"name":"\(optimizer)"},"sampling":"shuffled",\
                "seed":\(seed),"steps":\(steps)}
                """, configHash: "\(group)-on-\(seed)", groupID: group)
    }

    private func create(_ name: String, _ runs: [NewRun]) throws -> Int64 {
        try store.sweeps.create(
            SweepPlan(name: name, searchSpace: "{}", sampler: "grid"), runs: runs, provenance: provenance)
    }

    private func record(
        _ sweep: Int64, losses: some Collection<Double>, places: some Collection<(w: Double, b: Double)>,
        end: (w: Double, b: Double), loss: Double, isDiverged: Bool
    ) throws {
        let run = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: provenance))
        let rows = zip(losses, places).enumerated().map { step, row in
            QuadraticStep(
                step: step, epoch: step, loss: row.0, learningRate: run.plan.learningRate, w: row.1.w, b: row.1.b,
                gradW: 0, gradB: 0, elapsedNanoseconds: 1000 * step)
        }
        try writer.append(rows, to: run)
        try writer.finish(
            run.id, attempt: run.attempt,
            outcome: RunOutcome(
                state: isDiverged ? .diverged : .done, stepsDone: rows.count, divergedStep: isDiverged ? 0 : nil,
                stateReason: isDiverged ? "loss is inf" : nil, initialLoss: rows[0].loss, finalLoss: loss,
                bestLoss: rows[0].loss, bestStep: 0,
                parameters: [
                    ParameterValues(name: "w", initial: rows[0].w, final: end.w),
                    ParameterValues(name: "b", initial: rows[0].b, final: end.b),
                ]))
    }
}

extension Dataset.Optimum {
    fileprivate static let line = Dataset.Optimum(w: 3.25, b: 2, loss: 0.125 / 3)
}
