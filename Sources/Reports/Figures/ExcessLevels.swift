import Statistics
import TextFormats

/// The horizontal lines of a picture of the excess: its target, and noise floors.
struct ExcessLevels {
    struct Level {
        /// In decades.
        let height: Double
        let label: String
        let style: SeriesStyle?
    }

    /// Those that the frame has or can have without giving a third of itself to them.
    let shown: [Level]
    /// A sentence on each of the others.
    let notes: [String]

    init(_ levels: [Level], in frame: Axis) {
        let room = max(0.7, (frame.high - frame.low) / 3)
        let isShown = { (level: Level) in (frame.low - room...frame.high + room).contains(level.height) }
        shown = levels.filter(isShown)
        notes = levels.filter { !isShown($0) }.map { level in
            "The \(level.label) lies \(level.height < frame.low ? "below" : "above") the picture."
        }
    }

    /// What all runs must come down to; nil where they do not have it in common.
    static func target(_ target: ReportTarget, of runs: [ReportedRun]) -> Level? {
        let excesses = Set(runs.map(\.success))
        guard excesses.count == 1, let excess = excesses.first ?? nil, excess > 0 else { return nil }
        return Level(height: Log10.of(excess), label: "target \(target.text)", style: nil)
    }

    var marks: [Mark] { shown.map { .horizontal(y: $0.height, label: $0.label, $0.style) } }
}
