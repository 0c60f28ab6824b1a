import TextFormats
import Theory
import Tracking

/// The runs that left the finite numbers, with what theory says of them, and the runs that failed.
struct DivergenceSection {
    static let title = "Divergence and failures"

    let data: ReportData

    var blocks: [Document.Block] {
        let ended = data.runs.filter { $0.run.state == .diverged || $0.run.state == .failed }
        let heading = Document.Block.heading(level: 2, Prose(words: Self.title))
        let unstable = data.runs.count { $0.standing == .failed(.unstable) }
        let others =
            unstable == 1 ? "1 unstable run counts as a failure" : "\(unstable) unstable runs count as failures"
        guard !ended.isEmpty else {
            return [
                heading,
                .paragraph("No run diverged or failed\(words: unstable > 0 ? ", but \(others)" : "")."),
            ] + grown
        }
        var table = Document.Table([
            ("run", .right), ("configuration", .left), ("optimizer", .left), ("lr", .right), ("seed", .right),
            ("state", .left), ("first bad step", .right), ("tenfold loss at", .right), ("reason", .left),
            ("lr * largest curvature", .right), ("edge", .right), ("cause", .left),
        ])
        for run in ended {
            let product = run.problem.curvature.map { run.run.plan.learningRate * $0.largest }
            let edge = run.method.fullBatchEdge
            let id = run.run.plan.groupID
            table.append([
                "\(words: String(run.run.id))", "\(link: Prose(text: id), to: "#\(id)")", "\(run.run.plan.optimizer)",
                number(run.run.plan.learningRate, NumberText.exact), Prose(words: String(run.seed)),
                Prose(words: run.run.state.rawValue), Prose(words: run.run.divergedStep.map(String.init) ?? ""),
                Prose(words: run.firstGrowth.map(String.init) ?? ""), "\(run.run.stateReason ?? "")",
                number(product) { NumberText.rounded($0) }, number(edge) { NumberText.rounded($0) },
                Prose(words: run.run.state == .diverged ? Self.words(run.classification) : ""),
            ])
        }
        let explanation: Prose = """
            \(ended.count) of \(data.runs.count.counted("run")). \(em: "Edge") is the \(text: "lr * largest curvature") from which on \
            full-batch gradient descent (2), heavy ball (2 + 2μ) or Nesterov ((2 + 2μ) / (1 + 2μ)) must diverge on this problem; \
            other optimizers and smaller batches have no such exact bound. \(em: "Tenfold loss at") is the first step with more \
            than ten times the first loss.
            """
        return [heading, .paragraph(explanation)] + LongTable.blocks(table, rest: "data/runs.csv") + grown
    }

    private func number(_ value: Double?, _ text: (Double) -> String) -> Prose {
        Prose(words: value.map(text) ?? "")
    }

    /// The cause in the words of the table; nil where no exact surface is known.
    static func words(_ classification: Classification?) -> String {
        switch classification {
        case .wrongGradient: "wrong gradient"
        case .maximizes: "maximize"
        case .aboveEdge: "lr above the edge"
        case .aboveNoiseEdge, .noiseGrowth: "noise of the batches"
        case .divergedBelowEdge: "against theory"
        case .overflow, .lossOverflow: "overflow"
        case .notFiniteSample: "a sample is no number"
        case .outlierEdge, .outlierNoise, .outlierGrowth, .outlierResidual, .outlierLeverage: "one sample"
        case .failed, .noSteps, .noExactEdge, .noSingleMinimum, .transient, .noiseFloor, .converged, .oscillation,
            .plateau, .stillFalling, nil:
            "unknown (no closed form)"
        }
    }

    /// Runs that more steps might have led to divergence.
    private var grown: [Document.Block] {
        let ids = data.runs.filter(\.hasGrown).map { String($0.run.id) }
        guard !ids.isEmpty else { return [] }
        return [
            .paragraph(
                """
                \(ids.count.counted("further run")) ended with finite numbers, but a final loss more than ten times the loss of the \
                first step: \(ids.joined(separator: ", ")).
                """)
        ]
    }
}
