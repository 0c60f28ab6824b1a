import Foundation
import Reports
import Tracking

/// A sweep's best configuration, for a person or for a program.
struct BestText: Encodable {
    private let sweep: String
    private let by: String
    private let value: Double
    /// What `ert` counts as a success; nil where nothing is counted.
    private let target: String?
    private let settings: String
    private let configID: String
    private let seeds: Int
    private let done: Int
    private let diverged: Int
    private let runID: Int64
    private let seed: Int64
    private let finalLoss: Double?

    init(_ best: BestConfiguration, sweep: String, by criterion: BestConfiguration.Criterion) {
        self.sweep = sweep
        by = criterion.rawValue
        value = best.value
        target = criterion == .expectedRunningTime ? best.target : nil
        settings = best.settings
        configID = best.run.plan.configID
        seeds = best.seedCount
        done = best.doneCount
        diverged = best.divergedCount
        runID = best.run.id
        seed = best.run.plan.seed
        finalLoss = best.run.finalLoss.flatMap { $0.isFinite ? $0 : nil }
    }

    func text(_ format: ResultFormat) -> String {
        switch format {
        case .json: json
        case .table: lines
        }
    }

    private var json: String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private var lines: String {
        let statistic =
            switch by {
            case "ert": "expected steps to \(target ?? "the target")  \(value)"
            case "excess": "median log10 excess  \(value)"
            default: "median final loss  \(value)"
            }
        return """
            \(sweep): \(settings)
            \(statistic)
            seeds  \(seeds), of which \(done) done and \(diverged) diverged
            best run  \(runID), seed \(seed), final loss \(finalLoss.map { "\($0)" } ?? "not finite")
            """
    }
}
