import Foundation
import GRDB
import TestSupport
import Testing

@testable import Experiments
@testable import Tracking

/// A sweep's plan, laid out again from its search space, is what is stored of it.
struct SweepVerificationTests {
    @Test(arguments: [
        ("s", nil), ("h", nil),
        ("s", "UPDATE sweeps SET target = 'loss=0.06'"), ("s", "UPDATE sweeps SET budget_steps = 21"),
        ("s", "UPDATE sweeps SET sampler = 'random'"), ("s", "UPDATE sweeps SET sweep_seed = 5"),
        ("s", "UPDATE sweeps SET choosing_seeds = '[7,99]'"),
        ("s", "UPDATE sweeps SET search_space = replace(search_space, '0.2', '0.3')"),
        ("s", "UPDATE sweeps SET search_space = '{}'"), ("h", "UPDATE sweeps SET budget_steps = 2"),
    ])
    func `what changed in a plan is named, and nothing else`(name: String, change: String?) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plans-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store.open(at: folder.appending(path: "n.db").path, now: { "2026-01-02T03:04:05Z" })
        let runner = ExperimentRunner(
            store, origin: .test, clock: { 0 }, isAlive: { _ in true }, isStopping: { false })
        let space =
            name == "s"
            ? try SearchSpace(
                fields: [.lr: "0.1,0.2", .steps: "16", .stopWhen: "loss=0.05"], settings: [], seeds: "1..12")
            : try SearchSpace(
                fields: [.lr: "0.1,0.2", .steps: "16"], settings: [], seeds: "1..2",
                search: Search(method: "halving", trials: nil, seed: nil))
        _ = try runner.queue(SweepPlanner.plan(space), name: name)
        if let change { try store.file.write { try $0.execute(sql: change) } }

        let sweep = try store.sweeps.find(named: name)
        let verification = try SweepVerification(sweep, runs: store.runs.all(ofSweep: sweep.id), in: store)

        #expect(verification.obstacle == nil)
        let columns = ["target", "budget_steps", "sampler", "sweep_seed", "choosing_seeds", "search_space"]
        #expect(verification.differences.map(\.column) == columns.filter { change?.contains("SET \($0)") == true })
        try runner.close()
    }
}
