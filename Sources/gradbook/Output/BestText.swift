import Inspection
import Reports
import TextFormats
import Tracking

/// A sweep's best configuration, for a person or for a program.
struct BestText: ResultPage {
    private let sweep: String
    private let by: String
    private let value: Double
    /// What `ert` counts as a success; nil where nothing is counted.
    private let target: String?
    private let settings: String
    private let groupID: String
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
        groupID = best.run.plan.groupID
        seeds = best.seedCount
        done = best.doneCount
        diverged = best.divergedCount
        runID = best.run.id
        seed = best.run.plan.seed
        finalLoss = best.run.finalLoss.flatMap { $0.isFinite ? $0 : nil }
    }

    var row: [(column: String, value: SQLValue)] {
        [
            ("sweep", .text(sweep)), ("by", .text(by)), ("value", .real(value)), ("target", .optional(target)),
            ("settings", .text(settings)), ("group_id", .text(groupID)), ("seeds", .integer(Int64(seeds))),
            ("done", .integer(Int64(done))), ("diverged", .integer(Int64(diverged))), ("run_id", .integer(runID)),
            ("seed", .integer(seed)), ("final_loss", .optional(finalLoss)),
        ]
    }

    func text(width: Int) -> String {
        lines.split(separator: "\n").map { WrappedText.paragraph(String($0), width: width) }.joined(separator: "\n")
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
