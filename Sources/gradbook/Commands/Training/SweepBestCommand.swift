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
            The same choice as in the sweep's report. From 9 seeds on each optimizer's configuration is chosen on the first \
            quarter of them, by the fewest failures, then by the mean logarithm; the others rank the optimizers. A run that \
            diverged, failed or ended higher than it began is a failure. Compared are the values at the end, or the steps until \
            a target is held if one was planned with the sweep or is given. The exported file is the whole configuration of \
            the middle run, and gradbook run --config FILE computes the same bits.

            Examples:
              gradbook sweep best chapter
              gradbook sweep best chapter --by time --success excess=1e-3 --export best.json
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @Option(help: ArgumentHelp("What is compared: value or time. (default: see above)", valueName: "criterion"))
    var by: BestConfiguration.Criterion?
    @Option(
        help: ArgumentHelp(
            """
            What time counts as a success: excess=1e-6, excess=1% (of the smallest loss) or loss=1e-3, above 0. (default: the \
            sweep's own)
            """, valueName: "condition"))
    var success: String?
    @Option(
        name: [.customShort("o"), .customLong("export")],
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
        if let export {
            try ResultFile.write(to: export, option: "export") { try $0(Array("\(best.run.plan.config)\n".utf8)) }
        }
        var printer = ResultPrinter(listing.style)
        try printer.print(BestText(best, sweep: name, listing.style))
    }
}

extension BestConfiguration.Criterion: ExpressibleByArgument {
    /// The spellings of 0.1.0 are still understood.
    init?(argument: String) {
        switch argument {
        case "ert": self = .time
        case "final_loss", "excess": self = .value
        default: self.init(rawValue: argument)
        }
    }
}

/// A sweep's best configuration, for a person or for a program.
private struct BestText: ResultPage {
    private let sweep: String
    private let by: String
    private let measure: String
    /// Nil where half of the runs fail.
    private let median: Double?
    private let choosingMedian: Double?
    private let choosingSeeds: [Int64]
    private let isOptimistic: Bool
    private let configurations: Int
    /// What counts as a success; nil where nothing is counted.
    private let target: String?
    private let settings: String
    private let groupID: String
    private let seeds: Int
    private let done: Int
    private let diverged: Int
    private let unstable: Int
    private let runID: Int64
    private let seed: Int64
    private let finalLoss: Double?

    init(_ best: BestConfiguration, sweep: String, _ style: ListingStyle) {
        self.sweep = sweep
        by = best.criterion.rawValue
        measure = best.measure
        median = best.median.isFinite ? style.rounded(best.median) : nil
        choosingMedian = best.choosingMedian.flatMap { $0.isFinite ? style.rounded($0) : nil }
        choosingSeeds = best.choosingSeeds
        isOptimistic = best.isOptimistic
        configurations = best.configurationCount
        target = best.criterion == .time ? best.target : nil
        settings = best.settings
        groupID = best.run.plan.groupID
        seeds = best.seedCount
        done = best.doneCount
        diverged = best.divergedCount
        unstable = best.unstableCount
        runID = best.run.id
        seed = best.run.plan.seed
        finalLoss = best.run.finalLoss.map(style.rounded)
    }

    var row: [(column: String, value: SQLValue)] {
        [
            ("sweep", .text(sweep)), ("by", .text(by)), ("measure", .text(measure)), ("median", .optional(median)),
            ("choosing_median", .optional(choosingMedian)),
            ("choosing_seeds", .text(choosingSeeds.map(String.init).joined(separator: ","))),
            ("target", .optional(target)),
            ("settings", .text(settings)), ("group_id", .text(groupID)),
            ("configurations", .integer(Int64(configurations))),
            ("seeds", .integer(Int64(seeds))), ("done", .integer(Int64(done))), ("diverged", .integer(Int64(diverged))),
            ("unstable", .integer(Int64(unstable))), ("run_id", .integer(runID)), ("seed", .integer(seed)),
            ("final_loss", .optional(finalLoss)),
        ]
    }

    func text(_ style: ListingStyle) -> String {
        lines(style).split(separator: "\n").map { WrappedText.paragraph(String($0), width: style.width) }
            .joined(separator: "\n")
    }

    private func lines(_ style: ListingStyle) -> String {
        let value = { (median: Double?) in median.map { "\(style.rounded($0))" } ?? "at least half of the runs fail" }
        let choice =
            configurations == 1
            ? "the only configuration"
            : isOptimistic
                ? "chosen among \(configurations) configurations on the same seeds: optimistic"
                : "chosen among \(configurations) configurations on the seeds "
                    + "\(choosingSeeds.map(String.init).joined(separator: ", ")), median there  \(value(choosingMedian))"
        return """
            \(sweep.visible): \(settings.visible)
            median \(measure)  \(value(median))
            \(choice)
            seeds compared  \(seeds), of which \(done) done, \(diverged) diverged, \(unstable) unstable
            middle run  \(runID), seed \(seed), final loss \(finalLoss.map { "\(style.rounded($0))" } ?? "not finite")
            """
    }
}
