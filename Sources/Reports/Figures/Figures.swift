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
            ("sensitivity", SensitivityPicture(series, styles, target: data.target).chart),
            ("ecdf", Self.runtimes(arms, styles)),
            ("landscape", landscape),
            ("fit", FitPicture(arms, data.problems, styles)?.chart),
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

    // MARK: - Charts

    /// Which fraction of all targets was reached within how many steps.
    private static func runtimes(_ arms: [Arm], _ styles: SeriesStyles) -> Chart? {
        let distributions = arms.map(RuntimeDistribution.init)
        guard distributions.contains(where: { $0.area > 0 }) else { return nil }
        let curves = distributions.map(\.curve)
        let last = arms.flatMap(\.runs).map { $0.run.plan.steps }.max() ?? 1
        // Before the first target is reached there is nothing to see.
        let first = curves.joined().filter { $0.fraction > 0 }.map(\.decades).min() ?? 0
        let highest = curves.joined().map(\.fraction).max() ?? 1
        let left = max(0, min(first - 0.1, Log10.of(Double(last)) - 0.3))
        let top = min(1, (highest * 10).rounded(.up) / 10)
        let styles = styles.styles(of: arms)
        return Chart(
            title: "Runtime distribution",
            description: "The fraction of 51 targets from 1 to 1e-8, times all seeds, that was reached within so many "
                + "steps. Area under the curve: "
                + zip(arms, distributions).map { "\($0.name) \(NumberText.fixed($1.area, decimals: 3))" }
                .joined(separator: ", ") + ".",
            meaning:
                "Each line is the fraction of 51 targets of the excess, from 1 to 1e-8 and times all seeds, that was "
                + "reached within so many steps: higher and further left is better.",
            x: Axis(
                "step", from: left,
                to: max(0.3, Log10.of(Double(last))),
                isLogarithmic: true),
            y: Axis(
                // A line along the edge must not be cut in half.
                "fraction of targets reached", from: -0.015 * top, to: 1.015 * top,
                isLogarithmic: false),
            marks: zip(curves, styles).reversed().map { curve, style in
                .line(curve.map { Mark.Point(x: max($0.decades, left), y: $0.fraction) }, style)
            }, labels: labels(arms, styles))
    }

    static func labels(_ arms: [Arm], _ styles: [SeriesStyle], haveShapes: Bool = false) -> [Chart.Label] {
        zip(arms, styles).map { Chart.Label(text: $0.name, style: $1, hasShape: haveShapes) }
    }
}
