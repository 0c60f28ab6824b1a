import Foundation
import TextFormats

/// One line on standard error that is redrawn in place; silent when nobody watches.
///
/// No number in it goes back, whatever is computed again meanwhile.
struct ProgressBar {
    /// How far some work is.
    struct Standing: Equatable {
        var runsDone = 0
        var runsPlanned = 0
        var stepsDone = 0
        var stepsPlanned = 0
        /// Steps that are not going to be made, because their runs ended early.
        var stepsSpared = 0
        /// Nil, or no number, where none is known.
        var bestLoss: Double?
        var lastLoss: Double?

        /// The same with no count below that of an earlier standing.
        func notBelow(_ earlier: Standing?) -> Standing {
            guard let earlier else { return self }
            var standing = self
            standing.runsDone = max(runsDone, earlier.runsDone)
            standing.stepsDone = max(stepsDone, earlier.stepsDone)
            standing.stepsSpared = max(stepsSpared, earlier.stepsSpared)
            standing.stepsPlanned = max(stepsPlanned, earlier.stepsPlanned)
            return standing
        }
    }

    private let isVisible = Terminal.isInteractive
    private let started = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private var last: Standing?

    /// Redraws at most ten times a second.
    mutating func update(_ standing: Standing) {
        let now = ContinuousClock.now
        guard isVisible, lastDrawn.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        lastDrawn = now
        let standing = standing.notBelow(last)
        last = standing
        Terminal.redraw(Self.line(standing, seconds: (now - started) / .seconds(1), width: Terminal.width))
    }

    /// Removes the line, so that what is printed next starts on a clean one.
    func finish() {
        Terminal.eraseLine()
    }

    /// What a person sees, such as
    /// `[########------------]  40 %  72/180 runs  1 s left  best 0.0033  last 0.41  410000 steps/s`, as much of it as fits.
    static func line(_ standing: Standing, seconds: Double, width: Int) -> String {
        let counted = Double(standing.stepsDone) + Double(standing.stepsSpared)
        let fraction = standing.stepsPlanned > 0 ? min(1, counted / Double(standing.stepsPlanned)) : 0
        let cells = width < 100 ? 10 : 20
        let full = Int(fraction * Double(cells))
        let rate = seconds > 0 ? Double(standing.stepsDone) / seconds : 0
        let left = rate > 0 ? max(0, Double(standing.stepsPlanned) - counted) / rate : nil
        let bar = "[" + String(repeating: "#", count: full) + String(repeating: "-", count: cells - full) + "]"
        let percent = "\(Int(fraction * 100)) %"
        let parts = [
            bar + String(repeating: " ", count: max(1, 6 - percent.count)) + percent,
            "\(standing.runsDone)/\(standing.runsPlanned.counted("run"))", "\(left.map(duration) ?? "? s") left",
            loss("best", standing.bestLoss), loss("last", standing.lastLoss), "\(Int(rate)) steps/s",
        ].compactMap(\.self)
        var line = ""
        // The last column stays free: a terminal may begin another line there.
        for part in parts where line.count + part.count + (line.isEmpty ? 0 : 2) < width {
            line += (line.isEmpty ? "" : "  ") + part
        }
        return line
    }

    private static func loss(_ name: String, _ value: Double?) -> String? {
        guard let value, !value.isNaN else { return nil }
        return "\(name) \(NumberText.rounded(value, digits: 3))"
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
