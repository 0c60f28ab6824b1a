import Foundation
import TestRows
import TestSupport
import Testing
import TextFormats
import Tracking

@testable import Reports

/// A notebook made by hand in a folder of its own, which goes away with this object.
final class SampleNotebook {
    let folder: URL
    let store: Store
    private let provenance: Provenance
    /// Nanoseconds that a step takes.
    private let pace: Int
    private var datasetID: Int64 = 0

    /// `day` and `host` are what differs when the same runs are recorded elsewhere.
    init(day: String = "2026-01-02", host: String = "bench", pace: Int = 1000, dataset: Dataset = .line()) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store.open(at: folder.appending(path: "gradbook.db").path, now: { "\(day)T03:04:05Z" })
        provenance = Provenance(
            version: "1.2.3", gitCommit: nil, command: "gradbook sweep demo --lr 0.1,5",
            process: ProcessIdentity(host: host, pid: 4711, started: 99, bootID: "boot"))
        self.pace = pace
        datasetID = try store.datasets.add(dataset)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Plans a sweep of `runs` and records those that are to end; `steps` gives them other rows
    /// than their own, and one more for the final parameters.
    func addSweep(
        _ runs: [SampleRun], named name: String = "demo", target: String? = nil,
        steps: ((SampleRun) -> [QuadraticStep])? = nil
    ) throws {
        let plans = runs.map { $0.plan(dataset: datasetID) }
        let sweep = try store.sweeps.create(
            SweepPlan(name: name, searchSpace: "{}", sampler: "grid", target: target), runs: plans,
            provenance: provenance)
        for run in runs {
            guard run.ending != .queued else { continue }
            let claimed = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: provenance))
            try record(run, as: claimed, steps: steps?(run))
        }
    }

    /// Records one run outside of any sweep.
    func addRun(_ run: SampleRun) throws -> Int64 {
        let id = try store.runs.add(run.plan(dataset: datasetID), provenance: provenance)
        try record(run, as: store.runs.start(id, as: provenance))
        return id
    }

    /// How the program types options.
    static let spelling: OptionSpelling = { "--\($0)" }

    /// The files of a report by their paths in its folder.
    func report(
        on subject: ReportSubject = .sweep("demo"), _ options: ReportOptions = ReportOptions(isReproducible: true),
        isAlive: @escaping (ProcessIdentity) -> Bool? = { _ in true }
    ) throws -> [String: [UInt8]] {
        let target = folder.appending(path: "report-\(UUID().uuidString)", directoryHint: .isDirectory)
        try Report(of: subject, in: store, options: options, spelling: Self.spelling, isAlive: isAlive)
            .write(to: target)
        let names = try FileManager.default.subpathsOfDirectory(atPath: target.path).filter { $0.contains(".") }
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, [UInt8](try Data(contentsOf: target.appending(path: $0)))) })
    }

    func markdown(
        on subject: ReportSubject = .sweep("demo"), isAlive: @escaping (ProcessIdentity) -> Bool? = { _ in true }
    ) throws -> String {
        String(
            decoding: try #require(
                try report(on: subject, ReportOptions(isReproducible: true), isAlive: isAlive)["report.md"]),
            as: UTF8.self)
    }

    func records(_ file: String, _ options: ReportOptions = ReportOptions()) throws -> [[String: String]] {
        CSVReader.records(try #require(try report(on: .sweep("demo"), options)["data/\(file).csv"]))
    }

    /// What the report's sections are made of.
    func data(
        on subject: ReportSubject = .sweep("demo"), _ options: ReportOptions = ReportOptions()
    ) throws -> ReportData {
        let selection = try ReportSelection(subject, in: store, isAlive: { _ in true })
        var curves = CurvesFile(stride: 1, parameters: selection.parameters) { _ in }
        return try ReportData(selection, in: store, options: options, curves: &curves)
    }

    /// Everything that the report says.
    func findings(
        on subject: ReportSubject = .sweep("demo"), _ options: ReportOptions = ReportOptions()
    ) throws -> Findings {
        try Report(of: subject, in: store, options: options, spelling: Self.spelling).findings()
    }

    /// The rows of a query of the report.
    func rows(_ id: ReportQuery.ID, of findings: Findings) throws -> [[String: SQLValue]] {
        try query(#require(findings.queries[id], "no query \(id.rawValue)").sql)
    }

    /// A query's rows by the names of their columns.
    func query(_ sql: String) throws -> [[String: SQLValue]] {
        var columns: [String] = []
        var rows: [[String: SQLValue]] = []
        try store.query(
            sql, columns: { columns = $0 },
            row: { rows.append(Dictionary(zip(columns, $0)) { first, _ in first }) })
        return rows
    }

    private func record(_ run: SampleRun, as claimed: Run, steps: [QuadraticStep]? = nil) throws {
        let writer = store.steps.makeWriter()
        let rows = steps.map { Array($0.dropLast()) } ?? run.steps(pace: pace)
        try writer.append(rows, to: claimed)
        if let outcome = run.outcome(endingAt: steps?.last.map { ($0.w, $0.b) }) {
            try writer.finish(claimed.id, attempt: claimed.attempt, outcome: outcome)
        }
        try writer.close()
    }
}

extension Dataset {
    /// x = -1, 0, 1 against y = 5, 2, 5.5: the least-squares answer is w = 3.25, b = 2 with a loss of 1/24.
    static func line(xDivisor: Double = 1, yDivisor: Double = 1, yOffset: Double = 0) -> Dataset {
        Dataset(
            contentHash: "line", kind: "csv", source: "somewhere/line.csv", xColumn: "x", yColumn: "y|<b>",
            x: [-1, 0, 1], y: [5, 2, 5.5], xDivisor: xDivisor, yDivisor: yDivisor, yOffset: yOffset,
            optimum: Optimum(w: 3.25, b: 2, loss: 0.125 / 3), hessian: Hessian(ww: 4.0 / 3, wb: 4.0 / 3, bb: 2))
    }
}
