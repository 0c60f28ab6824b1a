import ArgumentParser
import Experiments
import Foundation
import Inspection
import Spelling
import Tracking

/// `gradbook watch`: a running sweep before a person's eyes.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch a sweep until it ends: progress, the best run so far, and curves.",
        discussion: """
            Redraws in place on a terminal; elsewhere it prints a line whenever something changed. It only reads, so any \
            number of people can watch. It ends with the sweep, or when nobody has worked on it for some seconds.

            Examples:
              gradbook watch first
              gradbook watch first --db other.db | tee progress.txt
            """)

    @Argument(help: "The sweep's name.")
    var name: String
    @Option(help: "How it is printed: table, or json (an object per line).")
    var format = ResultFormat.table
    @OptionGroup var database: DatabaseOptions

    /// Seconds between two looks, and how many looks in a row may find nobody at work.
    private static let pause = 0.5
    private static let patience = 6

    func run() throws {
        let store = try database.openForReading()
        var screen = Screen()
        var lastLine = ""
        var idleLooks = 0
        while true {
            let status = try SweepStatus(ofSweep: name, in: store) { $0.isAlive }
            idleLooks = status.isAtRest ? idleLooks + 1 : 0
            let hasEnded = status.sweep.state != .open || idleLooks >= Self.patience
            let text = try text(of: status, in: store)
            if screen.isTerminal && format == .table {
                try screen.show(text)
            } else if text != lastLine {
                try Terminal.print(text)
                lastLine = text
            }
            if hasEnded { return }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }

    private func text(of status: SweepStatus, in store: Store) throws -> String {
        let page = SweepStatusText(status, submissions: [])
        guard format == .table else { return page.text(.json) }
        let view = try SweepView(of: status.sweep, in: store)
        if Screen().isTerminal { return page.text(.table) + "\n" + view.text(width: Terminal.outputWidth) }
        let tally = status.tally
        return
            "\(name): \(status.sweep.state), \(tally.runsEnded) of \(status.sweep.plannedRuns.counted("run")) ended, "
            + "\(tally.runs(.diverged)) diverged, \(tally.stepsRecorded.counted("step")); best: \(view.bestText)"
    }
}
