import Foundation
import TestSupport
import Testing

/// `gradbook report` as a person uses it, and the example that is committed.
@Suite(.timeLimit(.minutes(5)))
struct ReportCommandTests {
    /// What made each committed example.
    private static let examples = [
        "optimizer-study": [
            "--optimizer", "sgd,adam,rmsprop", "--lr", "0.001,0.01,0.03,0.1,0.3,1,3", "--batch-size", "full,10",
            "--seeds", "1..12", "--steps", "300",
        ],
        "cars": [
            "--data", "cars.csv", "--x", "speed", "--y", "dist", "--scale", "normalize", "--optimizer",
            "sgd,adam,rmsprop", "--lr", "0.01,0.05,0.2,0.6,1.5", "--batch-size", "full", "--seeds", "1..14", "--steps",
            "200",
        ],
    ]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "reports")

    @Test(arguments: examples.keys.sorted())
    func `the committed example comes out again byte for byte`(name: String) throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(
            at: Self.folder.appending(path: "data/cars.csv"), to: scratch.folder.appending(path: "cars.csv"))
        try scratch.gradbook(["sweep", name] + (Self.examples[name] ?? []))
        let example = Self.folder.appending(path: name)

        let invocation = try scratch.gradbook(
            ["report", name, "--every", "100", "--reproducible", "--tuning-seeds", "1..4"])

        #expect(invocation.output == "reports/\(name)/report.md\n")
        let made = scratch.folder.appending(path: "reports/\(name)")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            try? FileManager.default.removeItem(at: example)
            try FileManager.default.copyItem(at: made, to: example)
        }
        let files = try FileManager.default.subpathsOfDirectory(atPath: example.path).filter { $0.contains(".") }
        #expect(files.count == 21)
        for file in files {
            let expected = try Data(contentsOf: example.appending(path: file))
            #expect(try Data(contentsOf: made.appending(path: file)) == expected, "\(file)")
        }
    }

    @Test
    func `a report that the notebook no longer gives is named with its cell`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--lr", "0.01,0.1", "--seeds", "1..2", "--steps", "20")
        try scratch.gradbook("report", "s", "--success", "excess=1e-3")
        #expect(try scratch.gradbook("report", "--check", "reports/s").exitCode == 0)
        let file = scratch.folder.appending(path: "reports/s/data/runs.csv")
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(text.replacing(",done,1,", with: ",lost,1,", maxReplacements: 1).utf8).write(to: file)

        let check = try scratch.gradbook("report", "--check", "reports/s")

        #expect(check.exitCode == 1)
        #expect(
            check.sentences
                == "data/runs.csv, row 1 (sweep s), column state: 'lost' stands there, but the notebook gives "
                + "'done'\n")
    }

    @Test(arguments: ["report.html", "report.tex", "data/mine.csv", "fig/other.svg"])
    func `a file that is no part of the report that stands there is named`(name: String) throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--seeds", "1..2", "--steps", "20")
        try scratch.gradbook("report", "s", "--format", "markdown,csv", "--out", "r")
        try scratch.write("a note", to: "r/notes.txt")
        #expect(try scratch.gradbook("report", "--check", "r").exitCode == 0)
        try scratch.write("another's", to: "r/\(name)")

        let check = try scratch.gradbook("report", "--check", "r")

        #expect(check.exitCode == 1)
        #expect(check.sentences == "\(name) stands there, but is no part of the report\n")
    }

    @Test
    func `of reports that are written into one folder at once the last stands there, whole`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--optimizer", "sgd,adam", "--seeds", "1..2", "--steps", "20")
        for round in 0..<12 {
            let formats = ["markdown", "html,csv", "latex,json", "text,csv,markdown"].shuffled()
            let processes = try formats.map {
                try Program.gradbook.start(["report", "s", "--format", $0, "--out", "r"], in: scratch.folder)
            }
            for process in processes { process.waitUntilExit() }

            #expect(processes.map(\.exitCode) == [0, 0, 0, 0], "round \(round) of \(formats)")
            let check = try scratch.gradbook("report", "--check", "r")
            #expect(check.exitCode == 0, "round \(round) of \(formats): \(check.output)\(check.error)")
        }
    }

    @Test
    func `what changed since a report is said with its reason`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "20")
        try scratch.gradbook("run", "--steps", "20", "--optimizer", "adam")
        try scratch.gradbook("report", "1", "--out", "before")

        let same = try scratch.gradbook("report", "1", "--since", "before")
        let more = try scratch.gradbook("report", "1", "2", "--since", "before")

        #expect(same.output.isEmpty)
        #expect(more.output.contains("claim pair:"))
        #expect(more.output.contains("run 2 is new: done\n"))
    }

    @Test
    func `runs can be selected by what they are`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--optimizer", "sgd,adam", "--seeds", "1..2", "--steps", "5")

        let invocation = try scratch.gradbook("report", "--select", "optimizer=adam", "--format", "markdown,html")

        #expect(invocation.output == "reports/selection/report.md\n")
        let files = try FileManager.default.contentsOfDirectory(
            atPath: scratch.folder.appending(path: "reports/selection").path)
        #expect(files.sorted() == ["fig", "provenance.json", "report.html", "report.md"])
        let report = scratch.folder.appending(path: "reports/selection/report.md")
        let markdown = try String(contentsOf: report, encoding: .utf8)
        #expect(markdown.hasPrefix("# all runs: optimizer=adam\n\n1 configuration on 2 seeds: 2 planned runs"))
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
        #expect(
            markdown.contains(
                "2 configurations on 1 seed: 2 planned runs, 2 done, 0 diverged, 0 unstable; 40 recorded steps."))
    }

    @Test
    func `a sweep's name cannot lead out of the folder of reports`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "../up", "--steps", "2", "--seeds", "1")

        let invocation = try scratch.gradbook("report", "../up")

        #expect(invocation.output == "reports/%2E.%2Fup/report.md\n")
    }

    @Test(arguments: [
        (["report", "missing"], "'missing'"), (["report", "99"], "99"), (["report", "1", "x"], "'x'"),
        (["report"], "--select"), (["report", "1", "--format", "pdf"], "pdf"), (["report", "--check", "x"], "'x'"),
        (["report", "1", "--success", "speed=1"], "speed=1"), (["report", "1", "--tuning-seeds", "a"], "'a'"),
        (["report", "1", "--since", "y"], "'y'"), (["report", "1", "--check", "x"], "--check"),
        (["report", "s", "--every", "0"], "--every"), (["report", "1", "--out", "-"], "--out"),
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
