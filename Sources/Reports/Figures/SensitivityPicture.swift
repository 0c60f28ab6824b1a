import Statistics
import TextFormats
import Tracking

/// The median final excess against the learning rate, with theory's edge.
struct SensitivityPicture {
    private let series: [RateSeries]
    private let groups: [ConfigurationGroup]
    private let styles: [SeriesStyle]
    private let target: ReportTarget
    /// The largest excess with which a run began, in decades.
    private let start: Double

    /// Less excess than this is at the end of the numbers, and is shown there.
    private static let lowest = -20.0

    init(_ all: [RateSeries], _ styles: SeriesStyles, target: ReportTarget) {
        series = Array(all.filter { $0.groups.count > 2 }.prefix(Comparison.largestArmCount))
        groups = series.flatMap(\.groups)
        self.styles = styles.styles(of: series)
        self.target = target
        start = groups.lazy.flatMap(\.runs).map { $0.decades(at: 0) }.filter(\.isFinite).max() ?? 0
    }

    /// Nil where no more than two rates were tried, or there is nothing to draw.
    var chart: Chart? {
        guard !groups.isEmpty, groups.allSatisfy({ $0.logExcesses != nil && RateSeries.rate($0) > 0 }) else {
            return nil
        }
        var heights = groups.map { shown($0.logExcesses?.median) }.filter(\.isFinite)
        guard let low = heights.min(), let high = heights.max() else { return nil }
        // How much the excess fell is seen only beside where it began.
        if high - low < 1 { heights.append(start) }
        let name = "final excess over the smallest loss"
        let goal = ExcessLevels.target(target, of: groups.flatMap(\.runs)).map { [$0] } ?? []
        let levels = ExcessLevels(goal, in: Axis(name, heights, isLogarithmic: true))
        return Chart(
            title: "Sensitivity to the learning rate",
            description: "Median log10 excess at the end against the learning rate, with the quartiles as a band; "
                + "crosses at the top count runs that diverged, grew tenfold or ended unstable, vertical lines are the edges that theory gives.",
            meaning: meaning(levels),
            x: Axis("learning rate", groups.map { Log10.of(RateSeries.rate($0)) } + edges, isLogarithmic: true),
            y: Axis(name, heights + levels.shown.map(\.height), isLogarithmic: true),
            marks: bands + levels.marks + lines,
            labels: zip(series, styles).map { Chart.Label(text: $0.name, style: $1, hasShape: true) })
    }

    // MARK: - Marks

    private var bands: [Mark] {
        zip(series, styles).map { series, style in
            .band(
                series.groups.map { group in
                    let excesses = group.logExcesses ?? OrderStatistics([])
                    return (
                        Log10.of(RateSeries.rate(group)), low: shown(excesses.quartile(1)),
                        high: shown(excesses.quartile(3))
                    )
                }, style)
        }
    }

    private var lines: [Mark] {
        zip(series, styles).flatMap { series, style -> [Mark] in
            let medians = series.groups.map {
                Mark.Point(x: Log10.of(RateSeries.rate($0)), y: shown($0.logExcesses?.median))
            }
            var marks: [Mark] = [.line(medians, style)]
            marks += medians.filter(\.y.isFinite).map { .marker($0, style) }
            if let edge = series.theoreticalEdge { marks.append(.vertical(x: Log10.of(edge), style)) }
            for group in series.groups {
                let count = group.runs.count(where: Self.isUnstable)
                if count > 0 { marks.append(.above(x: Log10.of(RateSeries.rate(group)), count: count, style)) }
            }
            return marks
        }
    }

    // MARK: - Internals

    private var edges: [Double] { series.compactMap { $0.theoreticalEdge.map(Log10.of) } }

    /// What grew without end stands at the top, like what diverged: how far it got says how many steps it had.
    private func shown(_ height: Double?) -> Double {
        let height = max(height ?? .infinity, Self.lowest)
        return height > start + 1 ? .infinity : height
    }

    private static func isUnstable(_ run: ReportedRun) -> Bool {
        run.run.state == .diverged || run.hasGrown || run.isUnstable
    }

    private func meaning(_ levels: ExcessLevels) -> String {
        var sentences = [
            "Each dot is the median over seeds of the final excess at one learning rate, the band the quartiles."
        ]
        if !levels.shown.isEmpty { sentences.append("The dotted line is the target.") }
        if groups.flatMap(\.runs).contains(where: Self.isUnstable) {
            sentences.append("A cross at the top counts the runs that diverged, grew tenfold or ended unstable there.")
        }
        if groups.contains(where: { shown($0.logExcesses?.median) == Self.lowest }) {
            sentences.append("An excess of 0, or too small to be told from it, is drawn at 1e-20.")
        }
        if !edges.isEmpty {
            sentences.append("A vertical line is the learning rate from which on theory has runs diverge.")
        }
        return (sentences + levels.notes).joined(separator: " ")
    }
}
