import Experiments
import Foundation
import Testing
import Tracking

@testable import Reports

/// Reports on small sweeps, from plan to files.
@Suite(.timeLimit(.minutes(2)))
struct ReportTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")

    /// Carries out a sweep of that name and passes its store to `body`; `limit` stops it after so many runs.
    private func withSweep(
        _ name: String = "s", fields: [RunField: String], seeds: String, limit: Int? = nil,
        _ body: (Store) throws -> Void
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store.open(
            at: folder.appending(path: "gradbook.db").path, now: { "2026-01-01T00:00:00.000Z" })
        let origin = Provenance(
            version: "test", gitCommit: nil, command: "gradbook sweep s",
            process: ProcessIdentity(host: "here", pid: 1, started: 1, bootID: "boot"))
        let notebook = Notebook(store, origin: origin, clock: { 0 })
        let plan = try SweepPlanner.plan(SearchSpace(fields: fields, settings: [], seeds: seeds))
        let sweep = try notebook.queue(plan, name: name)
        if limit == nil { _ = try notebook.carryOut(sweep: sweep, workers: 2) }
        try notebook.close()
        try body(store)
    }

    private func write(_ name: String = "s", from store: Store, stride: Int = 1, to out: String = "out") throws -> URL {
        let target = folder.appending(path: out)
        try Report(
            of: .sweep(name), in: store, options: ReportOptions(stride: stride, isReproducible: true)
        ).write(to: target)
        return target
    }

    private func text(_ name: String, in report: URL) throws -> String {
        try String(contentsOf: report.appending(path: name), encoding: .utf8)
    }

    @Test
    func `the same notebook gives the same bytes`() throws {
        try withSweep(fields: [.lr: "0.1,5", .steps: "200"], seeds: "1..3") { store in
            let first = try write(from: store)
            let second = try write(from: store, to: "again")

            for name in ["report.md", "data/runs.csv", "data/curves.csv", "data/summary.csv"] {
                #expect(try text(name, in: first) == text(name, in: second))
            }
        }
    }

    @Test
    func `diverged runs are counted, ranked last and never dropped`() throws {
        try withSweep(fields: [.lr: "0.1,5", .steps: "200"], seeds: "1..3") { store in
            let report = try write(from: store)

            let markdown = try text("report.md", in: report)
            #expect(markdown.contains("| sgd | 6 | 3 | 3 | 0 | 0 |"))
            #expect(markdown.contains("| 1 | 0.1 | 3 / 0 / 3 |"))
            #expect(markdown.contains("| 2 | 5 | 0 / 3 / 3 | diverged |"))
            #expect(!markdown.contains("[!WARNING]"))
            let runs = try text("data/runs.csv", in: report)
            #expect(runs.split(separator: "\r\n").count == 7)
            #expect(runs.split(separator: "\r\n").count { $0.contains(",diverged,") } == 3)
        }
    }

    @Test
    func `runs without a result are named in a warning`() throws {
        try withSweep(fields: [.steps: "5"], seeds: "3..5", limit: 0) { store in
            let markdown = try text("report.md", in: write(from: store))

            #expect(markdown.contains("> [!WARNING]"))
            #expect(markdown.contains("3 of 3 planned runs have no result (seeds 3, 4, 5)"))
        }
    }

    @Test
    func `fewer than six seeds get no interval but all their values`() throws {
        try withSweep(fields: [.steps: "50"], seeds: "1..5") { store in
            let report = try write(from: store)

            #expect(try !text("report.md", in: report).contains("| [0."))
            #expect(try text("data/summary.csv", in: report).contains(",,none: fewer than 6 seeds,"))
        }
    }

    @Test
    func `every double of the curves reads back to the notebook's bits`() throws {
        try withSweep(fields: [.lr: "5", .steps: "200"], seeds: "1") { store in
            let lines = try text("data/curves.csv", in: write(from: store)).split(separator: "\r\n").dropFirst()
            let steps = try store.steps(ofRun: 1)

            #expect(lines.count == steps.count)
            for (line, step) in zip(lines, steps) {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                #expect((Double(fields[2]) ?? .infinity) == step.loss)
                #expect(fields[3] == (step.loss.isFinite ? "ok" : "inf"))
                #expect(Double(fields[7]) == step.w)
                #expect(Double(fields[8]) == step.b)
            }
        }
    }

    @Test
    func `a stride keeps the last step and is stated`() throws {
        try withSweep(fields: [.steps: "50"], seeds: "1") { store in
            let report = try write(from: store, stride: 20)

            let lines = try text("data/curves.csv", in: report).split(separator: "\r\n").dropFirst()
            #expect(lines.map { $0.split(separator: ",")[1] } == ["0", "20", "40", "49"])
            #expect(try text("report.md", in: report).contains("one step in 20"))
        }
    }

    @Test
    func `the SQL behind each table runs and finds what the table shows`() throws {
        try withSweep("it's | <b>", fields: [.lr: "0.1,5", .steps: "200"], seeds: "1..4") { store in
            let selection = try ReportSelection(.sweep("it's | <b>"), in: store)
            let data = try ReportData(selection, in: store) { _, _, _ in }
            let queries = ReportQueries(data)
            var answers: [String: [[QueryValue]]] = [:]
            for (table, sql) in queries.all {
                var rows: [[QueryValue]] = []
                try store.query(sql, columns: { _ in }, row: { rows.append($0) })
                answers[table] = rows
            }

            #expect(answers["Completeness"] == [[.text("sgd"), 8, 4, 4, 0, 0].map { $0 }])
            #expect(answers["Leaderboard"]?.count == 2)
            let median = try #require(data.groups[0].losses.median)
            #expect(answers["Leaderboard"]?[0].last == .real(median))
            #expect(answers["Leaderboard"]?[1].last == .null)
            #expect(answers["Divergence"]?.count == 4)
            #expect(answers["Best and worst seed"]?.count == 8)
            #expect(answers.values.allSatisfy { !$0.isEmpty })
            let markdown = try text("report.md", in: write("it's | <b>", from: store))
            #expect(markdown.hasPrefix("# it's \\| &lt;b&gt;\n"))
        }
    }

    @Test
    func `a file in the folder's place is left alone`() throws {
        try withSweep(fields: [.steps: "5"], seeds: "1") { store in
            try Data("mine".utf8).write(to: folder.appending(path: "taken"))

            #expect(throws: ReportError.self) { try write(from: store, to: "taken") }
            #expect(try String(contentsOf: folder.appending(path: "taken"), encoding: .utf8) == "mine")
        }
    }
}

extension QueryValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}
