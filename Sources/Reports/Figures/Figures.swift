import Foundation
import Statistics
import TextFormats
import Theory
import Tracking

/// The pictures of a report.
struct Figures: Sendable {
    /// By their file names without `.svg`.
    let charts: [(name: String, chart: Chart)]
    private let mermaid: MermaidChart?

    init(_ data: ReportData, _ comparison: Comparison, _ series: [RateSeries], plots: ReportOptions.Plots) {
        let arms = Array(comparison.arms.prefix(Comparison.largestArmCount))
        mermaid = plots == .mermaid ? MermaidChart(convergenceOf: arms) : nil
        guard plots == .svg else {
            charts = []
            return
        }
        charts = [
            ("convergence", Self.convergence(arms)),
            ("sensitivity", Self.sensitivity(series, arms)),
            ("ecdf", Self.runtimes(arms)),
            ("landscape", Self.landscape(arms, data.problems)),
            ("fit", Self.fit(arms, data.problems)),
        ].compactMap { name, chart in chart.map { (name, $0) } }
    }

    /// A picture in the report, if there is one of this name.
    func blocks(_ name: String) -> [Document.Block] {
        if let mermaid, name == "convergence" { return mermaid.blocks }
        guard let chart = charts.first(where: { $0.name == name })?.chart else { return [] }
        return [.image(path: "fig/\(name).svg", title: chart.title)]
    }

    // MARK: - Charts

    /// Less excess than this is at the end of the numbers, and is shown there.
    private static let lowest = -20.0

    /// Medians of log10 excess with their quartiles over the number of updates.
    private static func convergence(_ arms: [Arm]) -> Chart? {
        guard arms.allSatisfy({ $0.runs.allSatisfy { $0.problem.optimum != nil } }) else { return nil }
        var marks: [Mark] = []
        var bands: [Mark] = []
        var heights: [Double] = []
        var last = 1
        for (index, arm) in arms.enumerated() {
            let style = SeriesStyle(index: index)
            let steps = arm.runs[0].figure.steps
            let runs = arm.runs.filter { $0.figure.steps == steps }
            let places = steps.indices.dropFirst().map { place in
                (Log10.of(Double(steps[place])), OrderStatistics(runs.map { $0.decades(at: place) }))
            }
            marks.append(.line(places.map { Mark.Point(x: $0.0, y: $0.1.median ?? .infinity) }, style))
            bands.append(
                .band(
                    places.map { ($0.0, $0.1.quartile(1) ?? .infinity, $0.1.quartile(3) ?? .infinity) }, style))
            heights += places.map { $0.1.median ?? .infinity }
            last = max(last, steps.last ?? 1)
        }
        guard let start = arms.flatMap(\.runs).map({ $0.decades(at: 0) }).filter(\.isFinite).max() else { return nil }
        // Above the picture a run has diverged; more than 16 decades below the start only rounding is left.
        let shown = heights.filter { $0.isFinite && $0 <= start + 2 && $0 >= start - 18 } + [start]
        return Chart(
            title: "Convergence",
            description: "Median log10 excess over seeds against the number of steps, with the quartiles as a band. "
                + arms.map { "\($0.name): \(text($0.statistics.logExcesses.median)) decades at the end" }
                .joined(separator: "; ") + ".",
            x: Axis("step", [0, Log10.of(Double(last))], isLogarithmic: true),
            y: Axis("excess over the smallest possible loss", shown, isLogarithmic: true), marks: bands + marks,
            labels: labels(arms))
    }

    /// Median final excess against the learning rate, with theory's edge.
    private static func sensitivity(_ all: [RateSeries], _ arms: [Arm]) -> Chart? {
        let series = Array(all.filter { $0.groups.count > 2 }.prefix(Comparison.largestArmCount))
        let groups = series.flatMap(\.groups)
        guard !groups.isEmpty, groups.allSatisfy({ $0.logExcesses != nil && RateSeries.rate($0) > 0 }) else {
            return nil
        }
        var marks: [Mark] = []
        var lines: [Mark] = []
        let styles = styles(series, arms)
        for (series, style) in zip(series, styles) {
            let places = series.groups.map { group in
                (Log10.of(RateSeries.rate(group)), group.logExcesses ?? OrderStatistics([]))
            }
            let shown = { (height: Double?) in max(height ?? .infinity, lowest) }
            marks.append(.band(places.map { ($0.0, shown($0.1.quartile(1)), shown($0.1.quartile(3))) }, style))
            let medians = places.map { Mark.Point(x: $0.0, y: shown($0.1.median)) }
            lines.append(.line(medians, style))
            lines += medians.filter(\.y.isFinite).map { .marker($0, style) }
            if let edge = series.theoreticalEdge { lines.append(.vertical(x: Log10.of(edge), style)) }
        }
        let rates = Set(groups.map(RateSeries.rate)).sorted()
        for rate in rates {
            let here = groups.filter { RateSeries.rate($0) == rate }
            let unstable = here.flatMap(\.runs).count { $0.run.state == .diverged || $0.hasGrown }
            guard unstable > 0 else { continue }
            lines.append(.cross(x: Log10.of(rate), text: String(unstable)))
        }
        // What grew without end stands at the top as well.
        let start = groups.flatMap(\.runs).map { $0.decades(at: 0) }.filter(\.isFinite).max() ?? 0
        let heights = groups.compactMap { $0.logExcesses?.median }.filter { $0 <= start + 1 }.map { max($0, lowest) }
        guard !heights.isEmpty else { return nil }
        return Chart(
            title: "Sensitivity to the learning rate",
            description: "Median log10 excess at the end against the learning rate, with the quartiles as a band; "
                + "crosses at the top count runs that diverged or grew tenfold, vertical lines are the edges that theory gives.",
            x: Axis(
                "learning rate (vertical: edge by theory; × at the top: number of unstable runs)",
                rates.map(Log10.of) + series.compactMap { $0.theoreticalEdge.map(Log10.of) },
                isLogarithmic: true),
            y: Axis("final excess", heights, isLogarithmic: true), marks: marks + lines,
            labels: zip(series, styles).map { ($0.name, $1) })
    }

    /// Which fraction of all targets was reached within how many steps.
    private static func runtimes(_ arms: [Arm]) -> Chart? {
        let distributions = arms.map(RuntimeDistribution.init)
        guard distributions.contains(where: { $0.area > 0 }) else { return nil }
        let last = arms.flatMap(\.runs).map { $0.run.plan.steps }.max() ?? 1
        let lines = distributions.enumerated().map { index, distribution in
            Mark.line(distribution.curve.map { Mark.Point(x: $0.decades, y: $0.fraction) }, SeriesStyle(index: index))
        }
        return Chart(
            title: "Runtime distribution",
            description: "The fraction of 51 targets from 1 to 1e-8, times all seeds, that was reached within so many "
                + "steps. Area under the curve: "
                + zip(arms, distributions).map { "\($0.name) \(NumberText.fixed($1.area, decimals: 3))" }
                .joined(separator: ", ") + ".",
            x: Axis("step", [0, Log10.of(Double(last))], isLogarithmic: true),
            y: Axis("fraction of targets reached", from: 0, to: 1, isLogarithmic: false), marks: lines,
            labels: labels(arms))
    }

    /// The paths of the parameters over the loss's exact contours, each arm on the first seed.
    private static func landscape(_ arms: [Arm], _ problems: [OptimizationProblem]) -> Chart? {
        guard problems.count == 1, let objective = problems.first?.objective, let optimum = objective.optimum,
            optimum.count == 2,
            let seed = arms.first?.runs.first?.seed
        else { return nil }
        let paths = arms.map { arm in
            (arm.runs.first { $0.seed == seed }?.path ?? []).map { Mark.Point(x: $0[0], y: $0[1]) }
        }
        let start = paths.compactMap(\.first)
        guard !start.isEmpty else { return nil }
        // Large enough for the starts on every side; what leaves it has diverged.
        let reach = start.reduce(0) { max($0, abs($1.x - optimum[0]), abs($1.y - optimum[1])) } * 1.3
        guard reach > 0, reach.isFinite else { return nil }
        let (largest, smallest) = objective.curvature
        let contours = (-4...4).compactMap { decades -> Mark? in
            let factor = (0..<abs(decades)).reduce(1.0) { value, _ in decades < 0 ? value / 10 : value * 10 }
            let level = 0.5 * largest * reach * reach * factor
            return smallest > 0 ? .contour(contour(of: objective, at: level)) : nil
        }
        var lines: [Mark] = []
        for (index, path) in paths.enumerated() {
            let style = SeriesStyle(index: index)
            lines.append(.line(path, style))
            if let end = path.last { lines.append(.marker(end, style)) }
        }
        let names = objective.surface.parameters
        return Chart(
            title: "Loss landscape, seed \(seed)",
            description: "Contours of the loss, a factor of ten apart, around its minimum at \(names[0]) = "
                + "\(text(optimum[0])), \(names[1]) = \(text(optimum[1])), and the paths of the parameters; a dot is where a "
                + "path ends.",
            x: Axis(names[0], from: optimum[0] - reach, to: optimum[0] + reach, isLogarithmic: false),
            y: Axis(names[1], from: optimum[1] - reach, to: optimum[1] + reach, isLogarithmic: false),
            marks: contours + lines, labels: labels(arms))
    }

    /// A closed curve of 96 points on which the excess has this value.
    static func contour(of objective: Objective, at level: Double) -> [Mark.Point] {
        guard let optimum = objective.optimum, optimum.count == 2 else { return [] }
        let (largest, smallest) = objective.curvature
        let (steep, flat) = (objective.surface.eigensystem.vectors[0], objective.surface.eigensystem.vectors[1])
        return (0..<96).map { index in
            let angle = Double(index) / 48 * Double.pi
            let first = (2 * level / largest).squareRoot() * cos(angle)
            let second = (2 * level / smallest).squareRoot() * sin(angle)
            return Mark.Point(
                x: optimum[0] + steep[0] * first + flat[0] * second,
                y: optimum[1] + steep[1] * first + flat[1] * second)
        }
    }

    /// The fitted curves over the data, in the units of the data's file.
    private static func fit(_ arms: [Arm], _ problems: [OptimizationProblem]) -> Chart? {
        guard problems.count == 1, let problem = problems.first, let features = problem.objective?.samples.features
        else { return nil }
        let dataset = problem.dataset
        let data = zip(dataset.x, dataset.y).map {
            Mark.Point(x: $0 * dataset.xDivisor, y: $1 * dataset.yDivisor + dataset.yOffset)
        }
        let x = Axis(dataset.xColumn ?? "x", data.map(\.x), isLogarithmic: false)
        var lines: [Mark] = []
        for (index, arm) in arms.enumerated() {
            guard let values = arm.runs.filter(\.isDone).min(by: { $0.rankedLoss < $1.rankedLoss })?.originalUnits
            else {
                continue
            }
            let points = (0...60).map { place in
                let value = x.low + (x.high - x.low) * Double(place) / 60
                return Mark.Point(x: value, y: features.prediction(values, at: value))
            }
            lines.append(.line(points, SeriesStyle(index: index)))
        }
        return Chart(
            title: "Fitted curves",
            description:
                "The data as dots, and \(problem.formula ?? "the curves") with the parameters of each row's best seed.",
            x: x, y: Axis(dataset.yColumn ?? "y", data.map(\.y), isLogarithmic: false), marks: [.dots(data)] + lines,
            labels: labels(arms))
    }

    /// A series that holds an arm's configuration looks like the arm, the others like none.
    private static func styles(_ series: [RateSeries], _ arms: [Arm]) -> [SeriesStyle] {
        var next = arms.count
        return series.map { series in
            let arm = arms.firstIndex { arm in series.groups.contains { $0.id == arm.group.id } }
            defer { if arm == nil { next += 1 } }
            return SeriesStyle(index: arm ?? next)
        }
    }

    private static func labels(_ arms: [Arm]) -> [(text: String, style: SeriesStyle)] {
        arms.enumerated().map { ($1.name, SeriesStyle(index: $0)) }
    }

    private static func text(_ value: Double?) -> String {
        value.map { NumberText.rounded($0) } ?? "no"
    }
}
