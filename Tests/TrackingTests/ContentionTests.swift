import Foundation
import Synchronization
import TestSupport
import Testing
import Tracking

/// Many writers and readers of one file: nobody is turned away, and nothing is lost.
struct ContentionTests {
    /// What one thread did.
    private struct Work {
        var runs = 0
        var calls = 0
        var worst = Duration.zero

        mutating func timed<Value>(_ call: () throws -> Value) rethrows -> Value {
            let start = ContinuousClock.now
            defer {
                calls += 1
                worst = max(worst, ContinuousClock.now - start)
            }
            return try call()
        }
    }

    private let notebook: Notebook

    init() throws {
        notebook = try Notebook()
    }

    @Test
    func `eight writers and two readers are never told that the file is locked`() throws {
        let length: Duration = TestTier.isLong ? .seconds(60) : .seconds(3)
        let deadline = ContinuousClock.now + length

        let results = onThreads(10) { [notebook] thread in
            var work = Work()
            while ContinuousClock.now < deadline {
                if thread < 8 {
                    try Self.recordRun(notebook, thread: thread, &work)
                } else {
                    try Self.readEverything(notebook, &work)
                }
            }
            return work
        }

        let works = try results.map { try $0.get() }
        let (writers, readers) = (works.prefix(8), works.suffix(2))
        print(
            """
            8 writers, 2 readers, \(length): \(writers.reduce(0) { $0 + $1.runs }) runs, 0 locked; worst call of a writer \
            \(writers.map(\.worst).max() ?? .zero), of a reader \(readers.map(\.worst).max() ?? .zero)
            """)
        let store = try notebook.open()
        let runs = try store.runs.all()
        #expect(runs.count == writers.reduce(0) { $0 + $1.runs } && runs.allSatisfy { $0.state == .done })
        #expect(writers.allSatisfy { $0.runs > 0 } && readers.allSatisfy { $0.calls > 0 })
        #expect(try store.query("SELECT count(*) FROM quadratic_steps").rows == [[.integer(Int64(300 * runs.count))]])
    }

    /// A store of its own each time, as a process has.
    private static func recordRun(_ notebook: Notebook, thread: Int, _ work: inout Work) throws {
        let store = try work.timed { try notebook.open() }
        let run = try work.timed { try store.startSampleRun(as: .sample(pid: thread)) }
        let writer = store.steps.makeWriter()
        var recorder = writer.recorder(forRun: run)
        for step in 0..<300 { try work.timed { try recorder.record(.sample(step)) } }
        try recorder.finish(.sample(stepsDone: 300))
        try work.timed { try writer.close() }
        store.close()
        work.runs += 1
    }

    private static func readEverything(_ notebook: Notebook, _ work: inout Work) throws {
        // Who comes before the first writer finds no notebook yet.
        guard FileManager.default.fileExists(atPath: notebook.path) else { return }
        let store: Store
        do {
            store = try work.timed { try notebook.open(access: .readOnly) }
        } catch let error as TrackingError where error.code == .notADatabase {
            return
        }
        for run in try work.timed({ try store.runs.all() }).suffix(3) where run.state == .done {
            let count = try work.timed { try store.steps.count(ofRun: run.id) }
            #expect(count == 300)
        }
        store.close()
    }
}
