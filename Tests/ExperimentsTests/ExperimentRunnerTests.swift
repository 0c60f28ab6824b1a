import Foundation
import Learning
import TestRows
import Testing
import Tracking

@testable import Experiments

/// From a plan to rows, and back.
@Suite(.timeLimit(.minutes(5)))
struct ExperimentRunnerTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")

    private func withRunner<Result>(
        _ name: String = "gradbook.db", _ body: (ExperimentRunner, Store) throws -> Result
    ) throws -> Result {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let store = try Store.open(at: folder.appending(path: name).path, now: { "2026-01-01T00:00:00.000Z" })
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 }, isAlive: { $0 == Provenance.test.process })
        let result = try body(runner, store)
        try runner.close()
        return result
    }

    private func plan(_ fields: [RunSetting: String], settings: [String] = [], seeds: String) throws
        -> SweepPlanner.Plan
    {
        try SweepPlanner.plan(SearchSpace(fields: fields, settings: settings, seeds: seeds))
    }

    @Test
    func `a recorded run has the rows that training gives`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var parser = SettingsParser()
        let run = try parser.parse(RawSettings(fields: [.recipe: "numpy", .steps: "300"]))
        var training = try Trainer(run.configuration, data: run.data)
        var (expected, numbers): ([TrainingStep], [Double]) = ([], [])
        while let step = try training.next(into: &numbers) { expected.append(step) }
        let columns = (0..<training.layout.count).map { column in
            stride(from: column, to: numbers.count, by: training.layout.count).map { numbers[$0] }
        }

        try withRunner { runner, store in
            let recorded = try runner.record(run, name: "first", tags: ["chapter"], note: "by hand")

            let rows = try store.steps.all(ofRun: recorded.id)
            #expect(rows.map(\.step) == expected.map(\.step))
            #expect(rows.map(\.loss) == columns[0])
            #expect(rows.map(\.w) == columns[2])
            #expect(rows.map(\.b) == columns[3])
            #expect(rows.map(\.gradW) == columns[4])
            #expect(rows.map(\.gradB) == columns[5])
            let stored = try store.runs.find(id: recorded.id)
            #expect(stored.state == .done)
            #expect(stored.finalLoss == recorded.outcome.finalLoss)
            #expect(
                try store.runs.parameters(ofRun: recorded.id).map(\.final) == [
                    try training.outcome().parameters[1], try training.outcome().parameters[0],
                ])
            #expect(try store.notes.tags(ofRun: recorded.id) == ["chapter"])
        }
    }

    @Test
    func `why training stopped, what it cost and what was averaged are kept`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var parser = SettingsParser()
        var searched = try parser.parse(
            RawSettings(fields: [.optimizer: "lbfgs", .lr: "1", .batchSize: "full", .steps: "50"]))
        searched.configuration.stopping = try StoppingCriteria(text: "loss=0.1")
        let averaged = try parser.parse(
            RawSettings(
                fields: [.optimizer: "asgd", .lr: "0.01", .steps: "50"], hyperparameters: ["t0": "10"]))

        try withRunner { runner, store in
            let first = try store.runs.find(id: runner.record(searched).id)
            let second = try runner.record(averaged).id

            #expect(first.state == .done && first.stepsDone < 50)
            #expect(first.stopReason?.contains("0.1") == true, "\(first.stopReason ?? "none")")
            #expect(try #require(first.evaluations) > first.stepsDone)
            #expect(try store.runs.parameters(ofRun: first.id).allSatisfy { $0.average == nil })
            let parameters = try store.runs.parameters(ofRun: second)
            #expect(parameters.allSatisfy { $0.average != nil && $0.average != $0.final })
        }
    }

    @Test
    func `a run that cannot be trained has failed, and says why`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let plan = try plan([.steps: "5"], seeds: "1")

        try withRunner { runner, store in
            let sweep = try runner.queue(plan, name: "s")
            var broken = try #require(try store.runs.all(ofSweep: sweep).first).plan
            broken.config = #"{"steps":5}"#
            let broke = try store.sweeps.create(
                SweepPlan(name: "broken", searchSpace: "{}", sampler: "grid"), runs: [broken], provenance: .test)

            #expect(try runner.runSweep(broke, workers: 1).runsFailed == 1)

            let run = try #require(try store.runs.all(ofSweep: broke).first)
            #expect(run.state == .failed)
            #expect(run.stateReason?.isEmpty == false)
        }
    }

    @Test
    func `a taken name is refused before anything is stored`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var parser = SettingsParser()
        let first = try parser.parse(RawSettings(fields: [.steps: "2"]))
        let second = try parser.parse(RawSettings(fields: [.steps: "2", .dataSeed: "1"]))

        try withRunner { runner, store in
            _ = try runner.record(first, name: "mine")
            #expect(throws: TrackingError.self) { try runner.record(second, name: "mine") }
            _ = try runner.queue(try plan([.steps: "2"], seeds: "1"), name: "sweep")
            #expect(throws: TrackingError.self) {
                try runner.queue(try plan([.dataSeed: "3"], seeds: "1"), name: "sweep")
            }

            var counts: [[SQLValue]] = []
            try store.query("SELECT count(*) FROM datasets", columns: { _ in }, row: { counts.append($0) })
            #expect(counts == [[.integer(1)]])
        }
    }

    @Test
    func `a plan is seed-blocked and holds equal configurations once`() throws {
        let plan = try plan(
            [.optimizer: "sgd", .lr: "0.1,1e-1,0.2", .batchSize: "10,full"],
            settings: ["momentum=0,0.9", "nesterov=false,true if momentum=0.9"], seeds: "1..2")

        #expect(plan.configurationCount == 2 * 2 * 3)
        #expect(plan.runs.map(\.configuration.seed) == Array(repeating: 1, count: 12) + Array(repeating: 2, count: 12))
    }

    @Test
    func `worker count and order of execution change no bit`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let plan = try plan(
            [.optimizer: "sgd,adam", .lr: "0.01,0.1,5", .batchSize: "10,full", .steps: "60"], seeds: "1..3")

        let digests = try [1, 2, 4].map { workers in
            try withRunner("w\(workers).db") { runner, store in
                let sweep = try runner.queue(plan, name: "s")
                let progress = try runner.runSweep(sweep, workers: workers)
                #expect(progress.runsDone == plan.runs.count)
                #expect(progress.stepsDone <= plan.stepCount)
                return try store.digest(ofSweep: sweep)
            }
        }

        #expect(digests[0].count == plan.runs.count)
        #expect(digests[1] == digests[0])
        #expect(digests[2] == digests[0])
    }

    @Test
    func `a sweep whose process died is finished by the next one, with the same rows`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let plan = try plan([.lr: "0.01,0.1", .steps: "700"], seeds: "1..3")
        let undisturbed = try withRunner("whole.db") { runner, store in
            let sweep = try runner.queue(plan, name: "s")
            _ = try runner.runSweep(sweep, workers: 1)
            return try store.digest(ofSweep: sweep)
        }

        let resumed = try withRunner("broken.db") { runner, store in
            let sweep = try runner.queue(plan, name: "s")
            // What a process leaves behind that dies in the middle of its second run.
            let first = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: .dead))
            var training = try Trainer(RunConfiguration(json: first.plan.config), data: plan.runs[0].data)
            let writer = store.steps.makeWriter()
            let rows = try (0..<300).map { _ in
                var row: [Double] = []
                let step = try #require(try training.next(into: &row))
                return QuadraticStep(
                    step: step.step, epoch: step.epoch, loss: row[0], learningRate: row[1], w: row[2], b: row[3],
                    gradW: row[4], gradB: row[5], elapsedNanoseconds: 1)
            }
            try writer.append(rows, to: first)
            try writer.close()

            let remaining = try runner.resume(sweepNamed: "s")
            _ = try runner.runSweep(sweep, workers: 2)

            #expect(remaining.runCount == plan.runs.count)
            return try store.digest(ofSweep: sweep)
        }

        #expect(resumed == undisturbed)
    }
}
