import ArgumentParser
import Inspection
import Reports
import Tracking

/// `gradbook compare`: runs side by side.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show runs side by side: what differs, what came of it, and how it went.",
        discussion: """
            Of the configurations only what differs is shown; the best value of each metric is marked. Where the runs \
            are seeds of several configurations, each pair of these is compared with a report's statistics. \
            \(RunReference.explanationOfSeveral)

            Examples:
              gradbook compare 1 2
              gradbook compare 'chapter:seed=1 optimizer=adam'
              gradbook compare best:chapter 7 11 --format csv
            """)

    @Argument(help: ArgumentHelp("Two runs or more.", valueName: "run"), completion: Completions.runsAndSweeps)
    var references: [String]
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForReading()
        let runs = try store.finder.runs(references)
        guard runs.count > 1 else {
            throw ValidationError(
                references.count > 1
                    ? "'\(references[0])' and '\(references[1])' are the same run; name another one"
                    : "there is nothing to compare '\(references[0])' with; name two runs or more")
        }
        let comparison = try RunComparison(runs, in: store, spelled: \.spelled) {
            $0.isAlive
        } comparingSeeds: {
            try SeedComparison($0, in: store)?.sentences
        }
        guard listing.format != .table else {
            return try Terminal.print(page: comparison.text(listing.style), isColored: listing.style.isColored)
        }
        try comparison.write(listing.style) { try Terminal.write($0) }
    }
}
