import TestRows
import Testing
import Tracking

/// Rows that are many enough to be inserted in groups, some of them stored before.
struct StepGroupTests {
    private let notebook: Notebook
    private let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    @Test(arguments: [1, 63, 64, 65, 100, 640, 1000])
    func `rows that follow stored ones are added, the stored ones stay`(storedCount: Int) throws {
        let run = try store.startSampleRun()
        try store.write((0..<storedCount).map { Self.row($0, elapsed: 5) }, ofRun: run)

        try store.write((0..<1300).map { Self.row($0, elapsed: 70) }, ofRun: run)

        let rows = try store.steps.all(ofRun: run.id)
        #expect(rows.map(\.loss.bitPattern) == (0..<1300).map { Self.loss($0).bitPattern })
        #expect(rows.map(\.elapsedNanoseconds) == (0..<1300).map { $0 < storedCount ? 5 : 70 })
    }

    @Test(arguments: [0, 9, 64, 639, 999])
    func `one other number among a thousand stored rows is a conflict, and nothing is written`(step: Int) throws {
        let run = try store.startSampleRun()
        try store.write((0..<1000).map { Self.row($0, elapsed: 5) }, ofRun: run)

        #expect(throws: TrackingError.self) {
            try store.write(
                (0..<1300).map { .sample($0, loss: $0 == step ? 7 : Self.loss($0), elapsed: 70) }, ofRun: run)
        }

        #expect(
            try store.steps.all(ofRun: run.id).map(\.loss.bitPattern) == (0..<1000).map { Self.loss($0).bitPattern })
    }

    /// Every seventh loss is one that SQLite cannot hold.
    private static func loss(_ step: Int) -> Double {
        step % 7 == 0 ? .nan : step % 11 == 0 ? -0.0 : 1 / Double(step)
    }

    private static func row(_ step: Int, elapsed: Int) -> QuadraticStep {
        .sample(step, loss: loss(step), elapsed: elapsed)
    }
}
