import ArgumentParser
import Experiments
import Foundation
import Inspection
import TextFormats
import Tracking

/// `gradbook watch`: a running sweep before a person's eyes.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch a sweep until it ends: progress, the best run so far, and curves.",
        discussion: """
            For a second terminal, or a second person. Redraws in place on a terminal; elsewhere it prints a line, an \
            object or a row whenever something changed. It only reads, so any number of people can watch. It ends with \
            the sweep, or when nobody has worked on it for some seconds.

            Examples:
              gradbook watch chapter
              gradbook watch cars | tee progress.txt
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    /// Seconds between two looks, and how many looks in a row may find nobody at work.
    private static let pause = 0.5
    private static let patience = 6

    func run() throws {
        let store = try database.openForReading()
        var printer = ResultPrinter(listing.format)
        var lastPage = ""
        var idleLooks = 0
        while true {
            let status = try SweepStatus(ofSweep: name, in: store) { $0.isAlive }
            idleLooks = status.isIdle ? idleLooks + 1 : 0
            let hasEnded = status.sweep.state != .open || idleLooks >= Self.patience
            let page = WatchText(status, try SweepView(of: status.sweep, in: store), isRedrawn: isRedrawn)
            if isRedrawn || page.json != lastPage { try printer.print(page) }
            lastPage = page.json
            if hasEnded { return }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    /// Whether a person watches, who wants to see curves move between two counts.
    private var isRedrawn: Bool { LiveDisplay().isTerminal && listing.format == .table }
}
