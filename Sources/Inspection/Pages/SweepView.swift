import TextFormats
package import Tracking

/// A sweep at one moment: the middle run of its best configuration so far, and the curves of those that are trained or
/// ended last.
package struct SweepView {
    /// So many curves are shown.
    private static let curveCount = 8
    private static let curveWidth = 32

    private let best: Run?
    private let shown: [(run: Run, curve: [CurvePlot.Point])]
    private let fraction: Double
    /// The best run's loss, as a program reads it.
    private let bestLoss: Double?

    /// Takes the run that stands for the best configuration, if there is one.
    ///
    /// Reads at most a few thousand
    /// rows, however large the sweep is. `rounded` gives the number that a program reads in place of one.
    package init(
        of sweep: Sweep, best: Run?, in store: Store, rounded: (Double) -> Double = { $0 }
    ) throws {
        bestLoss = best?.finalLoss.map(rounded)
        let runs = try store.runs.all(ofSweep: sweep.id)
        self.best = best
        let ended = runs.filter { $0.finishedAt != nil }
            .sorted { ($0.finishedAt ?? "", $0.id) > ($1.finishedAt ?? "", $1.id) }
        let running = runs.filter { $0.state == .running }
        shown = try (running + ended).prefix(Self.curveCount).map { run in
            var curve: [CurvePlot.Point] = []
            guard let loss = try store.steps.schema(ofRun: run.id).index(of: .loss) else { return (run, []) }
            try store.steps.forEach(ofRun: run.id, every: max(1, run.plan.steps / (4 * Self.curveWidth))) { step in
                curve.append(CurvePlot.Point(step: step.step, value: step.values[loss]))
            }
            return (run, curve)
        }
        let planned = max(1, sweep.plannedRuns)
        fraction = Double(runs.count { $0.state.isFinal }) / Double(planned)
    }

    /// The lines below a sweep's status, for a terminal of this width.
    package func text(width: Int) -> String {
        let cells = 40
        let full = min(cells, Int(fraction * Double(cells)))
        var lines = [
            "  [" + String(repeating: "#", count: full) + String(repeating: "-", count: cells - full)
                + "] \(Int(fraction * 100)) %"
        ]
        lines.append(WrappedText.paragraph("best configuration so far: \(bestText)", indentation: 2, width: width))
        let scale = CurvePlot.Scale(of: shown.map(\.curve).joined().map(\.value))
        let labels = shown.map { "run \($0.run.id)" }
        let margin = labels.map(\.count).max() ?? 0
        for (label, (run, curve)) in zip(labels, shown) {
            let room = width - margin - 28
            let spark = SparkText.line(
                curve, width: max(8, min(Self.curveWidth, room)), lastStep: run.plan.steps - 1, scale: scale)
            let loss = curve.last.map { CellText.glance($0.value) } ?? ""
            lines.append(
                "  \(label)\(String(repeating: " ", count: margin - label.count))  \(spark)  "
                    + "\(run.state == .running ? "at" : run.state.rawValue) \(loss)")
        }
        return lines.joined(separator: "\n")
    }

    /// `middle run 7, final loss 0.00334 (sgd, lr 0.1, seed 3)`.
    private var bestText: String {
        guard let best, let loss = best.finalLoss else { return "none yet" }
        return "middle run \(best.id), final loss \(CellText.glance(loss)) (\(best.plan.optimizer), "
            + "lr \(NumberText.exact(best.plan.learningRate)), batch \(best.plan.batchSize), seed \(best.plan.seed))"
    }

    /// `best run 7: 0.00334`, for a line that says other things, too: the middle run of the best configuration.
    package var bestInBrief: String {
        guard let best, let loss = best.finalLoss else { return "no run is done" }
        return "best run \(best.id): \(CellText.glance(loss))"
    }

    /// The best run so far and its loss, for a program.
    package var row: [(column: String, value: SQLValue)] {
        [("best_run", best.map { .integer($0.id) } ?? .null), ("best_loss", .optional(bestLoss))]
    }
}

extension SweepView: Encodable {
    private enum CodingKeys: String, CodingKey {
        case bestRun, bestLoss
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(best?.id, forKey: .bestRun)
        try container.encode(bestLoss, forKey: .bestLoss)
    }
}
