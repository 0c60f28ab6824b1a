import Foundation
import Testing
import Tracking

/// What a kill may take: nothing that was handed over and committed, and always only the end.
struct DurabilityTests {
    private let notebook: Notebook

    init() throws {
        notebook = try Notebook()
    }

    @Test
    func `with durability step a killed process loses no row that it was told is stored`() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = notebook.path as String] in
            let store = try Store.open(at: path, durability: .step) { "2026-01-02T03:04:05Z" }
            let run = try store.startSampleRun()
            let writer = store.steps.makeWriter()
            var recorder = writer.recorder(forRun: run)
            for step in 0..<137 { try recorder.record(.sample(step)) }
            kill(getpid(), SIGKILL)
        }

        #expect(try notebook.open().steps.all(ofRun: 1) == (0..<137).map { .sample($0) })
    }

    @Test(arguments: [Durability.batch, .powerSafe])
    func `in batches a killed process loses the rows after the last commit, and no others`(_ durability: Durability)
        async throws
    {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = notebook.path as String, name = durability.rawValue as String] in
            let durability = try #require(Durability(rawValue: name))
            let store = try Store.open(at: path, durability: durability) { "2026-01-02T03:04:05Z" }
            let run = try store.startSampleRun()
            let writer = store.steps.makeWriter()
            try writer.append((0..<5000).map { .sample($0) }, to: run)
            // Nobody asks for the commit: it has to come by itself.
            while try store.steps.count(ofRun: run.id) < 5000 {}
            try writer.append((5000..<5100).map { .sample($0) }, to: run)
            kill(getpid(), SIGKILL)
        }

        let store = try notebook.open()
        let rows = try store.steps.all(ofRun: 1)
        #expect(rows.count == 5000 || rows.count == 5100)
        #expect(rows == (0..<rows.count).map { .sample($0) })
        #expect(try store.runs.find(id: 1).state == .running)
        #expect(try store.runs.interrupted { _ in false }.map(\.id) == [1])
    }
}
