import Experiments
import Foundation
import Testing
import Tracking

@testable import Reports

/// Reports on sweeps that were really trained, from plan to files.
@Suite(.timeLimit(.minutes(5)))
struct SweepReportTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")

    /// Runs a sweep of that name and passes its store to `body`; `limit` stops it after so many runs.
    private func withSweep(
        _ name: String = "s", fields: [RunSetting: String], seeds: String, limit: Int? = nil,
        _ body: (Store) throws -> Void
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store.open(
            at: folder.appending(path: "gradbook.db").path, now: { "2026-01-01T00:00:00.000Z" })
        let origin = Provenance(
            version: "test", gitCommit: nil, command: "gradbook sweep s",
            process: ProcessIdentity(host: "here", pid: 1, started: 1, bootID: "boot"))
        let runner = ExperimentRunner(store, origin: origin, clock: { 0 })
        let plan = try SweepPlanner.plan(SearchSpace(fields: fields, settings: [], seeds: seeds))
        let sweep = try runner.queue(plan, name: name)
        if limit == nil { _ = try runner.runSweep(sweep, workers: 2) }
        try runner.close()
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

            for name in ReportFilesTests.files {
                #expect(try text(name, in: first) == text(name, in: second))
            }
        }
    }

    @Test
    func `diverged runs are counted, ranked last and never dropped`() throws {
        try withSweep(fields: [.lr: "0.1,5", .steps: "200"], seeds: "1..3") { store in
            let report = try write(from: store)

            let markdown = try text("report.md", in: report)
            #expect(markdown.contains("| sgd | 6 | 3 | 3 | 0 | 0 | 0 |"))
            #expect(markdown.contains("| 1-2 | 0.1 | 3 / 0 / 0 / 3 |"))
            #expect(markdown.contains("| 1-2 | 5 | 0 / 3 / 0 / 3 | diverged |"))
            #expect(!markdown.contains("[!WARNING]"))
            let runs = try text("data/runs.csv", in: report)
            #expect(runs.split(separator: "\n").count == 7)
            #expect(runs.split(separator: "\n").count { $0.contains(",diverged,") } == 3)
        }
    }

    @Test
    func `runs without a result are named in a warning`() throws {
        try withSweep(fields: [.steps: "5"], seeds: "3..5", limit: 0) { store in
            let markdown = try text("report.md", in: write(from: store))

            #expect(markdown.contains("> [!WARNING]"))
            #expect(markdown.contains("Of 3 planned runs, these have no result: sgd: 3 (seeds 3, 4, 5)."))
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
}
