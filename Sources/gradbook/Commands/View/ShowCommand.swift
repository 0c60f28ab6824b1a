import ArgumentParser
import Inspection
import Tracking

/// `gradbook show`: one run on a page.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one run: its settings, its curve, its results and what happened to it.",
        discussion: """
            The first thing to do with a run. Of a recorded program it shows the metrics, what was used, where it ran and the end \
            of what it printed. With --around it lists single steps instead: loss, learning rate, \
            parameters and gradients, or the metrics. \(RunReference.explanation)

            Examples:
              gradbook show last
              gradbook show best:chapter --around 200 --window 5
              gradbook show last --metric loss
            """)

    @Argument(help: ArgumentHelp("The run.", valueName: "run"), completion: Completions.runs)
    var reference: String
    @Option(help: ArgumentHelp("List the steps around this one instead: 0 or more.", valueName: "step"))
    var around: Int?
    @Option(help: ArgumentHelp("With --around, so many steps on either side: 0 to 1000000.", valueName: "steps"))
    var window = 5
    @Option(
        help: ArgumentHelp("Draw this metric. (default: a loss)", valueName: "key"), completion: Completions.metrics)
    var metric: String?
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if let around, around < 0 { throw ValidationError("--around: '\(around)' is not a step; steps begin at 0") }
        guard (0...1_000_000).contains(window) else {
            throw ValidationError("--window: '\(window)' is not a number of steps; give one from 0 to 1000000")
        }
        if around != nil, metric != nil {
            throw ValidationError("--metric: --around lists every metric and draws none; leave one of them out")
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
        guard run.kind == .trained else {
            let page = try RecordedRunPage(run, metric: metric, in: store) { $0.isAlive }
            return try print(page.listing) { page.text($0) }
        }
        let page = try RunPage(run, metric: metric, in: store) { $0.isAlive }
        try print(page.listing) { page.text($0) }
    }

    /// Lines for a person, or the facts in a row for a program.
    private func print(
        _ facts: @autoclosure () -> (columns: [String], row: [SQLValue]), text: (ListingStyle) -> String
    ) throws {
        guard listing.format != .table else {
            return try Terminal.print(page: text(listing.style), isColored: listing.style.isColored)
        }
        let (columns, row) = facts()
        var writer = ListingWriter(columns: columns, style: listing.style) {
            try Terminal.write($0)
        }
        try writer.append(row)
        try writer.close()
    }
}
