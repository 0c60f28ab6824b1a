import TextFormats
import Theory
import Tracking

/// The fitted curves over the data, in the units of the data's file.
struct FitPicture {
    private let arms: [Arm]
    private let styles: [SeriesStyle]
    private let problem: OptimizationProblem
    private let features: PowerFeatures
    private let data: [Mark.Point]

    /// Nil where the runs have several problems, or their model has no curve.
    init?(_ arms: [Arm], _ problems: [OptimizationProblem], _ styles: SeriesStyles) {
        guard problems.count == 1, let problem = problems.first, let features = problem.objective?.samples.features
        else { return nil }
        (self.arms, self.problem, self.features) = (arms, problem, features)
        self.styles = styles.styles(of: arms)
        let dataset = problem.dataset
        data = zip(dataset.x, dataset.y).map {
            Mark.Point(x: $0 * dataset.xDivisor, y: $1 * dataset.yDivisor + dataset.yOffset)
        }
    }

    /// Nil without data.
    var chart: Chart? {
        let places = data.map(\.x)
        guard let first = places.min(), let last = places.max(), let low = data.map(\.y).min(),
            let high = data.map(\.y).max()
        else { return nil }
        let curves = zip(arms, styles).compactMap { arm, style in
            points(of: arm, from: first, to: last).map { (arm: arm, style: style, points: $0) }
        }
        // A curve that is far from the data leaves the picture.
        let room = (high - low) / 3
        let heights = curves.flatMap { $0.points.map(\.y) }.filter { (low - room...high + room).contains($0) }
        let x = Axis(problem.dataset.xColumn ?? "x", places, isLogarithmic: false)
        let y = Axis(problem.dataset.yColumn ?? "y", data.map(\.y) + heights, isLogarithmic: false)
        let outside = curves.filter { !Chart.shows($0.points, x: x, y: y) }.map(\.arm.name)
        let missing = arms.filter { arm in !curves.contains { $0.arm.name == arm.name } }.map(\.name)
        return Chart(
            title: "Fitted curves",
            description:
                "The data as dots, and \(problem.formula ?? "the curves") with the parameters of each row's best seed.",
            meaning: meaning(outside: outside, missing: missing), x: x, y: y,
            marks: [.dots(data)] + dashedLast(curves.map { (points: $0.points, style: $0.style) }),
            labels: Figures.labels(curves.map(\.arm), curves.map(\.style)))
    }

    // MARK: - Internals

    /// Curves that agree are seen through each other's dashes.
    private func dashedLast(_ curves: [(points: [Mark.Point], style: SeriesStyle)]) -> [Mark] {
        let (whole, dashed) = (curves.filter(\.style.dashes.isEmpty), curves.filter { !$0.style.dashes.isEmpty })
        return (whole.reversed() + dashed.reversed()).map { .line($0.points, $0.style) }
    }

    /// Nil where no seed ended with parameters that can be compared.
    private func points(of arm: Arm, from first: Double, to last: Double) -> [Mark.Point]? {
        guard let best = arm.runs.filter(\.hasValue).min(by: { $0.rankedLoss < $1.rankedLoss }),
            let values = best.originalUnits
        else { return nil }
        return (0...60).map { place in
            let value = first + (last - first) * Double(place) / 60
            return Mark.Point(x: value, y: features.prediction(values, at: value))
        }
    }

    private func meaning(outside: [String], missing: [String]) -> String {
        var sentences = [
            "Dots are the data. Each line is \(problem.formula ?? "the curve") with the final parameters of the seed "
                + "with the lowest loss; lines that agree cover each other."
        ]
        if !outside.isEmpty {
            sentences.append(
                "So far from the data that the picture does not show it: \(outside.joined(separator: ", ")).")
        }
        if !missing.isEmpty {
            sentences.append("Without a line, because no run ended well: \(missing.joined(separator: ", ")).")
        }
        return sentences.joined(separator: " ")
    }
}
