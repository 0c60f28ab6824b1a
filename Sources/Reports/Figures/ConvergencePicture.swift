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
        guard let start = arms.flatMap(\.runs).compactMap(begin).max() else { return nil }
        // Above the picture a run has diverged; more than 16 decades below the start only rounding is left.
        let heights = curves.joined().flatMap { [$0.low, $0.median, $0.high] }
        let shown = heights.filter { $0.isFinite && $0 <= start + 2 && $0 >= start - 18 }
        let last = curves.compactMap { $0.last?.x }.max() ?? 0
        let frame = Axis(yLabel, shown.isEmpty ? [start] : shown, isLogarithmic: true)
        let levels = ExcessLevels(self.levels, in: frame)
        let y = Axis(yLabel, (shown.isEmpty ? [start] : shown) + levels.shown.map(\.height), isLogarithmic: true)
        let bands = zip(curves, styles).map { curve, style in
            Mark.band(curve.map { ($0.x, $0.low, $0.high) }, style)
        }
        let lines = zip(curves, styles).map { curve, style in
            Mark.line(curve.map { Mark.Point(x: $0.x, y: $0.median) }, style)
        }
        return Chart(
            title: "Convergence", description: description, meaning: meaning(levels),
            x: Axis("step", from: 0, to: max(0.3, last), isLogarithmic: true), y: y,
            // The best one lies above the others.
            marks: bands.reversed() + levels.marks + lines.reversed() + diverged,
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
        // A fork has nothing before the step at which it left its parent.
        let first = max(1, runs.compactMap(\.run.plan.parentStep).max() ?? 1)
        return steps.indices.filter { steps[$0] >= first }.map { place in
            let values = OrderStatistics(runs.map { decades($0, place) })
            return Place(
                x: Log10.of(Double(steps[place])), low: values.quartile(1) ?? .infinity,
                median: values.median ?? .infinity, high: values.quartile(3) ?? .infinity)
        }
    }

    /// Where a run begins, in decades; nil where it has no number there.
    private func begin(_ run: ReportedRun) -> Double? {
        run.figure.steps.indices.lazy.map { decades(run, $0) }.first(where: \.isFinite)
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

    private var levels: [ExcessLevels.Level] {
        guard showsExcess else { return [] }
        let goal = ExcessLevels.target(target, of: arms.flatMap(\.runs)).map { [$0] } ?? []
        return goal
            + zip(arms, styles).compactMap { arm, style in
                guard let floor = arm.noiseFloor, floor > 0 else { return nil }
                let name = arms.count > 1 ? "noise floor of \(arm.name)" : "noise floor"
                return .init(height: Log10.of(floor), label: ChartText.shortened(name, to: 40), style: style)
            }
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

    private func meaning(_ levels: ExcessLevels) -> String {
        var sentences = ["\(lineMeaning); both axes are logarithmic, and step 0 is left out."]
        if let sampling { sentences.append(sampling) }
        if !showsExcess {
            sentences.append("The excess is unknown, so the loss is shown; the last point is the loss over all data.")
        }
        if let dotted = dottedMeaning(levels) { sentences.append(dotted) }
        let hasFloor = showsExcess && arms.contains { $0.noiseFloor != nil }
        if hasFloor {
            sentences.append(
                "The noise floor is the excess around which runs scatter in the end: by theory for plain descent on independent "
                    + "batches, else as measured.")
        }
        if arms.contains(where: { $0.runs.contains { $0.run.divergedStep != nil } }) {
            sentences.append("A cross at the top counts runs that diverged at that step.")
        }
        return (sentences + levels.notes).joined(separator: " ")
    }

    private func dottedMeaning(_ levels: ExcessLevels) -> String? {
        let (floors, goals) = (levels.shown.count { $0.style != nil }, levels.shown.count { $0.style == nil })
        let names = [
            goals > 0 ? "the target" : nil, floors > 1 ? "the noise floors" : floors > 0 ? "the noise floor" : nil,
        ].compactMap(\.self)
        guard !names.isEmpty else { return nil }
        return "\(floors + goals > 1 ? "Dotted lines are" : "The dotted line is") \(names.joined(separator: " and "))."
    }

    private var lineMeaning: String {
        let counts = Set(arms.map(\.runs.count))
        if counts == [1] { return "Each line is one run" }
        let seeds = counts.count == 1 ? counts.first.map { $0.counted("seed") } ?? "seeds" : "all seeds of a row"
        return "Each line is the median over \(seeds), the band the quartiles"
    }

    /// That the lines have fewer points than there are steps, if so.
    private var sampling: String? {
        let longest = arms.flatMap(\.runs).map(\.figure.steps).max { ($0.last ?? 0) < ($1.last ?? 0) } ?? []
        guard let last = longest.last, last > longest.count - 1 else { return nil }
        return "Of \(last) steps \(longest.count - 1) are drawn, spread evenly over this axis."
    }
}
