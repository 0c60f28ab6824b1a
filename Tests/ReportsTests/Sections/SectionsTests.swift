import Foundation
import TestSupport
import Testing
import TextFormats
import Tracking

@testable import Reports

struct SectionsTests {
    @Test
    func `a complete sweep has no warning`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let markdown = try notebook.markdown()

        #expect(!markdown.contains("[!WARNING]"))
        #expect(markdown.contains("| sgd | 12 | 6 | 6 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 12 |"))
    }

    @Test
    func `runs without a result are listed by optimizer and seed`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([
            SampleRun(seed: 1), SampleRun(seed: 2, ending: .failed), SampleRun(seed: 11, ending: .running),
            SampleRun(optimizer: "adam", momentum: nil, seed: 3, ending: .queued),
        ])

        let markdown = try notebook.markdown()

        #expect(
            markdown.contains(
                """
                > [!WARNING]
                > Of 4 planned runs, these have no result: adam: 1 (seeds 3); sgd: 1 (seeds 11). They are in no test and in \
                no rate below.

                """))
        #expect(markdown.contains("| sgd | 3 | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 1 | 0 | 2 |"))
    }

    @Test
    func `a run whose process is gone is interrupted, not running`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(seed: 1), SampleRun(seed: 2, ending: .running)])

        let alive = try notebook.markdown(isAlive: { _ in true })
        let dead = try notebook.markdown(isAlive: { $0.pid != 4711 })

        #expect(alive.contains("| sgd | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 1 |"))
        #expect(dead.contains("| sgd | 2 | 1 | 0 | 0 | 0 | 0 | 0 | 1 | 0 | 0 | 1 |"))
    }

    @Test
    func `repeated runs are warned of`() throws {
        let notebook = try SampleNotebook()
        let ids = try (0..<3).map { _ in try notebook.addRun(SampleRun()) }

        let markdown = try notebook.markdown(on: .runs(ids))

        #expect(markdown.contains("> 2 runs with the configuration and seed of another one"))
    }

    @Test
    func `a run that is named twice counts once`() throws {
        let notebook = try SampleNotebook()
        let id = try notebook.addRun(SampleRun())

        #expect(try notebook.data(on: .runs([id, id])).runs.count == 1)
    }

    @Test
    func `a median that falls on a diverged run says so`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...5).map { SampleRun(seed: $0, ending: $0 > 2 ? .diverged(at: 4) : .done) })

        let row = try #require(try notebook.leaderboard().first)

        #expect(row[1...3] == ["2 / 3 / 0 / 5", "diverged", "0.0416667, 0.0416667, diverged, diverged, diverged"])
        #expect(row.contains("5: diverged"))
        #expect(row.contains("`█▄▁xxxxxxxxx`"))
    }

    @Test
    func `one diverged seed does not hide the median curve of the others`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep((1...5).map { SampleRun(seed: $0, ending: $0 == 5 ? .diverged(at: 4) : .done) })

        let row = try #require(try notebook.leaderboard().first)

        #expect(row[1] == "4 / 1 / 0 / 5")
        #expect(row.dropLast().last == "`█▇▆▅▄▂▁▁▁▁▁▁`")
    }

    @Test
    func `a row without any result says so and has no best seed`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep((1...2).map { SampleRun(seed: $0, ending: .diverged(at: 4)) })

        #expect(try notebook.leaderboard().first?.contains("none") == true)
    }

    @Test(
        arguments: [
            ([.diverged(at: 3), .diverged(at: 3), .diverged(at: 3)], "diverged"),
            ([.diverged(at: 3), .failed, .queued], "diverged or failed"), ([.queued, .queued, .queued], "no result"),
            ([.done, .diverged(at: 3), .diverged(at: 4)], "diverged"),
        ] as [([SampleRun.Ending], String)])
    func `a statistic that falls on a failure names what it may be`(endings: [SampleRun.Ending], word: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(endings.enumerated().map { SampleRun(seed: Int64($0), ending: $1) })

        #expect(try notebook.leaderboard().first?[2] == word)
    }

    @Test
    func `rows that no test tells apart share their ranks`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([
            SampleRun(learningRate: 0.3), SampleRun(learningRate: 0.2, factor: 0.9), SampleRun(learningRate: 0.1),
            SampleRun(learningRate: 5, ending: .diverged(at: 3)), SampleRun(learningRate: 6, ending: .diverged(at: 3)),
        ])

        #expect(try notebook.leaderboard().map(\.first) == ["1-5", "1-5", "1-5", "1-5", "1-5"])
    }

    @Test
    func `seeds without an effect have no interval`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep((1...8).map { SampleRun(seed: $0, start: 1) })

        let row = try #require(try notebook.leaderboard().first)

        #expect(row[3] == "deterministic: no seed effect, no interval")
        let median = try notebook.records("summary").first { $0["metric"] == "median_final_loss" }
        #expect(median?["ci_low"] == "")
        #expect(median?["n_distinct"] == "1")
    }

    @Test
    func `too few seeds name no winner`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun].mixed.filter { $0.seed < 6 })

        let markdown = try notebook.markdown()

        #expect(markdown.contains("**No winner is claimed:**"))
        #expect(markdown.contains("chosen on the same seeds: optimistic"))
    }

    @Test
    func `what varies is a column, what does not is named once`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)
        let data = try notebook.data()

        #expect(
            data.fields.varying == [
                "optimizer.name", "optimizer.lr", "batch_size", "optimizer.hyperparameters.momentum",
                "optimizer.hyperparameters.nesterov",
            ])
        #expect(data.fields.constant.first { $0.name == "steps" }?.isEverywhere == true)
        #expect(data.fields.constant.first { $0.name.hasSuffix("beta1") }?.isEverywhere == false)
        #expect(try notebook.markdown().contains("The same in all rows that have it: beta1 0.9."))
    }

    @Test
    func `every configuration of the leaderboard has its section`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let markdown = try notebook.markdown()

        for group in try notebook.data().groups {
            #expect(markdown.contains("| [\(group.id)](#\(group.id)) |\n"))
            #expect(markdown.contains("\n### \(group.id)\n"))
        }
    }

    @Test
    func `scaled data have their parameters in the file's units`() throws {
        let notebook = try SampleNotebook(dataset: .line(xDivisor: 2, yDivisor: 3, yOffset: 4))
        try notebook.addSweep([SampleRun(stepCount: 200)])

        let markdown = try notebook.markdown()

        #expect(markdown.contains("| exact minimum |  | 2.43750000 | 10.0000000 |"))
        #expect(markdown.contains("| 1 | 2.43750000 | 10.0000000 |"))
        #expect(markdown.contains("| data | y\\|&lt;b&gt; against x of line.csv, scaled |"))
    }

    @Test
    func `data in their own units have no such table`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])

        #expect(try !notebook.markdown().contains("Fitted parameters"))
    }

    @Test
    func `a run that grew without end is named although it is done`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(factor: 3)])

        #expect(try notebook.markdown().contains("1 further run ended with finite numbers"))
    }

    @Test
    func `names are harmless in every file`() throws {
        let name = "a|b,\"c\"\n<script>`#"
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()], named: name)

        let files = try notebook.report(on: .sweep(name))

        let markdown = String(decoding: files["report.md"] ?? [], as: UTF8.self)
        #expect(markdown.hasPrefix("# a\\|b,\"c\"\\\\n&lt;script&gt;\\`\\#\n\n1 configuration on 1 seed"))
        #expect(CSVReader.records(files["data/runs.csv"] ?? [])[0]["sweep"] == name)
    }

    @Test
    func `the command of the sweep and of the report can be typed`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()], named: "it's mine")

        #expect(
            try notebook.markdown(on: .sweep("it's mine")).contains(
                "```sh\ngradbook sweep demo --lr 0.1,5\ngradbook report 'it'\\''s mine' --reproducible\n"
                    + "gradbook verify 'it'\\''s mine' --sample 20\n```"))
    }

    @Test
    func `what needs an optimum is left out in one line where none is known`() throws {
        let line = Dataset.line()
        let notebook = try SampleNotebook(
            dataset: Dataset(
                contentHash: "bare", kind: "csv", source: "bare.csv", x: line.x, y: line.y, lossSurfaces: [:]))
        try notebook.addSweep(.mixed)

        let markdown = try notebook.markdown()
        let data = try notebook.data()

        #expect(markdown.contains("Optimum and curvature are not computed: the model quadratic has no known optimum."))
        #expect(
            markdown.contains(
                "## Theory against measurement\n\nnot computed: the model quadratic has no known optimum."))
        #expect(!markdown.contains("landscape.svg"))
        #expect(data.runs.allSatisfy { $0.classification == nil && $0.finalExcess == nil })
        for query in try notebook.findings().queries.all {
            _ = try notebook.query(query.sql)
        }
    }
}

extension SampleNotebook {
    /// The cells of the leaderboard's rows.
    fileprivate func leaderboard() throws -> [[String]] {
        let data = try data()
        let comparison = try Comparison(data, options: ReportOptions())
        let section = Document(LeaderboardSection(data: data, comparison: comparison).blocks).markdown
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
        return rows.map { row in
            row.dropFirst(2).dropLast(2).components(separatedBy: " | ").filter { !$0.isEmpty }
        }
    }
}
