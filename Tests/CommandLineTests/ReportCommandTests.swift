import Foundation
import Testing

/// `gradbook report` as a person uses it, and the example that is committed.
@Suite(.timeLimit(.minutes(3)))
struct ReportCommandTests {
    private static let example = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "reports/optimizer-study")
    private static var files: [String] {
        (FileManager.default.enumerator(atPath: example.path)?.allObjects as? [String] ?? [])
            .filter { $0.contains(".") }.sorted()
    }

    @Test
    func `the committed example comes out again byte for byte`() throws {
        let scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "optimizer-study", "--optimizer", "sgd,adam", "--set", "momentum=0,0.9 if optimizer=sgd",
            "--lr", "0.01,0.1,5", "--batch-size", "10,full", "--seeds", "1..6", "--steps", "200")

        let invocation = try scratch.gradbook("report", "optimizer-study", "--every", "40", "--reproducible")

        #expect(invocation.output == "reports/optimizer-study/report.md\n")
        let made = scratch.folder.appending(path: "reports/optimizer-study")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            try? FileManager.default.removeItem(at: Self.example)
            try FileManager.default.copyItem(at: made, to: Self.example)
        }
        for file in Self.files {
            let expected = try Data(contentsOf: Self.example.appending(path: file))
            #expect(try Data(contentsOf: made.appending(path: file)) == expected, "\(file)")
        }
    }

    @Test
    func `runs can be compared without a sweep`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "20")
        try scratch.gradbook("run", "--steps", "20", "--optimizer", "adam")

        let invocation = try scratch.gradbook("report", "1", "2", "--out", "both")

        #expect(invocation.output == "both/report.md\n")
        let markdown = try String(contentsOf: scratch.folder.appending(path: "both/report.md"), encoding: .utf8)
        #expect(markdown.hasPrefix("# runs 1, 2\n"))
        #expect(markdown.contains("2 configurations on 1 seed: 2 planned runs, 2 done, 0 diverged; 40 recorded steps."))
    }

    @Test
    func `a sweep's name cannot lead out of the folder of reports`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "../up", "--steps", "2", "--seeds", "1")

        let invocation = try scratch.gradbook("report", "../up")

        #expect(invocation.output == "reports/-..-up/report.md\n")
    }

    @Test(arguments: [
        (["report", "missing"], "'missing'"), (["report", "99"], "99"), (["report", "1", "x"], "numbers"),
        (["report", "s", "--every", "0"], "--every"),
    ])
    func `what is not there is named`(arguments: [String], name: String) throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "1")
        let before = try scratch.contents().keys.sorted()

        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode != 0)
        #expect(invocation.error.contains(name), "\(invocation.error)")
        #expect(
            try scratch.contents().keys.sorted().filter { !$0.hasPrefix("gradbook.db-") }
                == before.filter { !$0.hasPrefix("gradbook.db-") })
    }
}
