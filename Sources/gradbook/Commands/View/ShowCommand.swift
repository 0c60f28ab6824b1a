import ArgumentParser
import Inspection
import Tracking

/// `gradbook show`: one run on a page.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one run: its settings, its curve, its parameters and what happened to it.",
        discussion: """
            The first thing to do with a run. With --around it lists single steps instead: loss, learning rate, \
            parameters and gradients. \(RunReference.explanation)

            Examples:
              gradbook show last
              gradbook show best:chapter --around 200 --window 5
            """)

    @Argument(help: ArgumentHelp("The run.", valueName: "run"), completion: Completions.runs)
    var reference: String
    @Option(help: ArgumentHelp("List the steps around this one instead: 0 or more.", valueName: "step"))
    var around: Int?
    @Option(help: ArgumentHelp("With --around, so many steps on either side: 0 to 1000000.", valueName: "steps"))
    var window = 5
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if let around, around < 0 { throw ValidationError("--around: '\(around)' is not a step; steps begin at 0") }
        guard (0...1_000_000).contains(window) else {
            throw ValidationError("--window: '\(window)' is not a number of steps; give one from 0 to 1000000")
        }
    }

    func run() throws {
        let store = try database.openForReading()
        let run = try store.finder.run(reference)
        if let around {
            return try StepListing.write(
                around: around, window: window, ofRun: run, in: store, style: listing.style
            ) { try Terminal.write($0) }
        }
        let page = try RunPage(run, in: store) { $0.isAlive }
        guard listing.format != .table else {
            return try Terminal.print(page: page.text(listing.style), isColored: listing.style.isColored)
        }
        let (columns, row) = page.listing
        var writer = ListingWriter(columns: columns, style: listing.style) {
            try Terminal.write($0)
        }
        try writer.append(row)
        try writer.close()
    }
}
