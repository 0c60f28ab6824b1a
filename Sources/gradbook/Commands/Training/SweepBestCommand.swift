import ArgumentParser
import Experiments
import Foundation
import Inspection
import Reports
import TextFormats
import Tracking

/// `gradbook sweep best NAME`: the configuration that did best.
struct SweepBestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "best",
        abstract: "Name a sweep's best configuration, and export it to be run again.",
        discussion: """
            Configurations are compared over their seeds, on the runs that have ended; a run that diverged or failed \
            ranks behind every other. final_loss and excess go by the median, ert by the expected running time to the \
            target. The exported file is the whole configuration of the best seed, and gradbook run --config FILE \
            computes the same bits.

            Examples:
              gradbook sweep best chapter
              gradbook sweep best chapter --by ert --success excess=1e-3 --export best.json
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @Option(help: ArgumentHelp("What is compared.", valueName: "criterion"))
    var by = BestConfiguration.Criterion.finalLoss
    @Option(
        help: ArgumentHelp(
            """
            What ert counts as a success: excess=1e-6, excess=1% (of the smallest loss) or loss=1e-3, above 0. (default: the \
            sweep's own)
            """, valueName: "condition"))
    var success: String?
    @Option(
        help: ArgumentHelp("Write the configuration as JSON.", valueName: "file.json"),
        completion: .file(extensions: ["json"]))
    var export: String?
    @Option(name: .customLong("target"), help: ArgumentHelp(visibility: .hidden))
    var formerSuccess: String?
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let best = try BestConfiguration(
            ofSweep: name, by: by, target: (success ?? formerSuccess).map { try ReportTarget(text: $0) },
            in: database.openForReading())
        if let export { try write(best.run.plan.config, to: export) }
        var printer = ResultPrinter(listing.format)
        try printer.print(BestText(best, sweep: name, by: by))
    }

    private func write(_ configuration: String, to path: String) throws {
        do {
            try Data("\(configuration)\n".utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw ExperimentError(
                .unwritableFile, about: "\(option: "export")",
                "'\(path)' cannot be written: \(error.localizedDescription)")
        }
    }
}

extension BestConfiguration.Criterion: ExpressibleByArgument {}

/// A sweep's best configuration, for a person or for a program.
private struct BestText: ResultPage {
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
