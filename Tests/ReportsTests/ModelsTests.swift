import Experiments
import Foundation
import TestModels
import Testing
import Theory
import Tracking

@testable import Reports

/// Reports on models of which this module knows nothing but what the notebook says.
@Suite(.timeLimit(.minutes(5)))
final class ModelsTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// A notebook with a sweep of these models, and the report on it.
    private func report(
        _ models: String, _ fields: [RunSetting: String] = [:]
    ) throws -> (store: Store, markdown: String, files: Set<String>) {
        TestModels.register()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let store = try Store.open(
            at: folder.appending(path: "gradbook.db").path, now: { "2026-01-01T00:00:00.000Z" })
        let process = ProcessIdentity(host: "here", pid: 1, started: 1, bootID: "boot")
        let runner = ExperimentRunner(
            store, origin: Provenance(version: "test", gitCommit: nil, command: "test", process: process),
            clock: { 0 })
        let all = fields.merging([.model: models, .lr: "0.01,0.05,1000", .steps: "300", .batchSize: "full"]) { $1 }
        let plan = try SweepPlanner.plan(SearchSpace(fields: all, settings: [], seeds: "1..6"))
        _ = try runner.runSweep(runner.queue(plan, name: "s"), workers: 1)
        try runner.close()
        let target = folder.appending(path: "report", directoryHint: .isDirectory)
        try Report(of: .sweep("s"), in: store).write(to: target)
        let files = try FileManager.default.subpathsOfDirectory(atPath: target.path)
        return (
            store, try String(contentsOf: target.appending(path: "report.md"), encoding: .utf8), Set(files)
        )
    }

    private func data(_ store: Store) throws -> ReportData {
        let selection = try ReportSelection(.sweep("s"), in: store, isAlive: { _ in true })
        var curves = CurvesFile(stride: 1, parameters: selection.parameters) { _ in }
        return try ReportData(selection, in: store, options: ReportOptions(), curves: &curves)
    }

    @Test(arguments: ["series:degree=0", "series:degree=2", "exponential", "quadratic,series:degree=2,exponential"])
    func `every query of a report runs, whatever the models`(models: String) throws {
        let (store, _, _) = try report(models)

        for query in try Report(of: .sweep("s"), in: store).findings().queries.all {
            var count = 0
            try store.query(query.sql, columns: { _ in }, row: { _ in count += 1 })
            #expect(count > 0, "\(query.id)")
        }
    }

    @Test
    func `a surface that the notebook has is reported, without what needs to know the features`() throws {
        let (store, markdown, files) = try report("series:degree=2")

        let runs = try data(store).runs
        #expect(runs.allSatisfy { $0.parameters == ["c0", "c1", "c2"] })
        #expect(runs.filter(\.isDone).allSatisfy { $0.finalExcess.map { $0 > 0 } ?? false })
        let diverged = runs.filter { $0.run.state == .diverged }
        #expect(diverged.count == 6 && diverged.allSatisfy { $0.classification?.cause == .learningRate })
        #expect(markdown.contains("c0 at the minimum"))
        #expect(!markdown.contains("not computed"))
        #expect(files.contains("fig/convergence.svg"))
        #expect(!files.contains("fig/fit.svg") && !files.contains("fig/landscape.svg"))
    }

    @Test
    func `where no surface is known, one line each stands for what needs one`() throws {
        let (store, markdown, files) = try report("exponential")

        #expect(
            markdown.contains("Optimum and curvature are not computed: the model exponential has no known optimum."))
        #expect(
            markdown.contains(
                "## Theory against measurement\n\nnot computed: the model exponential has no known optimum."))
        #expect(markdown.contains("The excess is unknown, so the loss is shown"))
        #expect(files.filter { $0.hasPrefix("fig/") } == ["fig/convergence.svg"])
        #expect(try data(store).runs.allSatisfy { $0.finalExcess == nil && $0.classification == nil })
        let best = try BestConfiguration(ofSweep: "s", by: .value, in: store)
        #expect(best.run.state == .done)
        let error = #expect(throws: ReportError.self) { try BestConfiguration(ofSweep: "s", by: .time, in: store) }
        #expect(error?.code == .nothingToReport)
    }

    @Test
    func `parameters in the units of the file are known of sums of powers only`() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "data.csv")
        let rows = (0..<12).map { "\(Double($0) * 3),\(Double($0 * $0) + 100)" }
        try Data((["x,y"] + rows).joined(separator: "\n").utf8).write(to: file)

        let (_, markdown, _) = try report(
            "series:degree=1", [.data: file.path, .x: "x", .y: "y", .scale: "normalize"])

        #expect(
            markdown.contains(
                "## Fitted parameters\n\nunknown (no closed form): the model series:degree=1 is no sum of powers"))
    }
}
