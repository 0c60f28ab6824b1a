import Foundation
import Synchronization
import TestModels
import Testing
import TextFormats
import Tracking

@testable import Experiments

/// Workers of one process and of several, and what stops them.
@Suite(.timeLimit(.minutes(5)))
final class SweepRunnerTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func open(_ name: String = "gradbook.db") throws -> Store {
        try Store.open(at: folder.appending(path: name).path, now: { "2026-01-01T00:00:00.000Z" })
    }

    private func plan(_ fields: [RunSetting: String], seeds: String) throws -> SweepPlanner.Plan {
        try SweepPlanner.plan(SearchSpace(fields: fields, settings: [], seeds: seeds))
    }

    private func undisturbed(_ plan: SweepPlanner.Plan) throws -> [String] {
        let store = try open("undisturbed.db")
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        let sweep = try runner.queue(plan, name: "s")
        _ = try runner.runSweep(sweep, workers: 1)
        try runner.close()
        return try store.digest(ofSweep: sweep)
    }

    /// A sweep of so many runs, all but the last of which cannot be trained.
    private func brokenSweep(in store: Store, _ runner: ExperimentRunner, runs: Int) throws -> Int64 {
        let whole = try store.runs.all(ofSweep: runner.queue(plan([.steps: "5"], seeds: "1..\(runs)"), name: "whole"))
        let broken = whole.map { run in
            var plan = run.plan
            if run.id != whole.last?.id { plan.config = #"{"steps":5}"# }
            return plan
        }
        return try store.sweeps.create(
            SweepPlan(name: "broken", searchSpace: "{}", sampler: "grid"), runs: broken, provenance: .test)
    }

    @Test
    func `what is known of each model's loss on shared data is kept`() throws {
        TestModels.register()
        let store = try open()
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        let models = ["quadratic", "series:degree=1", "series:degree=3", "exponential"]
        let plan = try plan([.model: models.joined(separator: ","), .steps: "3", .lr: "0.01"], seeds: "1..2")

        let sweep = try runner.queue(plan, name: "models")
        _ = try runner.runSweep(sweep, workers: 2)

        let runs = try store.runs.all(ofSweep: sweep)
        #expect(Set(runs.map(\.plan.datasetID)).count == 1)
        let known = try store.datasets.find(id: runs[0].trainingData).lossSurfaces
        #expect(known.keys.sorted() == models.dropLast())
        var verifier = Verifier(store)
        for run in runs { #expect(try verifier.verify(run).isClean, "\(run.plan.config)") }
        #expect(try store.steps.parameterNames() == ["a", "k", "w", "b", "c0", "c1", "c2", "c3"])
    }

    @Test
    func `two failures in a row are kept, and the other runs trained`() throws {
        let store = try open()
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        let sweep = try brokenSweep(in: store, runner, runs: 3)

        let progress = try runner.runSweep(sweep, workers: 1)

        #expect(progress.runsFailed == 2 && progress.runsDone == 3)
        #expect(try store.runs.all(ofSweep: sweep).map(\.state) == [.failed, .failed, .done])
        #expect(try store.sweeps.find(id: sweep).state == .done)
    }

    @Test(arguments: [(policy: FailurePolicy.continue, failed: 3), (policy: .stop, failed: 1)])
    func `failures stop a sweep, which says why and can be tried again`(policy: FailurePolicy, failed: Int) throws {
        let store = try open()
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        let sweep = try brokenSweep(in: store, runner, runs: 5)

        let error = #expect(throws: ExperimentError.self) {
            try runner.runSweep(sweep, workers: 1, onFailure: policy)
        }

        #expect(error?.code == .trainingFailed)
        #expect(
            error?.description.contains(failed == 3 ? "3 runs in a row failed in the same way" : "a run failed") == true
        )
        #expect(error?.description.contains("gradbook sweep retry broken") == true)
        let states = Array(repeating: RunState.failed, count: failed) + Array(repeating: .queued, count: 5 - failed)
        #expect(try store.runs.all(ofSweep: sweep).map(\.state) == states)
        #expect(try store.sweeps.find(id: sweep).state == .stopped)
        #expect(try store.notes.events(of: .sweep(sweep)).map(\.kind) == ["stopped"])
        #expect(try store.sweeps.requeue([.failed], ofSweep: sweep) == failed)
        #expect(try store.sweeps.find(id: sweep).state == .open)
        #expect(try store.runs.all(ofSweep: sweep).allSatisfy { $0.state == .queued && $0.stateReason == nil })
    }

    @Test
    func `a sweep that is asked to end gives its runs back, and resumes as if nothing had been`() throws {
        let plan = try plan([.lr: "0.01,0.1", .steps: "900"], seeds: "1..3")
        let store = try open()
        let steps = Atomic(0)
        let runner = ExperimentRunner(
            store, origin: .test, clock: { 0 },
            isStopping: { steps.add(1, ordering: .relaxed).newValue > 2500 })
        let sweep = try runner.queue(plan, name: "s")

        let error = #expect(throws: ExperimentError.self) { try runner.runSweep(sweep, workers: 2) }
        let interrupted = try store.runs.all(ofSweep: sweep)
        let next = ExperimentRunner(store, origin: .test, clock: { 0 })
        _ = try next.runSweep(try next.resume(sweepNamed: "s").sweep, workers: 2)

        #expect(error?.code == .interrupted)
        #expect(error?.description.contains("gradbook sweep resume s") == true)
        #expect(Set(interrupted.map(\.state)) == [.done, .queued])
        #expect(try interrupted.contains { try $0.state == .queued && store.steps.count(ofRun: $0.id) > 0 })
        #expect(try store.digest(ofSweep: sweep) == undisturbed(plan))
        try runner.close()
        try next.close()
    }

    @Test(arguments: [700, 1900, 3300])
    func `an interrupted sweep is a complete smaller experiment`(stepCount: Int) throws {
        let plan = try plan([.lr: "0.01,0.1,0.2", .batchSize: "10,full", .steps: "100"], seeds: "1..8")
        let store = try open()
        let steps = Atomic(0)
        let runner = ExperimentRunner(
            store, origin: .test, clock: { 0 },
            isStopping: { steps.add(1, ordering: .relaxed).newValue > stepCount })
        let sweep = try runner.queue(plan, name: "s")

        #expect(throws: ExperimentError.self) { try runner.runSweep(sweep, workers: 2) }

        let runs = try store.runs.all(ofSweep: sweep)
        let done = runs.filter { $0.state == .done }
        let lastSeed = try #require(done.map(\.plan.seed).max())
        #expect(lastSeed < 8)
        // Whoever is slower is at most one run behind.
        let open = runs.filter { $0.plan.seed < lastSeed && $0.state != .done }
        #expect(open.count <= 1, "\(open.map(\.plan.seed)) of \(lastSeed)")
        #expect(Set(done.filter { $0.plan.seed == 1 }.map(\.plan.groupID)).count >= 5)
        try runner.close()
    }

    @Test
    func `processes share a sweep, and each ends when every run has ended`() throws {
        let plan = try plan([.lr: "0.01,0.1,5", .steps: "300"], seeds: "1..8")
        let store = try open()
        let builder = ExperimentRunner(store, origin: .test, clock: { 0 })
        let sweep = try builder.queue(plan, name: "s")
        let group = DispatchGroup()
        let outcomes = Mutex<[(runs: Int, openRuns: Int)]>([])

        for pid in 1...3 {
            let store = try open()
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                let runner = ExperimentRunner(store, origin: .worker(pid), clock: { 0 }, isAlive: { _ in true })
                guard let progress = try? runner.runSweep(sweep, workers: 2),
                    let runs = try? store.runs.all(ofSweep: sweep)
                else { return }
                outcomes.withLock { $0.append((progress.runsDone, runs.count { !$0.state.isFinal })) }
                try? runner.close()
            }
        }
        group.wait()

        let ends = outcomes.withLock { $0 }
        #expect(ends.count == 3)
        #expect(ends.reduce(0) { $0 + $1.runs } == plan.runs.count)
        #expect(ends.allSatisfy { $0.openRuns == 0 })
        #expect(try store.runs.all(ofSweep: sweep).allSatisfy { $0.attempt == 1 })
        #expect(try store.digest(ofSweep: sweep) == undisturbed(plan))
    }

    @Test
    func `the run of a worker that dies meanwhile is taken over`() throws {
        let plan = try plan([.lr: "0.01,0.1", .steps: "50"], seeds: "1..2")
        let store = try open()
        let looks = Atomic(0)
        let runner = ExperimentRunner(
            store, origin: .test, clock: { 0 },
            isAlive: { $0 == Provenance.dead.process ? looks.add(1, ordering: .relaxed).newValue < 3 : true })
        let sweep = try runner.queue(plan, name: "s")
        let first = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: .dead))

        _ = try runner.runSweep(sweep, workers: 2)

        #expect(try store.runs.find(id: first.id).attempt == 2)
        #expect(try store.digest(ofSweep: sweep) == undisturbed(plan))
        try runner.close()
    }

    @Test
    func `cancelling ends a sweep under its workers' hands`() throws {
        let plan = try plan([.steps: "100000"], seeds: "1..50")
        let store = try open()
        let other = try open()
        let steps = Atomic(0)
        let sweepOfPlan = Mutex<Int64>(0)
        let runner = ExperimentRunner(
            store, origin: .test, clock: { 0 },
            isStopping: {
                if steps.add(1, ordering: .relaxed).newValue == 1500 {
                    _ = try? other.sweeps.cancel(sweepOfPlan.withLock { $0 })
                }
                return false
            })
        let sweep = try runner.queue(plan, name: "s")
        sweepOfPlan.withLock { $0 = sweep }

        let error = #expect(throws: ExperimentError.self) { try runner.runSweep(sweep, workers: 2) }

        #expect(error?.description == "sweep 's' was cancelled")
        #expect(try store.runs.all(ofSweep: sweep).allSatisfy { $0.state == .cancelled })
        #expect(throws: ExperimentError.self) { try runner.resume(sweepNamed: "s") }
        try runner.close()
    }
}
