import Tracking

/// Runs that left the finite numbers, with what theory says of them.
struct DivergenceSection {
    let data: ReportData

    var text: String {
        let diverged = data.runs.filter { $0.run.state == .diverged }
        guard !diverged.isEmpty else { return "## Divergence\n\nNo run diverged.\n\n\(grown)" }
        var table = MarkdownTable([
            ("run", .right), ("configuration", .left), ("optimizer", .left), ("lr", .right), ("seed", .right),
            ("first bad step", .right), ("reason", .left), ("lr * largest curvature", .right), ("edge", .right),
            ("predicted", .left),
        ])
        for run in diverged {
            let product = run.run.plan.learningRate * run.curvature.eigenvalues.largest
            let edge = StabilityEdge(run).bound
            table.append([
                String(run.run.id), "[\(run.run.plan.configID)](#\(run.run.plan.configID))",
                MarkdownText.escaped(run.run.plan.optimizer), NumberText.exact(run.run.plan.learningRate),
                String(run.seed), run.run.firstBadStep.map(String.init) ?? "",
                MarkdownText.escaped(run.run.reason ?? ""), NumberText.rounded(product), NumberText.rounded(edge),
                edge.map { product > $0 ? "yes" : "no" } ?? "no theory for it here",
            ])
        }
        return """
            ## Divergence

            \(diverged.count) of \(data.runs.count) runs ended with a number that is not finite. *Edge* is the bound above \
            which full-batch gradient descent, heavy ball or Nesterov must diverge on this problem.

            \(table.text)
            \(grown)
            """
    }

    /// Runs that would have diverged with more steps.
    private var grown: String {
        let ids = data.runs.filter(\.hasGrown).map { String($0.run.id) }
        guard !ids.isEmpty else { return "" }
        return
            "\(ids.count) further runs ended with finite numbers, but a loss more than ten times as high as they began "
            + "with: runs \(ids.joined(separator: ", ")).\n\n"
    }
}
