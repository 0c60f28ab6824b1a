import TextFormats
import Tracking

/// The runs that left the finite numbers, with what theory says of them, and the runs that failed.
struct DivergenceSection {
    let data: ReportData

    var text: String {
        let ended = data.runs.filter { $0.run.state == .diverged || $0.run.state == .failed }
        guard !ended.isEmpty else { return "## Divergence and failures\n\nNo run diverged or failed.\n\n\(grown)" }
        var table = MarkdownTable([
            ("run", .right), ("configuration", .left), ("optimizer", .left), ("lr", .right), ("seed", .right),
            ("state", .left), ("first bad step", .right), ("tenfold loss at", .right), ("reason", .left),
            ("lr * largest curvature", .right), ("edge", .right), ("cause", .left),
        ])
        for run in ended {
            let product = run.run.plan.learningRate * run.problem.curvature.largest
            let edge = StabilityEdge(run).bound
            let id = run.run.plan.configID
            table.append([
                String(run.run.id), "[\(id)](#\(id))", MarkdownText.escaped(run.run.plan.optimizer),
                NumberText.exact(run.run.plan.learningRate), String(run.seed), run.run.state.rawValue,
                run.run.firstBadStep.map(String.init) ?? "", run.firstGrowth.map(String.init) ?? "",
                MarkdownText.escaped(run.run.reason ?? ""),
                NumberText.rounded(product), edge.map { NumberText.rounded($0) } ?? "",
                run.run.state == .diverged ? DivergenceCause(run).rawValue : "",
            ])
        }
        return """
            ## Divergence and failures

            \(ended.count) of \(data.runs.count.counted("run")). *Edge* is the lr \\* largest curvature from \
            which on full-batch gradient descent (2), heavy ball (2 + 2μ) or Nesterov ((2 + 2μ) / (1 + 2μ)) must diverge on \
            this problem; other optimizers and smaller batches have no such exact bound. *Tenfold loss at* is the first step with \
            more than ten times the first loss.

            \(table.text)
            \(grown)
            """
    }

    /// Runs that more steps might have led to divergence.
    private var grown: String {
        let ids = data.runs.filter(\.hasGrown).map { String($0.run.id) }
        guard !ids.isEmpty else { return "" }
        return """
            \(ids.count.counted("further run")) ended with finite numbers, but a final loss more than ten times \
            the loss of the first step: \(ids.joined(separator: ", ")).


            """
    }
}
