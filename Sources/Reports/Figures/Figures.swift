import Statistics
import TextFormats
import Theory
import Tracking

/// The pictures of a report.
struct Figures: Sendable {
    /// By their file names without `.svg`.
    let charts: [(name: String, chart: Chart)]
    private let mermaid: MermaidChart?

    /// `landscape` is made where the steps are, by ``Landscape``.
    init(
        _ data: ReportData, _ comparison: Comparison, _ series: [RateSeries], landscape: Chart?,
        plots: ReportOptions.Plots
    ) {
        let arms = Self.shown(comparison)
        mermaid = plots == .mermaid ? MermaidChart(convergenceOf: arms) : nil
        guard plots == .svg else {
            charts = []
            return
        }
        let styles = SeriesStyles(data)
        charts = [
            ("convergence", ConvergencePicture(arms, styles, target: data.target).chart),
            ("sensitivity", Self.sensitivity(series, styles)),
            ("ecdf", Self.runtimes(arms, styles)),
            ("landscape", landscape),
            ("fit", Self.fit(arms, data.problems, styles)),
        ].compactMap { name, chart in chart.map { (name, $0) } }
    }

    /// The arms that are drawn: more lines than these could not be told apart.
    static func shown(_ comparison: Comparison) -> [Arm] {
        Array(comparison.arms.prefix(Comparison.largestArmCount))
    }

    /// A picture in the report, if there is one of this name.
    func blocks(_ name: String) -> [Document.Block] {
        if let mermaid, name == "convergence" { return mermaid.blocks }
        guard let chart = charts.first(where: { $0.name == name })?.chart else { return [] }
        return [.image(path: "fig/\(name).svg", title: chart.title, caption: Prose(text: chart.caption))]
    }

    /// Less excess than this is at the end of the numbers, and is shown there.
    static let lowest = -20.0

    // MARK: - Charts

    /// Median final excess against the learning rate, with theory's edge.
    private static func sensitivity(_ all: [RateSeries], _ styles: SeriesStyles) -> Chart? {
        let series = Array(all.filter { $0.groups.count > 2 }.prefix(Comparison.largestArmCount))
        let groups = series.flatMap(\.groups)
        guard !groups.isEmpty, groups.allSatisfy({ $0.logExcesses != nil && RateSeries.rate($0) > 0 }) else {
            return nil
        }
        var marks: [Mark] = []
        var lines: [Mark] = []
        let styles = styles.styles(of: series)
        let start = groups.flatMap(\.runs).map { $0.decades(at: 0) }.filter(\.isFinite).max() ?? 0
        // What grew without end stands at the top, like what diverged: how far it got says how many steps it had.
        let shown = { (height: Double?) in
            let height = max(height ?? .infinity, lowest)
            return height > start + 1 ? .infinity : height
        }
        for (series, style) in zip(series, styles) {
            let places = series.groups.map { group in
                (Log10.of(RateSeries.rate(group)), group.logExcesses ?? OrderStatistics([]))
            }
            marks.append(.band(places.map { ($0.0, shown($0.1.quartile(1)), shown($0.1.quartile(3))) }, style))
            let medians = places.map { Mark.Point(x: $0.0, y: shown($0.1.median)) }
            lines.append(.line(medians, style))
            lines += medians.filter(\.y.isFinite).map { .marker($0, style) }
            if let edge = series.theoreticalEdge { lines.append(.vertical(x: Log10.of(edge), style)) }
            for group in series.groups {
                let unstable = group.runs.count { $0.run.state == .diverged || $0.hasGrown || $0.isUnstable }
                guard unstable > 0 else { continue }
                lines.append(.above(x: Log10.of(RateSeries.rate(group)), count: unstable, style))
            }
        }
        let heights = groups.map { shown($0.logExcesses?.median) }.filter(\.isFinite)
        guard !heights.isEmpty else { return nil }
        let edges = series.compactMap { $0.theoreticalEdge.map(Log10.of) }
        let hasUnstable = groups.flatMap(\.runs).contains { $0.run.state == .diverged || $0.hasGrown || $0.isUnstable }
        return Chart(
            title: "Sensitivity to the learning rate",
            description: "Median log10 excess at the end against the learning rate, with the quartiles as a band; "
                + "crosses at the top count runs that diverged, grew tenfold or ended unstable, vertical lines are the edges that theory gives.",
            caption:
                "Each dot is the median over seeds of the final excess at one learning rate, the band the quartiles."
                + (hasUnstable
                    ? " A cross at the top counts the runs that diverged, grew tenfold or ended unstable there." : "")
                + (edges.isEmpty ? "" : " A vertical line is the learning rate from which on theory has runs diverge."),
            x: Axis("learning rate", groups.map { Log10.of(RateSeries.rate($0)) } + edges, isLogarithmic: true),
            y: Axis("final excess over the smallest loss", heights, isLogarithmic: true), marks: marks + lines,
            labels: zip(series, styles).map { Chart.Label(text: $0.name, style: $1, hasShape: true) })
    }

    /// Which fraction of all targets was reached within how many steps.
    private static func runtimes(_ arms: [Arm], _ styles: SeriesStyles) -> Chart? {
        let distributions = arms.map(RuntimeDistribution.init)
        guard distributions.contains(where: { $0.area > 0 }) else { return nil }
        let curves = distributions.map(\.curve)
        let last = arms.flatMap(\.runs).map { $0.run.plan.steps }.max() ?? 1
        // Before the first target is reached there is nothing to see.
        let first = curves.joined().filter { $0.fraction > 0 }.map(\.decades).min() ?? 0
        let highest = curves.joined().map(\.fraction).max() ?? 1
        let styles = styles.styles(of: arms)
        return Chart(
            title: "Runtime distribution",
            description: "The fraction of 51 targets from 1 to 1e-8, times all seeds, that was reached within so many "
                + "steps. Area under the curve: "
                + zip(arms, distributions).map { "\($0.name) \(NumberText.fixed($1.area, decimals: 3))" }
                .joined(separator: ", ") + ".",
            caption:
                "Each line is the fraction of 51 targets of the excess, from 1 to 1e-8 and times all seeds, that was "
                + "reached within so many steps: higher and further left is better.",
            x: Axis(
                "step", from: min(first.rounded(.down), Log10.of(Double(last)) - 0.3),
                to: max(0.3, Log10.of(Double(last))),
                isLogarithmic: true),
            y: Axis(
                "fraction of targets reached", from: 0, to: min(1, (highest * 10).rounded(.up) / 10),
                isLogarithmic: false),
            marks: zip(curves, styles).map { curve, style in
                .line(curve.map { Mark.Point(x: $0.decades, y: $0.fraction) }, style)
            }, labels: labels(arms, styles))
    }

    /// The fitted curves over the data, in the units of the data's file.
    private static func fit(_ arms: [Arm], _ problems: [OptimizationProblem], _ styles: SeriesStyles) -> Chart? {
        guard problems.count == 1, let problem = problems.first, let features = problem.objective?.samples.features
        else { return nil }
        let dataset = problem.dataset
        let data = zip(dataset.x, dataset.y).map {
            Mark.Point(x: $0 * dataset.xDivisor, y: $1 * dataset.yDivisor + dataset.yOffset)
        }
        let places = data.map(\.x)
        guard let first = places.min(), let last = places.max(), let low = data.map(\.y).min(),
            let high = data.map(\.y).max()
        else { return nil }
        let styles = styles.styles(of: arms)
        var lines: [Mark] = []
        var shown: [(arm: Arm, style: SeriesStyle)] = []
        var heights = data.map(\.y)
        for (arm, style) in zip(arms, styles) {
            guard let values = arm.runs.filter(\.hasValue).min(by: { $0.rankedLoss < $1.rankedLoss })?.originalUnits
            else {
                continue
            }
            let points = (0...60).map { place in
                let value = first + (last - first) * Double(place) / 60
                return Mark.Point(x: value, y: features.prediction(values, at: value))
            }
            lines.append(.line(points, style))
            shown.append((arm, style))
            // A curve that is far from the data leaves the picture.
            let room = (high - low) / 3
            heights += points.map(\.y).filter { (low - room...high + room).contains($0) }
        }
        return Chart(
            title: "Fitted curves",
            description:
                "The data as dots, and \(problem.formula ?? "the curves") with the parameters of each row's best seed.",
            caption:
                "Dots are the data. Each line is \(problem.formula ?? "the curve") with the final parameters of the seed "
                + "with the lowest loss; lines that agree cover each other.",
            x: Axis(dataset.xColumn ?? "x", places, isLogarithmic: false),
            y: Axis(dataset.yColumn ?? "y", heights, isLogarithmic: false), marks: [.dots(data)] + lines,
            labels: labels(shown.map(\.arm), shown.map(\.style)))
    }

    static func labels(_ arms: [Arm], _ styles: [SeriesStyle], haveShapes: Bool = false) -> [Chart.Label] {
        zip(arms, styles).map { Chart.Label(text: $0.name, style: $1, hasShape: haveShapes) }
    }
}
