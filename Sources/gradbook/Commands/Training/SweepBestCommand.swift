import ArgumentParser
import Experiments
import Foundation
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
