import Foundation
import Synchronization
import TestSupport
import Testing
import TextFormats
import Tracking

struct BackupTests {
    private let notebook: Notebook
    private let store: Store
    private let copy: Notebook

    init() throws {
        notebook = try Notebook()
        copy = try Notebook()
        store = try notebook.open()
    }

    @Test
    func `a copy is one file with everything in it`() throws {
        let run = try store.startSampleRun(name: "kept")
        try store.write((0..<500).map { .sample($0) }, ofRun: run)

        try notebook.open(access: .readOnly).maintenance.backUp(to: copy.path)

        #expect(try FileManager.default.contentsOfDirectory(atPath: copy.folder.path) == ["gradbook.db"])
        #expect(try copy.content() == notebook.content())
        #expect(try RunFinder(copy.open()).run("kept") == run)
    }

    @Test
    func `copies made during training are each whole, and do not disturb it`() throws {
        let sweep = try store.createSampleSweep(runs: 30)
        let isTraining = Atomic(true)

        let results = onThreads(2) { [notebook, store, copy] thread in
            if thread == 1 {
                var copies = 0
                while isTraining.load(ordering: .acquiring) {
                    let path = copy.folder.appending(path: "copy-\(copies).db").path
                    try notebook.open(access: .readOnly).maintenance.backUp(to: path)
                    copies += 1
                }
                return copies
            }
            defer { isTraining.store(false, ordering: .releasing) }
            let writer = store.steps.makeWriter()
            while let run = try writer.claimNextRun(ofSweep: sweep, as: .sample()) {
                var recorder = writer.recorder(forRun: run)
                for step in 0..<800 { try recorder.record(.sample(step, loss: step == 3 ? 0.125 : 0.5)) }
                try recorder.finish(.sample())
            }
            try writer.close()
            return 0
        }

        let count = try results[1].get()
        _ = try results[0].get()
        #expect(count > 0)
        for index in 0..<count {
            let path = copy.folder.appending(path: "copy-\(index).db").path
            let store = try Store.open(at: path, access: .readOnly) { "" }
            // The process of the sample runs is gone; apart from that, nothing is found.
            let findings = try store.maintenance.check { _ in true }
            #expect(findings.isEmpty, "\(findings)")
        }
        #expect(try store.runs.all(ofSweep: sweep).allSatisfy { $0.state == .done })
    }

    @Test
    func `a file that is there is not replaced`() throws {
        try Data("mine".utf8).write(to: URL(filePath: copy.path))

        let error = #expect(throws: TrackingError.self) { try store.maintenance.backUp(to: copy.path) }

        #expect(error?.code == .conflict)
        #expect(
            error?.description
                == "there is a file '\(copy.path)' already; give the copy another name")
        #expect(try Data(contentsOf: URL(filePath: copy.path)) == Data("mine".utf8))
        #expect(throws: TrackingError.self) { try store.maintenance.backUp(to: notebook.path) }
        #expect(throws: TrackingError.self) { try store.maintenance.backUp(to: copy.folder.path) }
        #expect(throws: TrackingError.self) { try store.maintenance.backUp(to: copy.folder.path + "/no/such/copy.db") }
    }
}
