import Foundation
import Learning
import TestRows
import TestSupport
import Testing
import Tracking

@testable import Experiments

/// Runs that leave another one at a step.
@Suite(.timeLimit(.minutes(5)))
final class ForkTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
    private let store: Store
    private let runner: ExperimentRunner

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store.open(
            at: folder.appending(path: "gradbook.db").path, now: { "2026-01-01T00:00:00.000Z" })
        runner = ExperimentRunner(store, origin: .test, clock: { 0 })
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func record(_ fields: [RunSetting: String], _ settings: [String] = []) throws -> Run {
        var parser = SettingsParser()
        let defaults: [RunSetting: String] = [.steps: "40", .samples: "20", .batchSize: "6"]
        let run = try parser.parse(RawSettings(fields: defaults.merging(fields) { $1 }, assignments: settings))
        return try store.runs.find(id: runner.record(run).id)
    }

    private func fork(_ parent: Run, at step: Int, _ changes: String...) throws -> Run {
        let fork = try runner.fork(parent, at: step, changes: changes)
        return try store.runs.find(id: runner.record(fork.run, parent: parent.id).id)
    }

    /// Every number of a run's steps from one on, as bits.
    private func bits(_ run: Run, from step: Int = 0) throws -> [[UInt64]] {
        try store.steps.all(ofRun: run.id, in: step..<Int.max).map { row in
            [UInt64(row.step), UInt64(row.epoch)]
                + [row.loss, row.learningRate, row.w, row.b, row.gradW, row.gradB].bits
        }
    }

    private func isClean(_ run: Run) throws -> Bool {
        var verifier = Verifier(store)
        return try verifier.verify(run).isClean
    }

    private static let parents: [([RunSetting: String], [String])] = [
        ([.optimizer: "sgd"], ["momentum=0.9", "nesterov=true"]),
        ([.optimizer: "adam", .schedule: "cosine:total=40"], ["amsgrad=true"]),
        ([.optimizer: "nadam", .sampling: "iid"], []),
        ([.optimizer: "radam", .dtype: "float32", .rng: "torch"], []),
        ([.optimizer: "rprop", .batchSize: "full"], []),
        ([.optimizer: "asgd", .clip: "norm=1"], ["t0=5"]),
        ([.optimizer: "adafactor", .gradients: "manual"], []),
        ([.optimizer: "lbfgs", .batchSize: "full", .lr: "0.1"], []),
        ([.optimizer: "lbfgs", .sampling: "shuffled-drop-last", .dtype: "float32"], ["max_iter=3"]),
        ([.optimizer: "sgd", .schedule: "plateau:patience=2", .gradients: "tape"], ["b.lr=0.05"]),
        ([.optimizer: "lion", .stopWhen: "patience=30"], []),
        ([.optimizer: "sgd", .lr: "1e30"], []),
    ]

    @Test(arguments: parents)
    func `a fork without a change is its parent's tail, bit for bit`(
        fields: [RunSetting: String], settings: [String]
    ) throws {
        let parent = try record(fields, settings)
        let step = min(17, parent.stepsDone / 2)

        let child = try fork(parent, at: step)

        #expect(try bits(child) == bits(parent, from: step))
        #expect(child.plan.parentRunID == parent.id && child.plan.parentStep == step)
        #expect((child.state, child.stepsDone) == (parent.state, parent.stepsDone))
        #expect(child.finalLoss?.bitPattern == parent.finalLoss?.bitPattern)
        #expect(
            (child.stateReason, child.stopReason, child.evaluations) == (
                parent.stateReason, parent.stopReason, parent.evaluations
            ))
        let ends = try [parent, child].map {
            try store.runs.parameters(ofRun: $0.id).map { [$0.final, $0.average ?? 0].bits }
        }
        #expect(ends[0] == ends[1])
        #expect(try isClean(child))
        #expect(try store.maintenance.check { _ in true }.isEmpty)
    }

    @Test
    func `a fork of a fork, and one that continues after the end, are the longer run`() throws {
        let long = try record([.optimizer: "adam", .steps: "60"])
        let short = try record([.optimizer: "adam"])

        let middle = try fork(short, at: 10)
        let further = try fork(middle, at: 40, "steps=60")

        #expect(try bits(further) == bits(long, from: 40))
        #expect(further.finalLoss == long.finalLoss)
        #expect(try isClean(further))
    }

    @Test
    func `the initial loss of a fork is that of its own loss where it leaves its parent`() throws {
        let parent = try record([.batchSize: "full"])
        let plain = try fork(parent, at: 10)
        let other = try fork(parent, at: 10, "loss=half-sum")

        #expect(try plain.initialLoss == store.steps.all(ofRun: parent.id, in: 10..<11).first?.loss)
        #expect(try other.initialLoss == store.steps.all(ofRun: other.id).first?.loss)
        #expect(other.initialLoss != plain.initialLoss)
    }

    @Test
    func `momentum is carried over a changed learning rate`() throws {
        let parent = try record([.optimizer: "sgd", .lr: "0.1"], ["momentum=0.9"])
        let child = try fork(parent, at: 20, "lr=0.003")

        let (before, rows) = (try store.steps.all(ofRun: parent.id), try store.steps.all(ofRun: child.id))
        let velocity = (before[19].w - before[20].w) / 0.1
        #expect(rows[0].w == before[20].w && rows[0].gradW == before[20].gradW)
        #expect(rows.allSatisfy { $0.learningRate == 0.003 })
        #expect(abs(rows[1].w - (rows[0].w - 0.003 * (0.9 * velocity + rows[0].gradW))) < 1e-14)
        #expect(child.plan.learningRate == 0.003)
        #expect(try isClean(child))
    }

    @Test
    func `another optimizer starts again where the parent was`() throws {
        let parent = try record([.optimizer: "sgd"], ["momentum=0.9"])
        let child = try fork(parent, at: 20, "optimizer=adam", "lr=0.5")

        let rows = try store.steps.all(ofRun: child.id)
        // Adam's first step is its learning rate long.
        #expect(abs(abs(rows[1].w - rows[0].w) - 0.5) < 1e-6)
        #expect(child.plan.optimizer == "adam")
        #expect(try isClean(child))
    }

    @Test(arguments: ["shuffled", "iid"])
    func `batches of another size continue in the order of the epoch`(sampling: String) throws {
        let parent = try record([.sampling: sampling])
        let full = try fork(parent, at: 21, "batch_size=full", "loss=half-mean")
        let small = try fork(full, at: 23, "batch_size=5")

        let epoch = try store.steps.all(ofRun: parent.id)[20].epoch
        #expect(try store.steps.all(ofRun: full.id).map(\.epoch).first == epoch + 1)
        #expect(try store.steps.all(ofRun: small.id).prefix(5).map(\.epoch) == [3, 3, 3, 3, 4].map { epoch + $0 })
        #expect(try isClean(full) && isClean(small))
    }

    @Test
    func `a schedule keeps its place, and can be taken away`() throws {
        let parent = try record([.schedule: "cosine:total=40", .lr: "0.1"])
        let doubled = try fork(parent, at: 10, "lr=0.2")
        let constant = try fork(parent, at: 10, "schedule=none")

        let rates = try store.steps.all(ofRun: parent.id, in: 10..<40).map(\.learningRate)
        #expect(try zip(store.steps.all(ofRun: doubled.id), rates).allSatisfy { abs($0.learningRate - 2 * $1) < 1e-15 })
        #expect(try store.steps.all(ofRun: constant.id).allSatisfy { $0.learningRate == 0.1 })
    }

    @Test(arguments: [
        (41, "lr=0.1", "0 to 39"), (40, "lr=0.1", "steps=140"), (20, "steps=20", "no step of its own"),
        (20, "seed=3", "'seed'"), (20, "data=x.csv", "'data'"), (20, "lr=fast", "'fast'"), (20, "lr", "NAME=VALUE"),
        (20, "momentun=0.9", "momentum"), (20, "batch_size=21", "21"), (20, "b.lr=0.3", "settings of their own"),
        (20, "optimizer=adamm", "adam"), (20, "schedule=cosin", "cosine"),
    ])
    func `what cannot be forked is refused with the reason`(step: Int, change: String, reason: String) throws {
        let parent = try record([:])

        let error = #expect(throws: (any Error).self) { try fork(parent, at: step, change) }

        #expect(error.map { "\($0)".contains(reason) } == true, "\(error.map { "\($0)" } ?? "")")
        #expect(try store.runs.all().count == 1)
    }

    @Test
    func `a run is forked at its last step at the latest if it ended there`() throws {
        let diverged = try record([.lr: "1e200"])
        let bad = try #require(diverged.divergedStep)

        #expect(throws: LearningError.self) { try fork(diverged, at: bad + 1, "lr=0.1") }
        #expect(try fork(diverged, at: bad - 1, "lr=1e-300").state == .done)
    }
}
