import ArgumentParser
import Experiments
import Foundation
import Inspection
import Reports
import TextFormats
import Tracking

/// `gradbook watch`: a running sweep or run before a person's eyes.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch a sweep or a run until it ends: progress, the last numbers, and curves.",
        discussion: """
            For a second terminal, or a second person. Redraws in place on a terminal; elsewhere it prints a line, an \
            object or a row whenever something changed. It only reads, so any number of people can watch. It ends with \
            the sweep or the run, or when nobody has worked on it for some seconds.

            Examples:
              gradbook watch chapter
              gradbook watch cars | tee progress.txt
              gradbook watch last
            """)

    @Argument(help: "The sweep's name, or a run.", completion: Completions.runsAndSweeps)
    var name: String
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    /// Seconds between two looks, and how many looks in a row may find nobody at work.
    private static let pause = 0.5
    private static let patience = 6

    func run() throws {
        let store = try database.openForReading()
        if try store.sweeps.findIfAny(named: name) != nil {
            try watch(sweep: name, in: store)
        } else if case .sweep(let sweep, nil) = try store.finder.meaning(of: [name]) {
            try watch(sweep: sweep.plan.name, in: store)
        } else {
            try watch(store.finder.run(name), in: store)
        }
    }

    private func watch(_ run: Run, in store: Store) throws {
        var printer = ResultPrinter(listing.style)
        var curve = WatchedCurve()
        var lastLine = ""
        var idleLooks = 0
        while true {
            let look = try RunLook(ofRun: run.id, in: store) { $0.isAlive }
            if isRedrawn { try curve.update(look, in: store) }
            let page = WatchedRunText(look: look, curve: isRedrawn ? curve : nil)
            // Of a run whose recorder is gone the last rows may just be coming.
            idleLooks = look.isIdle ? idleLooks + 1 : 0
            let line = look.line(listing.style)
            if isRedrawn || line != lastLine { try printer.print(page) }
            lastLine = line
            if look.run.state.isFinal || idleLooks >= Self.patience { return }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    private func watch(sweep name: String, in store: Store) throws {
        var printer = ResultPrinter(listing.style)
        var lastPage = ""
        var idleLooks = 0
        while true {
            let status = try SweepStatus(ofSweep: name, in: store) { $0.isAlive }
            idleLooks = status.isIdle ? idleLooks + 1 : 0
            let hasEnded = status.sweep.state != .open || idleLooks >= Self.patience
            let best = try? BestConfiguration(ofSweep: name, in: store).run
            let view = try SweepView(of: status.sweep, best: best, in: store, rounded: listing.style.rounded)
            let page = WatchText(status, view, listing.style, isRedrawn: isRedrawn)
            if isRedrawn || page.json != lastPage { try printer.print(page) }
            lastPage = page.json
            if hasEnded { return }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    /// Whether a person watches, who wants to see curves move between two counts.
    private var isRedrawn: Bool { LiveDisplay().isTerminal && listing.format == .table }
}

/// What `watch` shows of a sweep: where it stands, its best run so far, and where a person watches its curves.
private struct WatchText: ResultPage {
    private let status: SweepStatus
    private let view: SweepView
    private let style: ListingStyle
    /// Whether the whole page is drawn, in place of the one before; else it is a line.
    private let isRedrawn: Bool

    init(_ status: SweepStatus, _ view: SweepView, _ style: ListingStyle, isRedrawn: Bool) {
        self.status = status
        self.view = view
        self.style = style
        self.isRedrawn = isRedrawn
    }

    private var page: SweepStatusText { SweepStatusText(status, submissions: [], style) }

    func encode(to encoder: any Encoder) throws {
        try page.encode(to: encoder)
        try view.encode(to: encoder)
    }

    var row: [(column: String, value: SQLValue)] { page.row + view.row }

    func text(_ style: ListingStyle) -> String {
        if isRedrawn { return page.text(style) + "\n" + view.text(width: style.width) }
        let tally = status.tally
        // Whole, for a program that reads line by line.
        return
            "\(status.sweep.plan.name.visible): \(status.sweep.state), \(tally.runsEnded) of \(status.sweep.plannedRuns.counted("run")) ended, "
            + "\(tally.runs(.diverged)) diverged, \(tally.stepsRecorded.counted("step")); \(view.bestInBrief)"
    }
}

/// What `watch` shows of a run.
private struct WatchedRunText: ResultPage {
    let look: RunLook
    /// Where a page is redrawn; else it is a line.
    let curve: WatchedCurve?

    var row: [(column: String, value: SQLValue)] { look.row }

    func text(_ style: ListingStyle) -> String {
        curve.map { look.page(style, $0) } ?? look.line(style)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (column, value) in look.row {
            let key = Key(stringValue: column)
            switch value {
            case .integer(let integer): try container.encode(integer, forKey: key)
            case .real(let number): try container.encode(number, forKey: key)
            case .text(let text): try container.encode(text, forKey: key)
            case .null, .blob: try container.encodeNil(forKey: key)
            }
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) { nil }
    }
}
