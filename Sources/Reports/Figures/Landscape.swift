import Foundation
import TextFormats
import Theory
import Tracking

/// The paths of a model's two parameters over the contours of its loss, each arm on the first seed.
struct Landscape {
    private let arms: [Arm]
    private let styles: [SeriesStyle]
    private let objective: Objective
    private let optimum: [Double]
    private let seed: Int64

    /// Hands out the parameters before each step of a run, in order, and those at its end.
    typealias PathReader = (ReportedRun, (Mark.Point) -> Void) throws -> Void

    /// Nil where the runs have several problems, or their minimum is not known, or is not one of two parameters.
    init?(_ data: ReportData, _ comparison: Comparison) {
        let problems = data.problems
        arms = Figures.shown(comparison)
        guard problems.count == 1, let objective = problems.first?.objective, let optimum = objective.optimum,
            optimum.count == 2, objective.curvature.smallest > 0, let seed = arms.first?.runs.first?.seed
        else { return nil }
        (self.objective, self.optimum, self.seed) = (objective, optimum, seed)
        styles = SeriesStyles(data).styles(of: arms)
    }

    /// Nil if no run has moved.
    ///
    /// Reads the steps of one run per arm, and holds none of them.
    func chart(reading read: PathReader) throws -> Chart? {
        let runs = zip(arms, styles).compactMap { arm, style in
            arm.runs.first { $0.seed == seed && $0.extent != nil }.map { (run: $0, style: style) }
        }
        guard let frame = frame(runs.compactMap(\.run.extent)) else { return nil }
        var paths: [(trace: PathTrace, style: SeriesStyle)] = []
        for (run, style) in runs {
            var trace = PathTrace(width: Chart.width - 70, height: Chart.plotHeight)
            try read(run) { point in
                trace.append(Mark.Point(x: frame.x.position(point.x), y: frame.y.position(point.y)))
            }
            trace.finish()
            paths.append((trace, style))
        }
        // The best one lies above the others.
        paths.reverse()
        let value = { (point: Mark.Point) in
            Mark.Point(
                x: frame.x.low + point.x * (frame.x.high - frame.x.low),
                y: frame.y.low + point.y * (frame.y.high - frame.y.low))
        }
        var marks: [Mark] = contours(in: frame) + paths.map { .path($0.trace, $0.style) }
        marks.append(.goal(Mark.Point(x: optimum[0], y: optimum[1]), "minimum"))
        var starts: [Mark.Point] = []
        for (trace, style) in paths {
            if let last = trace.last { marks.append(.marker(value(last), style)) }
        }
        for (trace, _) in paths.reversed() {
            guard let first = trace.first, !starts.contains(first) else { continue }
            marks.append(.start(value(first), starts.isEmpty ? "start" : ""))
            starts.append(first)
        }
        let names = objective.surface.parameters
        return Chart(
            title: "Loss landscape, seed \(seed)",
            description: "Contours of the loss, a factor of ten apart, around its minimum at \(names[0]) = "
                + "\(NumberText.rounded(optimum[0])), \(names[1]) = \(NumberText.rounded(optimum[1])), and the paths of the "
                + "parameters from their start.",
            meaning:
                "Lines are the paths of the parameters on seed \(seed), every step of them; the ring is where they start, "
                + "the cross the minimum, and a filled shape where a path ends. Gray curves are contours of the excess, a "
                + "factor of ten apart.",
            x: frame.x, y: frame.y, marks: marks,
            labels: zip(arms, styles).map { Chart.Label(text: $0.name, style: $1, hasShape: true, isSolid: true) })
    }

    // MARK: - Internals

    /// Around everything that is not far above the start, and the minimum; what leaves it has diverged.
    private func frame(_ extents: [ParameterExtent]) -> (x: Axis, y: Axis)? {
        let names = objective.surface.parameters
        let corners = extents.flatMap { [(x: $0.x.low, y: $0.y.low), (x: $0.x.high, y: $0.y.high)] }
        guard !corners.isEmpty, corners.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
        // What a path at the highest excess of all corners could reach, so that no direction is without width.
        let excess = corners.compactMap { objective.excess(at: [$0.x, $0.y]) }.max() ?? 0
        guard excess > 0, excess.isFinite else { return nil }
        let reach = reach(at: excess)
        let axes = [(corners.map(\.x), 0), (corners.map(\.y), 1)].map { values, index -> Axis? in
            let all = values + [optimum[index]]
            guard var low = all.min(), var high = all.max() else { return nil }
            if high - low < 0.1 * reach[index] {
                let middle = (low + high) / 2
                (low, high) = (middle - 0.05 * reach[index], middle + 0.05 * reach[index])
            }
            let room = 0.07 * (high - low)
            guard high - low > 0, low - room < low, (high + room).isFinite else { return nil }
            return Axis(names[index], from: low - room, to: high + room, isLogarithmic: false)
        }
        guard let x = axes[0], let y = axes[1] else { return nil }
        return (x, y)
    }

    /// How far from the minimum the contour of this excess reaches in each parameter.
    private func reach(at excess: Double) -> [Double] {
        let (largest, smallest) = objective.curvature
        let vectors = objective.surface.eigensystem.vectors
        return (0..<2).map { index in
            let (steep, flat) = (vectors[0][index], vectors[1][index])
            return (2 * excess * (steep * steep / largest + flat * flat / smallest)).squareRoot()
        }
    }

    /// Powers of ten, from the highest in the frame down to the last that is larger than a dot.
    private func contours(in frame: (x: Axis, y: Axis)) -> [Mark] {
        let corners = [frame.x.low, frame.x.high].flatMap { x in [frame.y.low, frame.y.high].map { [x, $0] } }
        guard let highest = corners.compactMap(objective.excess).max(), highest > 0, highest.isFinite else { return [] }
        let top = Int(log10(highest).rounded(.down))
        var marks: [Mark] = []
        for power in 0..<10 {
            let level = Double("1e\(top - power)") ?? 0
            let reach = reach(at: level)
            let pixels = [
                2 * reach[0] / (frame.x.high - frame.x.low) * Chart.width,
                2 * reach[1] / (frame.y.high - frame.y.low) * Chart.plotHeight,
            ]
            guard level > 0, pixels.contains(where: { $0 > 12 }) else { break }
            marks.append(.contour(Self.contour(of: objective, at: level)))
        }
        return marks
    }

    /// A closed curve of 240 points on which the excess has this value.
    static func contour(of objective: Objective, at level: Double) -> [Mark.Point] {
        guard let optimum = objective.optimum, optimum.count == 2 else { return [] }
        let (largest, smallest) = objective.curvature
        let (steep, flat) = (objective.surface.eigensystem.vectors[0], objective.surface.eigensystem.vectors[1])
        return (0..<240).map { index in
            let angle = Double(index) / 120 * Double.pi
            let first = (2 * level / largest).squareRoot() * cos(angle)
            let second = (2 * level / smallest).squareRoot() * sin(angle)
            return Mark.Point(
                x: optimum[0] + steep[0] * first + flat[0] * second,
                y: optimum[1] + steep[1] * first + flat[1] * second)
        }
    }
}
