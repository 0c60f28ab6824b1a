import Experiments
import Inspection
import TextFormats
import Tracking

/// What `watch` shows of a sweep: where it stands, its best run so far, and where a person watches its curves.
struct WatchText: ResultPage {
    private let status: SweepStatus
    private let view: SweepView
    /// Whether the whole page is drawn, in place of the one before; else it is a line.
    private let isRedrawn: Bool

    init(_ status: SweepStatus, _ view: SweepView, isRedrawn: Bool) {
        self.status = status
        self.view = view
        self.isRedrawn = isRedrawn
    }

    private var page: SweepStatusText { SweepStatusText(status, submissions: []) }

    func encode(to encoder: any Encoder) throws {
        try page.encode(to: encoder)
        try view.encode(to: encoder)
    }

    var row: [(column: String, value: SQLValue)] { page.row + view.row }

    func text(width: Int) -> String {
        if isRedrawn { return page.text(width: width) + "\n" + view.text(width: width) }
        let tally = status.tally
        // Whole, for a program that reads line by line.
        return
            "\(status.sweep.plan.name): \(status.sweep.state), \(tally.runsEnded) of \(status.sweep.plannedRuns.counted("run")) ended, "
            + "\(tally.runs(.diverged)) diverged, \(tally.stepsRecorded.counted("step")); \(view.bestInBrief)"
    }
}
