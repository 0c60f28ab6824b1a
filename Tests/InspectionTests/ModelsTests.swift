import Experiments
import Foundation
import TestModels
import Testing
import Theory
import Tracking

@testable import Inspection

/// Pages, comparisons and diagnoses of models of which this module knows nothing but what the notebook says.
@Suite(.timeLimit(.minutes(5)))
final class ModelsTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
    private let store: Store
    private let runs: [Run]

    /// One run per model and learning rate, of which the last one diverges where there is an edge.
    init() throws {
        TestModels.register()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store.open(
            at: folder.appending(path: "gradbook.db").path, now: { "2026-01-01T00:00:00.000Z" })
        let process = ProcessIdentity(host: "here", pid: 1, started: 1, bootID: "boot")
        let runner = ExperimentRunner(
            store, origin: Provenance(version: "test", gitCommit: nil, command: "test", process: process),
            clock: { 0 })
        let fields: [RunSetting: String] = [
            .model: "series:degree=0,series:degree=2,exponential", .lr: "0.01,50", .steps: "200", .batchSize: "full",
        ]
        let plan = try SweepPlanner.plan(SearchSpace(fields: fields, settings: [], seeds: "1"))
        let sweep = try runner.queue(plan, name: "s")
        _ = try runner.runSweep(sweep, workers: 1)
        try runner.close()
        runs = try store.runs.all(ofSweep: sweep)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func names(_ run: Run) throws -> [String] { try store.steps.schema(ofRun: run.id).parameters }

    @Test
    func `a run without a known surface has an unknown cause, in one line`() throws {
        for run in runs where run.plan.model == "exponential" {
            let diagnosis = try Diagnosis(run, in: store)

            #expect(diagnosis.cause == .unknown)
            #expect(diagnosis.findings.isEmpty)
            #expect(
                diagnosis.text(width: 80)
                    == "run \(run.id): UNKNOWN\nnot computed: the model exponential has no known optimum")
        }
    }

    @Test
    func `a surface of any number of parameters has a cause, and queries that show its claims`() throws {
        for run in runs where run.plan.model != "exponential" {
            let diagnosis = try Diagnosis(run, in: store)

            #expect(diagnosis.cause == (run.state == .diverged ? .learningRate : .notConverged), "\(diagnosis)")
            for finding in diagnosis.findings {
                var rows: [[SQLValue]] = []
                try store.query(finding.query, columns: { _ in }, row: { rows.append($0) })
                guard let value = finding.value else { continue }
                let shown: Double? =
                    switch rows.first?.first {
                    case .real(let number): number
                    case .integer(let number): Double(number)
                    default: nil
                    }
                #expect(abs(try #require(shown) - value) <= 1e-6 * abs(value) + 1e-14, "\(finding): \(rows)")
            }
        }
    }

    @Test
    func `the page of a run has its model's parameters`() throws {
        for run in runs {
            let page = try RunPage(run, in: store) { _ in true }

            let text = page.text(ListingStyle(.table, width: 80))
            for name in try names(run) {
                #expect(text.contains("\n\(name) "), "\(text)")
                #expect(page.listing.columns.contains("final_\(name)"))
            }
        }
    }

    @Test
    func `runs of different models are compared by what they share`() throws {
        let done = runs.filter { $0.state == .done }
        let comparison = try RunComparison(done, in: store, isAlive: { _ in true }, comparingSeeds: { _ in nil })

        for line in comparison.lines where line.name == "c1" || line.name == "k" || line.name == "final_excess" {
            #expect(line.values.contains(.null))
        }
        let names = comparison.lines.map(\.name)
        #expect(names.contains("c0") && names.contains("c2") && names.contains("k"))
        #expect(comparison.text(ListingStyle(.table, width: 80)).contains("final_loss"))
    }

    @Test
    func `runs of different models differ first in what both have`() throws {
        let (one, other) = (try #require(runs.first), try #require(runs.last))

        let difference = try RunDifference(one, other, in: store)

        #expect(difference.step == 0)
        #expect(difference.differences.map(\.column) == ["learning_rate", "loss"])
    }

    @Test
    func `a sweep of several models is watched, and its steps are listed together`() throws {
        let id = try #require(runs[0].sweepID)
        let view = try SweepView(of: store.sweeps.find(id: id), best: runs[0], in: store)
        #expect(view.text(width: 80).contains("best configuration so far: middle run "))

        var bytes: [UInt8] = []
        try StepListing.write(runs, in: store, style: ListingStyle(.csv)) { bytes += $0 }
        let header = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self).split(separator: ",")
        #expect(header.contains("c0") && header.contains("grad_c2") && header.contains("k"))
    }
}
