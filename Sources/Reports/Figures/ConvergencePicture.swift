import Statistics
import TextFormats
import Theory
import Tracking

/// Medians of the excess with their quartiles over the number of updates, or of the loss where no minimum is known or it
/// is not unique.
struct ConvergencePicture {
    private let arms: [Arm]
    private let styles: [SeriesStyle]
    private let target: ReportTarget
    private let showsExcess: Bool

    init(_ arms: [Arm], _ styles: SeriesStyles, target: ReportTarget) {
        self.arms = arms
        self.styles = styles.styles(of: arms)
        self.target = target
        showsExcess = arms.allSatisfy { $0.runs.allSatisfy { $0.problem.optimum != nil } }
    }

    /// Nil if there is nothing to draw.
    var chart: Chart? {
        let curves = arms.map(curve)
        guard let start = arms.flatMap(\.runs).map({ decades($0, 0) }).filter(\.isFinite).max() else { return nil }
        // Above the picture a run has diverged; more than 16 decades below the start only rounding is left.
        let heights = curves.joined().flatMap { [$0.low, $0.median, $0.high] }
        let shown = heights.filter { $0.isFinite && $0 <= start + 2 && $0 >= start - 18 }
        let last = curves.compactMap { $0.last?.x }.max() ?? 0
        let frame = Axis(yLabel, shown.isEmpty ? [start] : shown, isLogarithmic: true)
        let (levels, notes) = levels(in: frame)
        let y = Axis(yLabel, (shown.isEmpty ? [start] : shown) + levels.map(\.height), isLogarithmic: true)
        let bands = zip(curves, styles).map { curve, style in
            Mark.band(curve.map { ($0.x, $0.low, $0.high) }, style)
        }
        let lines = zip(curves, styles).map { curve, style in
            Mark.line(curve.map { Mark.Point(x: $0.x, y: $0.median) }, style)
        }
        return Chart(
            title: "Convergence", description: description, caption: caption(notes),
            x: Axis("step", from: 0, to: max(0.3, last), isLogarithmic: true), y: y,
            marks: bands + levels.map { .horizontal(y: $0.height, label: $0.label, $0.style) } + lines + diverged,
            labels: Figures.labels(arms, styles))
    }

    // MARK: - Internals

    private struct Place {
        let x: Double
        let low: Double
        let median: Double
        let high: Double
    }

    private func curve(_ arm: Arm) -> [Place] {
        let steps = arm.runs[0].figure.steps
        let runs = arm.runs.filter { $0.figure.steps == steps }
        return steps.indices.dropFirst().map { place in
            let values = OrderStatistics(runs.map { decades($0, place) })
            return Place(
                x: Log10.of(Double(steps[place])), low: values.quartile(1) ?? .infinity,
                median: values.median ?? .infinity, high: values.quartile(3) ?? .infinity)
        }
    }

    private func decades(_ run: ReportedRun, _ place: Int) -> Double {
        showsExcess ? run.decades(at: place) : run.losses[place].map(Log10.of) ?? .infinity
    }

    /// A cross for each run that left the finite numbers.
    private var diverged: [Mark] {
        zip(arms, styles).flatMap { arm, style in
            arm.runs.compactMap(\.run.divergedStep).map { .above(x: Log10.of(Double(max(1, $0))), count: 1, style) }
        }
    }

    // MARK: - Target and floors

    private struct Level {
        let height: Double
        let label: String
        let style: SeriesStyle?
    }

    /// Lines that the frame has or can have without giving a third of itself to them, and sentences on the others.
    private func levels(in frame: Axis) -> (levels: [Level], notes: [String]) {
        guard showsExcess else { return ([], []) }
        var levels: [Level] = []
        let targets = Set(arms.flatMap(\.runs).map(\.success))
        if targets.count == 1, let excess = targets.first ?? nil, excess > 0 {
            levels.append(Level(height: Log10.of(excess), label: "target \(target.text)", style: nil))
        }
        for (arm, style) in zip(arms, styles) {
            guard let floor = arm.noiseFloor, floor > 0 else { continue }
            let name = arms.count > 1 ? "noise floor of \(arm.name)" : "noise floor"
            levels.append(
                Level(height: Log10.of(floor), label: ChartText.shortened(name, to: 40), style: style))
        }
        let room = max(0.7, (frame.high - frame.low) / 3)
        let isShown = { (level: Level) in (frame.low - room...frame.high + room).contains(level.height) }
        let notes = levels.filter { !isShown($0) }.map { level in
            "The \(level.label) lies \(level.height < frame.low ? "below" : "above") the picture."
        }
        return (levels.filter(isShown), notes)
    }

    // MARK: - Words

    private var isFullBatch: Bool { arms.allSatisfy { $0.runs.allSatisfy(\.method.isFullBatch) } }

    private var yLabel: String {
        if showsExcess { return "excess over the smallest possible loss" }
        return isFullBatch ? "loss" : "loss of each step's batch"
    }

    private var description: String {
        let name = showsExcess ? "log10 excess" : "log10 loss"
        return "Median \(name) over seeds against the number of steps, with the quartiles as a band. "
            + arms.map { arm in
                let median = OrderStatistics(arm.runs.map { decades($0, $0.figure.steps.count - 1) }).median
                return "\(arm.name): \(median.map { NumberText.rounded($0) } ?? "no") decades at the end"
            }.joined(separator: "; ") + "."
    }

    private func caption(_ notes: [String]) -> String {
        let count = Set(arms.map(\.runs.count))
        let seeds = count.count == 1 ? count.first.map { $0.counted("seed") } ?? "seeds" : "all seeds of a row"
        var sentences = [
            "Each line is the median over \(seeds), the band the quartiles; both axes are logarithmic, and step 0 is left out."
        ]
        if !showsExcess {
            sentences.append("The excess is unknown, so the loss is shown; the last point is the loss over all data.")
        }
        let hasFloor = showsExcess && arms.contains { $0.noiseFloor != nil }
        if hasFloor {
            sentences.append(
                "The noise floor is the excess around which runs scatter in the end: by theory for plain descent on independent "
                    + "batches, else as measured.")
        }
        if arms.contains(where: { $0.runs.contains { $0.run.divergedStep != nil } }) {
            sentences.append(
                "A cross at the top counts runs that diverged at that step; a triangle is where a line leaves.")
        }
        return (sentences + notes).joined(separator: " ")
    }
}
