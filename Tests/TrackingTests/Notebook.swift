import Foundation
import GRDB
import Synchronization
import TestRows
import TestSupport
import Testing
import Tracking

/// A notebook in a folder of its own, which goes away with this object.
final class Notebook: Sendable {
    let folder: URL
    var path: String { folder.appending(path: "gradbook.db").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tracking-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Every time in it is the same.
    func open(
        access: Store.Access = .readWrite, mustExist: Bool = false, durability: Durability = .batch,
        busyTimeout: TimeInterval = 30
    ) throws(TrackingError) -> Store {
        try .open(
            at: path, access: access, mustExist: mustExist, durability: durability, busyTimeout: busyTimeout,
            bestRun: { name, store in
                // Any rule will do here: which is best is none of the file's business.
                let runs = try store.runs.all(ofSweep: store.sweeps.find(named: name).id)
                return try #require(runs.filter { $0.state == .done }.min { ($0.finalLoss ?? 0) < ($1.finalLoss ?? 0) })
            },
            now: { "2026-01-02T03:04:05Z" })
    }

    /// Changes the file behind the program's back.
    func execute(_ sql: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        try DatabaseQueue(path: path, configuration: configuration).writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    /// What the file says, but not when, where and at which attempt.
    func content() throws -> NotebookContent {
        try NotebookContent(of: URL(filePath: path))
    }
}

extension Store {
    /// A run that is running, on a data set of its own.
    func startSampleRun(name: String? = nil, as provenance: Provenance = .sample()) throws -> Run {
        let run = try runs.add(.sample(dataset: datasets.add(.sample()), name: name), provenance: provenance)
        return try runs.start(run, as: provenance)
    }

    /// Starts a run again for another process than the dead one that works on it.
    func takeOver(_ run: Int64, from dead: Int) throws -> Run {
        _ = try runs.requeueInterrupted { $0.pid != dead }
        return try runs.start(run, as: .sample(pid: 2))
    }

    /// A sweep of runs that differ in their seeds, 0, 1, 2, ...
    func createSampleSweep(
        name: String = "seeds", runs: Int, choosingSeeds: Set<Int64>? = nil
    ) throws -> Int64 {
        let dataset = try datasets.add(.sample())
        let runs = (0..<runs).map { NewRun.sample(dataset: dataset, seed: Int64($0)) }
        return try sweeps.create(
            SweepPlan(
                name: name, searchSpace: #"{"lr":[0.1]}"#, sampler: "grid", seed: 5, target: "loss=0.01",
                choosingSeeds: choosingSeeds),
            runs: runs, provenance: .sample())
    }
}

extension Dataset {
    static func sample() -> Dataset {
        Dataset(
            contentHash: "c0ffee", kind: "csv", source: "cars.csv", xColumn: "speed", yColumn: "dist",
            x: [0.5, -1, 0.1], y: [2, 3.25, -0.7], xDivisor: 25, yDivisor: 25.5, yOffset: 42.98,
            optimum: Optimum(w: 0.1, b: 0.2, loss: 0.3), hessian: Hessian(ww: 1.5, wb: 0.7, bb: 2))
    }
}

extension NewRun {
    static func sample(dataset: Int64, name: String? = nil, seed: Int64 = 7) -> NewRun {
        NewRun(
            name: name, datasetID: dataset, stepSchema: .quadratic, recipe: "numpy", optimizer: "sgd",
            learningRate: 0.1, batchSize: 10,
            seed: seed, loss: "half-sum", dtype: "float64", gradients: "manual", steps: 800,
            config: Self.sampleConfig(seed: seed),
            configHash: "hash-\(seed)", groupID: "id")
    }
}

extension NewRun {
    private static func sampleConfig(seed: Int64) -> String {
        """
        {"dtype":"float64","gradients":"manual","loss":"half-sum","model":"quadratic",\
        "optimizer":{"lr":0.1,"name":"sgd"},"seed":\(seed),"steps":800}
        """
    }
}

extension Provenance {
    static func sample(pid: Int = 4711) -> Provenance {
        Provenance(
            version: "1.2.3", gitCommit: "abc", command: "gradbook run",
            process: ProcessIdentity(host: "bench", pid: pid, started: 99, bootID: "boot"))
    }
}

extension RunOutcome {
    static func sample(
        state: RunState = .done, stepsDone: Int = 800, finalLoss: Double = 0.25, bestLoss: Double = 0.125
    ) -> RunOutcome {
        RunOutcome(
            state: state, stepsDone: stepsDone, divergedStep: state == .diverged ? 17 : nil,
            stateReason: state == .done ? nil : "loss is nan", finalLoss: finalLoss, bestLoss: bestLoss, bestStep: 3,
            parameters: [
                ParameterValues(name: "w", initial: 0.5, final: 3), ParameterValues(name: "b", initial: 0, final: 2),
            ])
    }
}

extension QuadraticStep {
    static func sample(_ step: Int, loss: Double = 0.1, elapsed: Int = 0) -> QuadraticStep {
        QuadraticStep(
            step: step, epoch: step / 10, loss: loss, learningRate: 0.1, w: Double(step) / 3, b: 0.2, gradW: -0.3,
            gradB: 1e-300, elapsedNanoseconds: elapsed)
    }
}

/// Runs `body` on so many threads at the same moment and returns what they returned or threw, in order.
func onThreads<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
) -> [Result<Value, any Error>] {
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    let ended = DispatchSemaphore(value: 0)
    for index in 0..<count {
        Thread.detachNewThread {
            let result = Result { try body(index) }
            results.withLock { $0[index] = result }
            ended.signal()
        }
    }
    for _ in 0..<count {
        ended.wait()
    }
    return results.withLock { results in (0..<count).compactMap { results[$0] } }
}

extension Store {
    /// Writes rows of a run through a step writer of their own, and waits until they are committed.
    func write(_ rows: [QuadraticStep], ofRun run: Run) throws {
        let writer = steps.makeWriter()
        try writer.append(rows, to: run)
        try writer.close()
    }

    /// All columns and rows of a query.
    func query(_ sql: String) throws -> (columns: [String], rows: [[SQLValue]]) {
        var columns: [String] = []
        var rows: [[SQLValue]] = []
        try query(sql, columns: { columns = $0 }, row: { rows.append($0) })
        return (columns, rows)
    }
}
