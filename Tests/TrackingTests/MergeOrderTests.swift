import Foundation
import TestRows
import TestSupport
import Testing
import Tracking

/// Which of several notebooks is merged first decides nothing of what the help promises.
struct MergeOrderTests {
    private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    /// Into a new notebook, so that what is deleted in one of them is simply not brought by it; or into copies of the first one,
    /// which has nothing deleted.
    @Test(arguments: [true, false])
    func `copies of a notebook that went their own ways make the same whole in any order`(withDeletions: Bool) throws {
        for round in 0..<(TestTier.isLong ? 60 : 3) {
            let seed = TestTier.seed &+ UInt64(round)
            var generator = SplitMix(seed: seed)
            let copies = try RandomCopies(withDeletions: withDeletions, &generator)
            var wholes: [NotebookContent] = []
            for order in Self.orders {
                let whole = try Notebook()
                var rest = order
                if !withDeletions { try copies.write(rest.removeFirst(), to: whole) }
                let store = try whole.open()
                for index in rest { _ = try store.maintenance.merge(copies.notebooks[index].path) }
                let content = try whole.content()
                for index in order {
                    let again = try store.maintenance.merge(copies.notebooks[index].path)
                    #expect(!again.changedSomething, "GRADBOOK_SEED=\(seed), order \(order): \(again)")
                }
                #expect(try whole.content() == content, "GRADBOOK_SEED=\(seed), order \(order)")
                let flaws = try store.maintenance.check { _ in true }
                #expect(flaws.isEmpty, "GRADBOOK_SEED=\(seed), order \(order): \(flaws)")
                wholes.append(content)
            }
            for (order, whole) in zip(Self.orders, wholes) {
                let difference = whole.firstDifference(from: wholes[0])
                #expect(difference == nil, "GRADBOOK_SEED=\(seed), order \(order): \(difference ?? "")")
            }
        }
    }
}

/// Three copies of a small notebook, each with random changes of its own.
private struct RandomCopies {
    let notebooks: [Notebook]
    private let withDeletions: Bool
    private static let sweepRuns = 3

    init(withDeletions: Bool, _ generator: inout SplitMix) throws {
        self.withDeletions = withDeletions
        let base = try Notebook()
        let store = try base.open()
        _ = try store.createSampleSweep(runs: Self.sweepRuns)
        for seed in 0..<2 {
            _ = try store.runs.add(
                .sample(dataset: 1, name: seed == 0 ? "first" : nil, seed: Int64(20 + seed)), provenance: .sample())
        }
        try store.notes.changeTags(ofRuns: [1], adding: ["old"])
        notebooks = try (0..<3).map { _ in try Notebook() }
        for (index, notebook) in notebooks.enumerated() {
            try store.maintenance.backUp(to: notebook.path)
            let copy = try notebook.open()
            for change in 0..<Int.random(in: 0...8, using: &generator) {
                try Self.change(copy, of: index, change, withDeletions: withDeletions, &generator)
            }
        }
    }

    func write(_ index: Int, to notebook: Notebook) throws {
        try notebooks[index].open().maintenance.backUp(to: notebook.path)
    }

    private static func change(
        _ store: Store, of index: Int, _ number: Int, withDeletions: Bool, _ generator: inout SplitMix
    ) throws {
        let run = Int64.random(in: 1...5, using: &generator)
        let isDeleted = try store.runs.deleted().contains { $0.id == run }
        switch Int.random(in: 0..<14, using: &generator) {
        case 0:
            try store.notes.changeTags(ofRuns: [run], adding: [["red", "blue"].randomElement(using: &generator) ?? ""])
        case 1: try store.notes.changeTags(ofRuns: [1], adding: [], removing: ["old"])
        case 2: try store.notes.add("\(index) \(number)", to: .run(run))
        case 3: try store.notes.add("\(index) \(number)", to: .sweep(1))
        // Each run is named in one of them only.
        case 4 where run % 3 == index && run != 4: try store.runs.rename(run, to: "named \(run)")
        case 5 where withDeletions && !isDeleted: try store.runs.delete([run]) { _ in false }
        case 6:
            let seed = Int64(100 * (index + 1) + number)
            let new = try store.runs.add(
                .sample(dataset: 1, name: number % 2 == 0 ? "new \(seed)" : nil, seed: seed), provenance: .sample())
            try end(store.runs.start(new, as: .sample()), .done, rows: 4, in: store)
        case 7, 8:
            guard let run = try store.sweeps.claimNextRun(ofSweep: 1, as: .sample()) else { return }
            try end(run, .done, rows: 4, in: store)
        case 9, 10, 11:
            guard let run = try store.sweeps.claimNextRun(ofSweep: 1, as: .sample()) else { return }
            // It may have been begun before, and never ends before the last row that it has.
            let rows = try Int.random(in: store.steps.count(ofRun: run.id)..<4, using: &generator)
            if Bool.random(using: &generator) {
                try end(run, .failed, rows: rows, in: store)
            } else {
                try store.write((0..<rows).map { .sample($0) }, ofRun: run)
                _ = try store.runs.requeueInterrupted { _ in false }
            }
        case 12:
            guard Bool.random(using: &generator) else { return }
            _ = try store.sweeps.cancel(1)
        case 13:
            try store.verdicts.add(
                StoredVerdict(
                    question: "{\"a\":\(number % 3)}", first: "a", second: "b", measure: "loss", seeds: [1],
                    runs: ["\(number % 2)"], alpha: 0.05, p: nil, verdict: "undecided"))
        default: break
        }
    }

    private static func end(_ run: Run, _ state: RunState, rows: Int, in store: Store) throws {
        try store.write((0..<rows).map { .sample($0) }, ofRun: run)
        try store.runs.finish(
            run.id, attempt: run.attempt,
            outcome: RunOutcome(
                state: state, stepsDone: rows, stateReason: state == .failed ? "it was killed" : nil, finalLoss: 0.25,
                bestLoss: 0.1, bestStep: 0, parameters: [ParameterValues(name: "w", initial: 0.5, final: 3)]))
    }
}
