import Experiments
import Foundation
import Learning
import TestRows
import Testing
import TextFormats
import Theory
import Tracking

@testable import Inspection
@testable import Reports

/// A run with a known cause, made to be recognized.
struct LabelledRun: Sendable, CustomTestStringConvertible {
    let expected: Set<Cause>
    var fields: [RunSetting: String]
    var settings: [String] = []
    /// Times the edge that the method has by the textbook, instead of a learning rate.
    var edgeFactor: Double?

    var testDescription: String {
        let shown = fields.sorted { $0.key.name < $1.key.name }.map { "\($0.key)=\($0.value)" }
        return "\(expected.map(\.rawValue).sorted()) \(shown) \(settings) \(edgeFactor.map { "\($0)" } ?? "")"
    }

    /// 0.1 % above and below the edge of each method, on several losses.
    static let edges: [LabelledRun] = [
        (["momentum=0"], "mse"), (["momentum=0"], "half-sum"), (["momentum=0.5"], "mse"),
        (["momentum=0.9"], "half-mean"),
        (["momentum=0.99"], "mse"), (["momentum=0.5", "nesterov=true"], "mse"),
        (["momentum=0.9", "nesterov=true"], "half-sum"), (["momentum=0.95", "nesterov=true"], "half-mean"),
    ].flatMap { settings, loss in
        let fields: [RunSetting: String] = [.batchSize: "full", .loss: loss, .steps: "700", .seed: "11"]
        return [
            LabelledRun(expected: [.learningRate], fields: fields, settings: settings, edgeFactor: 1.001),
            LabelledRun(
                expected: [.oscillation, .transient], fields: fields, settings: settings, edgeFactor: 0.999),
        ]
    }

    static let courses: [LabelledRun] = [
        LabelledRun(expected: [.learningRate], fields: [.batchSize: "full", .lr: "5", .dtype: "float32"]),
        LabelledRun(expected: [.learningRate], fields: [.batchSize: "7", .lr: "1.5"]),
        LabelledRun(expected: [.noise], fields: [.batchSize: "1"], edgeFactor: 0.97),
        LabelledRun(expected: [.noise], fields: [.batchSize: "1", .sampling: "iid", .seed: "4"], edgeFactor: 0.95),
        LabelledRun(expected: [.noiseFloor], fields: [.batchSize: "1", .lr: "0.03", .steps: "3000"]),
        LabelledRun(expected: [.noiseFloor], fields: [.batchSize: "1", .lr: "0.1", .steps: "2000", .sampling: "iid"]),
        LabelledRun(
            expected: [.noiseFloor], fields: [.batchSize: "5", .optimizer: "adam", .lr: "0.1", .steps: "2000"]),
        LabelledRun(
            expected: [.notConverged],
            fields: [.batchSize: "full", .lr: "0.1", .steps: "600", .initialization: "w=1e5,b=1e5"]),
        LabelledRun(
            expected: [.notConverged],
            fields: [.optimizer: "adam", .lr: "0.0005", .batchSize: "10", .steps: "2000"]),
        LabelledRun(
            expected: [.notConverged],
            fields: [.optimizer: "rmsprop", .lr: "0.0005", .batchSize: "1", .steps: "2000"]),
        LabelledRun(expected: [.plateau], fields: [.batchSize: "full", .lr: "1e-7"]),
        LabelledRun(expected: [.plateau], fields: [.batchSize: "4", .lr: "1e-6"]),
        LabelledRun(expected: [.plateau], fields: [.batchSize: "full", .schedule: "exponential:gamma=0.8"]),
        LabelledRun(expected: [.plateau], fields: [.optimizer: "adadelta", .lr: "1e-3", .batchSize: "full"]),
        LabelledRun(expected: [.notConverged], fields: [.batchSize: "full", .lr: "0.01", .steps: "200"]),
        LabelledRun(
            expected: [.notConverged], fields: [.optimizer: "adam", .lr: "0.01", .batchSize: "full", .steps: "200"]),
        LabelledRun(expected: [.converged], fields: [.batchSize: "full", .lr: "0.4", .steps: "600"]),
        LabelledRun(expected: [.converged], fields: [.optimizer: "lbfgs", .lr: "1", .batchSize: "full", .steps: "9"]),
        LabelledRun(expected: [.overflow], fields: [.batchSize: "full", .initialization: "w=1e155,b=0"]),
        LabelledRun(
            expected: [.overflow], fields: [.batchSize: "full", .initialization: "w=1,b=1e19", .dtype: "float32"]),
        LabelledRun(expected: [.overflow], fields: [.optimizer: "adam", .lr: "1e200"]),
        LabelledRun(
            expected: [.transient], fields: [.batchSize: "full", .lr: "1.7", .steps: "3000"],
            settings: ["momentum=0.99"]),
        LabelledRun(
            expected: [.transient], fields: [.batchSize: "full", .lr: "1.6", .steps: "2000"],
            settings: ["momentum=0.99"]),
        LabelledRun(
            expected: [.noiseFloor], fields: [.batchSize: "4", .lr: "0.045", .steps: "2500"], settings: ["momentum=0.9"]
        ),
        LabelledRun(
            expected: [.converged], fields: [.batchSize: "full", .lr: "0.1", .steps: "1500", .noise: "0"],
            settings: ["momentum=0.9"]),
        LabelledRun(expected: [.notConverged], fields: [.batchSize: "full", .lr: "0.01", .steps: "150"]),
        LabelledRun(
            expected: [.noise], fields: [.batchSize: "1", .steps: "2000"], settings: ["momentum=0.9"], edgeFactor: 0.9),
        LabelledRun(
            expected: [.noise], fields: [.batchSize: "1", .steps: "3000", .dtype: "float32"],
            settings: ["momentum=0.9", "nesterov=true"], edgeFactor: 0.9),
        LabelledRun(expected: [.overflow], fields: [.batchSize: "5", .initialization: "w=1e155,b=0"]),
        LabelledRun(expected: [.learningRate], fields: [.data: "far.csv", .batchSize: "full", .lr: "9"]),
        LabelledRun(expected: [.learningRate], fields: [.batchSize: "5", .lr: "4"], settings: ["momentum=0.9"]),
        LabelledRun(expected: [.outlier], fields: [.data: "far.csv", .batchSize: "full", .lr: "0.1"]),
        LabelledRun(expected: [.outlier], fields: [.data: "far.csv", .batchSize: "3", .lr: "0.05"]),
        LabelledRun(expected: [.outlier], fields: [.data: "high.csv", .batchSize: "full", .lr: "0.3"]),
        LabelledRun(expected: [.outlier], fields: [.data: "few.csv", .batchSize: "full", .lr: "0.3", .steps: "3000"]),
        LabelledRun(
            expected: [.converged], fields: [.data: "fine.csv", .batchSize: "full", .lr: "0.4", .steps: "5000"]),
        LabelledRun(expected: [.outlier], fields: [.data: "high.csv", .optimizer: "adam", .lr: "0.1"]),
    ]
}

/// Causes of runs against labels, and claims against their queries.
@Suite(.timeLimit(.minutes(5)))
final class DiagnosisTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
    private let store: Store

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store.open(
            at: folder.appending(path: "gradbook.db").path, now: { "2026-01-01T00:00:00.000Z" })
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Samples of 2x^2 + 1, in all but one of the files with one of them spoiled.
    private func writeData(_ name: String) throws -> String {
        let isShort = ["few.csv", "fine.csv"].contains(name)
        let rows = (0..<(isShort ? 10 : 30)).map { index in
            let x = index == 13 && name == "far.csv" ? 20 : Double(index) / (isShort ? 5 : 15) - 1
            let isHigh = name == "high.csv" && index == 13 || name == "few.csv" && index == 6
            let y = isHigh ? 300 : 2 * x * x + 1 + 0.1 * Double(index * 7 % 5)
            return "\(x),\(y)"
        }
        let path = folder.appending(path: name).path
        try Data((["x,y"] + rows).joined(separator: "\n").utf8).write(to: URL(filePath: path))
        return path
    }

    private func record(_ labelled: LabelledRun) throws -> Run {
        var fields: [RunSetting: String] = labelled.fields
        if let name = fields[.data] {
            fields.merge([.data: try writeData(name), .x: "x", .y: "y"]) { $1 }
        } else {
            fields.merge([.samples: "64", .noise: "0.4", .dataSeed: "31"]) { given, _ in given }
        }
        if let factor = labelled.edgeFactor {
            fields[.lr] = "\(factor * edge(fields[.loss] ?? "mse", labelled.settings))"
        }
        var parser = SettingsParser()
        let run = try parser.parse(RawSettings(fields: fields, assignments: labelled.settings))
        let runner = runner
        let id = try runner.record(run).id
        try runner.close()
        return try store.runs.find(id: id)
    }

    /// The run as a report sees it.
    private func reported(_ run: Run) throws -> ReportedRun? {
        let selection = try ReportSelection(.runs([run.id]), in: store) { _ in true }
        var curves = CurvesFile(stride: 1, parameters: selection.parameters) { _ in }
        return try ReportData(selection, in: store, options: ReportOptions(), curves: &curves).runs.first
    }

    private var runner: ExperimentRunner {
        let process = ProcessIdentity(host: "here", pid: 1, started: 1, bootID: "boot")
        return ExperimentRunner(
            store, origin: Provenance(version: "test", gitCommit: nil, command: "test", process: process),
            clock: { 0 })
    }

    /// The largest stable learning rate on 64 samples, from the sums of x^2 and x^4 alone.
    private func edge(_ loss: String, _ settings: [String]) -> Double {
        let x = (0..<64).map { -1 + 2 * Double($0) / 63 }
        let (second, fourth) = (x.reduce(0) { $0 + $1 * $1 }, x.reduce(0) { $0 + $1 * $1 * $1 * $1 })
        let scale = loss == "half-sum" ? 1 : loss == "mse" ? 2.0 / 64 : 1.0 / 64
        let (mean, half) = ((fourth + 64) / 2, (fourth - 64) / 2)
        let largest = scale * (mean + (half * half + second * second).squareRoot())
        let momentum = settings.first.flatMap { Double($0.dropFirst("momentum=".count)) } ?? 0
        let heavyBall = 2 * (1 + momentum)
        return (settings.count == 2 ? heavyBall / (1 + 2 * momentum) : heavyBall) / largest
    }

    @Test(arguments: LabelledRun.edges + LabelledRun.courses)
    func `a run's cause is recognized, and every claim has a query that shows it`(labelled: LabelledRun) throws {
        let run = try record(labelled)
        let diagnosis = try Diagnosis(run, in: store)

        #expect(try reported(run)?.classification == diagnosis.classification)
        #expect(labelled.expected.contains(diagnosis.cause), "\(diagnosis.cause): \(diagnosis.sentence)")
        #expect(diagnosis.findings.count > 2)
        for finding in diagnosis.findings {
            let numbers = finding.query.matches(of: /[0-9]+\.[0-9]{4,}(?![0-9]*e)/).map { String($0.output) }
            #expect(numbers.isEmpty, "the query has numbers that stand in tables: \(finding.query)")
            var rows: [[SQLValue]] = []
            try store.query(finding.query, columns: { _ in }, row: { rows.append($0) })
            guard let value = finding.value else { continue }
            let shown: Double? =
                switch rows.first?.first {
                case .real(let number): number
                case .integer(let number): Double(number)
                default: nil
                }
            // Numbers that are nothing but rounding errors are others when they are computed in another order.
            #expect(abs(try #require(shown) - value) <= 1e-6 * abs(value) + 1e-14, "\(finding): \(rows)")
        }
    }

    @Test(arguments: LabelledRun.edges + LabelledRun.courses)
    func `a remedy that is a command does what it says`(labelled: LabelledRun) throws {
        let run = try record(labelled)
        let diagnosis = try Diagnosis(run, in: store)
        let remedy = try #require(diagnosis.remedy)
        guard let command = remedy.command?.spelled({ "--\($0)" }) else { return }

        let words = command.split(separator: " ").map(String.init)
        switch words[1] {
        case "fork":
            let runner = runner
            let step = try #require(words.last.flatMap { Int($0) })
            let fork = try runner.fork(run, at: step, changes: Array(words[3...].dropLast(2)))
            let id = try runner.record(fork.run, parent: run.id).id
            try runner.close()
            let better = try store.runs.find(id: id)
            let before = run.state == .done ? run.finalLoss ?? .infinity : .infinity
            #expect(better.state == .done, "\(command)")
            #expect(try #require(better.finalLoss) <= before * (1 + 1e-9), "\(command)")
        case "query":
            let query = String(try #require(command.split(separator: "'").dropFirst().first))
            var rows: [[SQLValue]] = []
            try store.query(query, columns: { _ in }, row: { rows.append($0) })
            #expect(rows.count == 1)
        default: #expect(["verify", "run"].contains(words[1]))
        }
    }

    @Test(arguments: [(1.001, Cause.learningRate), (0.999, .oscillation)])
    func `a fork is compared with the edge of its own learning rate`(factor: Double, cause: Cause) throws {
        let parent = try record(LabelledRun(expected: [], fields: [.batchSize: "full", .lr: "0.1", .steps: "700"]))
        let rate = factor * edge("mse", ["momentum=0"])
        let runner = runner
        let fork = try runner.fork(parent, at: 5, changes: ["lr=\(rate)"])
        let id = try runner.record(fork.run, parent: parent.id).id
        try runner.close()

        let run = try store.runs.find(id: id)
        let diagnosis = try Diagnosis(run, in: store)
        #expect(diagnosis.cause == cause)
        #expect(try reported(run)?.classification == diagnosis.classification)
    }

    @Test(arguments: [(1, 0.7726), (2, 0.8468), (5, 0.8769), (10, 0.8834), (50, 0.8873)])
    func `independent batches are mean-square stable up to the known learning rate`(batch: Int, rate: Double) throws {
        let run = try record(
            LabelledRun(expected: [], fields: [.steps: "1", .samples: "100", .noise: "0.2", .dataSeed: "100"]))
        let objective = try #require(Objective(store.datasets.find(id: run.trainingData), of: run.plan))

        let growth = try [rate - 1e-4, rate + 1e-4].map {
            try #require(MeanSquareMap(on: objective, learningRate: $0, batchSize: batch, replaces: true)).growth
        }

        #expect(growth[0] < 1 && growth[1] > 1, "\(growth)")
    }
}
