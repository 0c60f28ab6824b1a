import ArgumentParser
import Experiments
import Foundation
import Tracking

/// `gradbook sweep status NAME`: how far a sweep is.
struct SweepStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how far a sweep is, who works on it and what was interrupted.",
        discussion: """
            Only reads, so it disturbs nobody. The estimate of what is left goes by the runs that ended in the last \
            minute. Of a sweep that was submitted to Slurm it also says what squeue and sacct know, and what the \
            shards hold.

            Examples:
              gradbook sweep status chapter
              gradbook sweep status cars --format json
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @Flag(help: "Say it again every second until nobody works on the sweep any more.")
    var follow = false
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForReading()
        var printer = ResultPrinter(listing.style)
        while true {
            let status = try SweepStatus(ofSweep: name, in: store) { $0.isAlive }
            let submissions = SubmissionState.all(of: status.slurmJobs, beside: URL(filePath: database.file))
            try printer.print(SweepStatusText(status, submissions: submissions, listing.style))
            guard follow, !status.isIdle || submissions.contains(where: { !$0.tasks.isEmpty }) else { return }
            Thread.sleep(forTimeInterval: 1)
        }
    }
}
