import Experiments
import Inspection
import TextFormats

/// What `sweep --dry-run` prints: how much a sweep is, and its first and last points.
struct SweepPlanText {
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
        let points = PlanPoints(sweep.space.points(), of: sweep.space)
        let defaults = points.defaults.map { ($0.name, $0.explanation) }
        return
            ([Self.size(of: sweep)]
            + WrappedText.entries(
                facts + rungs + defaults + [("points", "\(points.points.count)")], width: width)
            + points.lines(width: width)).joined(separator: "\n")
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

/// What `sweep extend --dry-run` prints: which runs are new, of configurations that are there and of others.
struct SweepExtensionText {
    let more: SweepExtension

    /// The extension in one line.
    var size: String { "\(more.runCount.counted("new run")), \(more.stepCount.counted("step"))" }

    func text(width: Int) -> String {
        ([size] + lines(width: width)).joined(separator: "\n")
    }

    /// The first lines of what is new, with a mark where there are more.
    func firstLines(_ count: Int, width: Int) -> [String] {
        let lines = lines(width: width).flatMap { $0.split(separator: "\n").map(String.init) }
        return lines.count > count + 1 ? lines.prefix(count) + ["    ..."] : lines
    }

    private func lines(width: Int) -> [String] {
        more.groups.flatMap { group in
            let points = PlanPoints(group.points, of: more.space)
            let count = group.points.count
            let what =
                group.isNew
                ? count.counted("new configuration")
                : count.counted("configuration that is there", plural: "configurations that are there")
            let seeds = "\(group.seeds.count == 1 ? "seed" : "seeds") \(SeedList.text(of: group.seeds))"
            return [WrappedText.paragraph("\(what), on \(seeds)", width: width)]
                + WrappedText.entries(points.defaults.map { ($0.name, $0.explanation) }, width: width)
                + points.lines(width: width)
        }
    }
}
