import Foundation
import TestSupport
import Testing

@testable import Tracking

/// Recorders that write into one file at once.
@Suite(.timeLimit(.minutes(5)))
struct RecordedContentionTests {
    @Test func `recorders that begin a file and its keys at the same moment all store every row`() throws {
        let notebook = try Notebook()
        let (recorders, steps) = (TestTier.isLong ? 32 : 8, TestTier.isLong ? 60 : 12)

        let results = onThreads(recorders) { index in
            let store = try notebook.open()
            defer { store.close() }
            let run = try store.startRecording(index)
            var known = KnownMetrics()
            for step in 0..<steps {
                var changes = RecordedChanges()
                // The same new keys for all, in tables that are new to all, each in an order of its own.
                let keys = ["loss", "shared/k\(step)", "shared/K\(step)", "t\(step % 6)/k\(step)", "own\(index % 4)/k"]
                changes.metrics.add(
                    keys.indices.map { .integer(Int64(1000 * index + $0)) },
                    shape: changes.metrics.addShape(index % 2 == 0 ? keys : keys.reversed()), step: Int64(step))
                try store.recorded.write(changes, to: run.currentAttempt, source: "protocol", known: &known)
            }
            try store.endRecording(run)
            return run.id
        }

        let store = try notebook.open()
        for (index, result) in results.enumerated() {
            let run = try result.get()
            #expect(try store.runs.find(id: run).stepsDone == steps)
            let keys = try store.metrics.keys(ofRun: run)
            #expect(keys.count == 2 + 3 * steps)
            for (place, key) in ["loss", "own\(index % 4)/k"].enumerated() {
                let number = Int64(1000 * index + (index % 2 == 0 ? 4 * place : 4 - 4 * place))
                #expect(
                    try store.metrics.values(ofRun: run, key: key).map(\.value)
                        == Array(repeating: .integer(number), count: steps))
            }
        }
        #expect(try store.maintenance.check { _ in true } == [])
    }
}
