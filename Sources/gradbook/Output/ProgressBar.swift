import Foundation
import TextFormats

/// One line on standard error that is redrawn in place; silent when nobody watches.
struct ProgressBar {
    private let isVisible = Terminal.isInteractive
    private let started = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?

    /// Redraws at most ten times a second.
    mutating func update(runsDone: Int, runsPlanned: Int, stepsDone: Int, stepsPlanned: Int) {
        let now = ContinuousClock.now
        guard isVisible, lastDrawn.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        lastDrawn = now
        let seconds = (now - started) / .seconds(1)
        Terminal.redraw(
            Self.line(
                runsDone: runsDone, runsPlanned: runsPlanned, stepsDone: stepsDone, stepsPlanned: stepsPlanned,
                seconds: seconds, width: Terminal.width))
    }

    /// Removes the line, so that what is printed next starts on a clean one.
    func finish() {
        guard isVisible, lastDrawn != nil else { return }
        Terminal.redraw("")
    }

    /// What a person sees, such as `[########------------] 72/180 runs  410000 steps/s  1 s left`.
    static func line(
        runsDone: Int, runsPlanned: Int, stepsDone: Int, stepsPlanned: Int, seconds: Double, width: Int
    ) -> String {
        let fraction = stepsPlanned > 0 ? min(1, Double(stepsDone) / Double(stepsPlanned)) : 0
        let cells = 20
        let full = Int(fraction * Double(cells))
        let rate = seconds > 0 ? Double(stepsDone) / seconds : 0
        let left = rate > 0 ? Double(max(0, stepsPlanned - stepsDone)) / rate : nil
        let line =
            "[" + String(repeating: "#", count: full) + String(repeating: "-", count: cells - full) + "] "
            + "\(runsDone)/\(runsPlanned.counted("run"))  \(Int(rate)) steps/s  \(left.map(Self.duration) ?? "? s") left"
        return String(line.prefix(max(0, width - 1)))
    }

    static func duration(_ seconds: Double) -> String {
        // A hundred million years; more steps than that come from a damaged file.
        switch Int(min(seconds, 3e15).rounded(.up)) {
        case let seconds where seconds < 60: "\(seconds) s"
        case let seconds where seconds < 3600: "\(seconds / 60) min \(seconds % 60) s"
        case let seconds: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        }
    }
}

/// A text on standard output that is replaced by its next version, where a person watches, and else followed by it.
struct LiveDisplay {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    private var height = 0

    mutating func show(_ text: String) throws {
        if isTerminal && height > 0 { try Terminal.write(Array("\u{1B}[\(height)A\u{1B}[J".utf8)) }
        try Terminal.print(text)
        let width = max(1, Terminal.outputWidth)
        height = text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) {
            $0 + max(1, ($1.count + width - 1) / width)
        }
    }
}
