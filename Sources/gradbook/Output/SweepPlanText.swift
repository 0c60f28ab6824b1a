import Experiments
import Inspection
import TextFormats

/// What `sweep --dry-run` prints: how much a sweep is, and its first and last points.
struct SweepPlanText {
    private static let shownPoints = 5

    let sweep: ExpandedSweep
    let estimate: SweepEstimate
    let workers: Int
    /// Bytes that are free where the notebook lies, if that is known.
    let freeBytes: Int64?

    /// The sweep in one line.
    static func size(of sweep: ExpandedSweep) -> String {
        "\(sweep.configurations.count.counted("configuration")) x \(sweep.space.seeds.count.counted("seed")): "
            + "\(sweep.halving == nil ? "" : "at most ")\(sweep.runCount.counted("run")), \(sweep.stepCount.counted("step"))"
    }

    func text(width: Int) -> String {
        let search = sweep.space.search
        var method = search.method.rawValue
        if let trials = search.trials { method += ", \(trials.counted("trial")), sweep seed \(search.seed)" }
        let free = freeBytes.map { " (\(Self.bytes(Double($0))) free)" } ?? ""
        let facts = [
            ("search", method),
            ("rows", "\(sweep.stepCount), one per step; fewer where runs end early"),
            ("disk", "about \(Self.bytes(estimate.bytes))\(free)"),
            (
                "time",
                "about \(Self.duration(estimate.seconds)) with \(workers.counted("worker")), from a short measurement"
            ),
        ]
        let rungs = (sweep.halving?.rungs ?? []).enumerated().map { index, rung in
            (
                "rung \(index + 1)",
                "\(rung.configurationCount.counted("configuration")) for \(rung.steps.counted("step"))"
            )
        }
        let points = sweep.space.points()
        return
            ([Self.size(of: sweep)]
            + WrappedText.entries(facts + rungs + [("points", "\(points.count)")], width: width)
            + lines(of: points, width: width)).joined(separator: "\n")
    }

    private func lines(of points: [RawSettings], width: Int) -> [String] {
        let shown = Self.shownPoints
        let indices =
            points.count <= 2 * shown
            ? Array(points.indices) : Array(0..<shown) + Array((points.count - shown)..<points.count)
        var lines: [String] = []
        for (last, index) in zip([nil] + indices.map(Optional.some), indices) {
            if let last, index > last + 1 { lines.append("    ...") }
            let number = "\(index + 1)"
            let margin = String(repeating: " ", count: 4 + "\(points.count)".count - number.count)
            lines.append(WrappedText.line(margin + number + " ", words(of: points[index]), width: width))
        }
        return lines
    }

    private func words(of point: RawSettings) -> [String] {
        let fields = RunSetting.all.compactMap { field in point.fields[field].map { "\(field.name)=\($0)" } }
        let settings = point.hyperparameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return fields.isEmpty && settings.isEmpty ? ["the defaults"] : fields + settings
    }

    static func bytes(_ count: Double) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB"]
        var (value, unit) = (count, 0)
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return "\(Int(value.rounded())) \(units[unit])"
    }

    private static func duration(_ seconds: Double) -> String {
        seconds < 1 ? "1 s" : ProgressBar.duration(seconds)
    }
}
