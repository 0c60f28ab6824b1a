import Foundation
import TestRows
import Testing
import Tracking

@testable import Reports

struct ReportFilesTests {
    static let files =
        ["report.md", "report.html", "provenance.json"]
        + [
            "runs", "curves", "summary", "pairwise", "claims", "budget_curve", "sensitivity", "ecdf", "theory",
            "completeness", "problem", "series", "defaults",
        ].map { "data/\($0).csv" }
        + ["convergence", "ecdf", "landscape", "fit"].map { "fig/\($0).svg" }

    private static let small = Result {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)
        return try notebook.report()
    }

    @Test(arguments: files)
    func `the report of a small sweep is as recorded`(file: String) throws {
        let report = try Self.small.get()

        #expect(Set(report.keys) == Set(Self.files))
        try Snapshots.expect(try #require(report[file]), toEqual: "small/\(file)")
    }

    @Test
    func `the same runs on another day and machine give the same bytes`() throws {
        let first = try SampleNotebook()
        try first.addSweep(.mixed)
        let second = try SampleNotebook(day: "2027-12-31", host: "other", pace: 77)
        try second.addSweep(.mixed)

        #expect(try first.report() == second.report())
        let options = ReportOptions()
        #expect(try first.report(on: .sweep("demo"), options) != second.report(on: .sweep("demo"), options))
    }

    @Test
    func `every number of a step stands in the curves with its bits`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let records = try notebook.records("curves")

        let stored = try notebook.store.runs.all(ofSweep: 1).flatMap { run in
            try notebook.store.steps.all(ofRun: run.id).map { (run.id, $0) }
        }
        #expect(records.map { $0["run_id"] } == stored.map { String($0.0) })
        #expect(records.map { $0["step"] } == stored.map { String($0.1.step) })
        for (column, number) in [
            ("loss", \QuadraticStep.loss), ("w", \.w), ("b", \.b), ("grad_w", \.gradW), ("grad_b", \.gradB),
            ("lr", \.learningRate),
        ] {
            let read = records.map { Double($0[column] ?? "")?.bitPattern }
            #expect(read == stored.map { $0.1[keyPath: number].isFinite ? $0.1[keyPath: number].bitPattern : nil })
        }
        #expect(Set(records.compactMap { $0["loss_status"] }) == ["ok", "inf"])
    }

    @Test
    func `the excess is the view's to the last bit`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let excesses = try notebook.records("curves").map { SQLValue.real(Double($0["excess"] ?? "") ?? .nan) }

        let stored = try notebook.query("SELECT excess FROM excess ORDER BY run_id, step").map { $0["excess"] }
        #expect(excesses == stored)
    }

    @Test
    func `a step's norm is the length of its update, the last one's leads to the final parameters`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(stepCount: 4)])

        let norms = try notebook.records("curves").map { Double($0["step_norm"] ?? "") ?? -1 }

        let first = 1.1 * 0.5 * (1 + 1.0 / 16).squareRoot()
        for (norm, expected) in zip(norms, [first, first / 2, first / 4, first / 8]) {
            #expect(abs(norm - expected) < 1e-15)
        }
        #expect(norms.count == 4)
    }

    @Test
    func `a run that a rule stopped did not move after its last step`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(stoppedAfter: 5)])

        let records = try notebook.records("curves")

        #expect(records.map { $0["step"] } == ["0", "1", "2", "3", "4"])
        #expect(records.last?["step_norm"] == "0")
    }

    @Test
    func `a run that diverged has no update after its bad step`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(ending: .diverged(at: 5))])

        let records = try notebook.records("curves")

        #expect(records.last?["step"] == "5")
        #expect(records.last?["step_norm"] == "")
        #expect(records.last?["loss"] == "")
    }

    @Test(arguments: [(1, Array(0..<24)), (5, [0, 5, 10, 15, 20, 23]), (23, [0, 23]), (100, [0, 23])])
    func `thinned curves keep the last step`(stride: Int, steps: [Int]) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let options = ReportOptions(stride: stride, isReproducible: true)

        let records = try notebook.records("curves", options)

        #expect(records.map { $0["step"] } == steps.map(String.init))
        let markdown = String(
            decoding: try notebook.report(on: .sweep("demo"), options)["report.md"] ?? [], as: UTF8.self)
        #expect(markdown.contains("one step in \(stride) ") == (stride > 1))
    }

    @Test
    func `statistics do not depend on how curves are thinned`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let all = try notebook.report(on: .sweep("demo"), ReportOptions(stride: 1, isReproducible: true))
        let some = try notebook.report(on: .sweep("demo"), ReportOptions(stride: 7, isReproducible: true))

        #expect(all["data/summary.csv"] == some["data/summary.csv"])
        #expect(all["data/runs.csv"] == some["data/runs.csv"])
        #expect(all["data/curves.csv"] != some["data/curves.csv"])
    }

    @Test
    func `every planned run has its row, with or without a result`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([
            SampleRun(seed: 1), SampleRun(seed: 2, ending: .diverged(at: 3)), SampleRun(seed: 3, ending: .failed),
            SampleRun(seed: 4, ending: .running), SampleRun(seed: 5, ending: .queued),
        ])

        let records = try notebook.records("runs")

        #expect(records.map { $0["state"] } == ["done", "diverged", "failed", "running", "queued"])
        #expect(records.map { $0["diverged_step"] } == ["", "3", "", "", ""])
        #expect(records.map { $0["bad_kind"] } == ["", "loss is inf", "disk | full", "", ""])
        #expect(records.map { $0["loss_final"]?.isEmpty } == [false, true, true, true, true])
        #expect(records.map { $0["trajectory_sha256"]?.count } == [64, 64, 64, 64, 0])
        #expect(records.map { $0["seed"] } == ["1", "2", "3", "4", "5"])
    }

    @Test
    func `final losses and excesses read back to the notebook's bits`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let records = try notebook.records("runs")

        let stored = try notebook.store.runs.all(ofSweep: 1)
        #expect(records.map { Double($0["loss_final"] ?? "") } == stored.map { $0.state == .done ? $0.finalLoss : nil })
        let data = try notebook.data()
        #expect(records.map { Double($0["excess_final"] ?? "") } == data.runs.map(\.finalExcess))
    }

    @Test(arguments: [(24, "2", 36), (5, "2", 8), (24, "full", 72), (24, "1", 24)])
    func `an epoch's last batch counts with its own size`(steps: Int, batchSize: String, samples: Int) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(batchSize: batchSize, stepCount: steps)])

        #expect(try notebook.records("runs")[0]["samples_used"] == String(samples))
    }

    @Test
    func `samples are not counted where a step computes more than one gradient`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(optimizer: "lbfgs")])

        #expect(try notebook.records("runs")[0]["samples_used"] == "")
    }

    @Test
    func `wall time is left out of a reproducible report`() throws {
        let notebook = try SampleNotebook(pace: 1_000_000)
        try notebook.addSweep([SampleRun()])

        #expect(try notebook.records("runs")[0]["wall_s"] == "0.023")
        #expect(try notebook.records("runs", ReportOptions(isReproducible: true))[0]["wall_s"] == "")
    }

    @Test
    func `equal trajectories have equal sums, whatever their seeds`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([
            SampleRun(seed: 1, start: 1), SampleRun(seed: 2, start: 1), SampleRun(seed: 3, start: 1.5),
        ])

        let sums = try notebook.records("runs").map { $0["trajectory_sha256"] }

        #expect(sums[0] == sums[1])
        #expect(sums[0] != sums[2])
    }
}
