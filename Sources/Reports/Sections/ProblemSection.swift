import Tracking

/// The exact answer that the runs were after.
struct ProblemSection {
    let data: ReportData

    var text: String {
        var problems: [(curvature: ProblemCurvature, run: ReportedRun)] = []
        for run in data.runs where !problems.contains(where: { $0.curvature == run.curvature }) {
            problems.append((run.curvature, run))
        }
        return "## Problem\n\n" + problems.map { card($0.curvature, $0.run) }.joined(separator: "\n")
    }

    private func card(_ curvature: ProblemCurvature, _ run: ReportedRun) -> String {
        var table = MarkdownTable([("quantity", .left), ("value", .right)])
        let (largest, smallest) = curvature.eigenvalues
        table.append(["samples", String(curvature.samples)])
        if run.dataset.kind == "csv" {
            let columns = "\(run.dataset.yColumn ?? "y") against \(run.dataset.xColumn ?? "x")"
            table.append(["data", MarkdownText.escaped(columns)])
        }
        table.append(["loss", MarkdownText.escaped(run.run.plan.loss)])
        if let optimum = curvature.optimum {
            table.append(["w at the minimum", NumberText.exact(optimum.w)])
            table.append(["b at the minimum", NumberText.exact(optimum.b)])
            table.append(["loss at the minimum", NumberText.exact(curvature.scale * optimum.loss)])
        } else {
            table.append(["minimum", "not unique: x^2 is the same in all samples"])
        }
        table.append(["largest curvature", NumberText.rounded(largest, digits: 8)])
        table.append(["smallest curvature", NumberText.rounded(smallest, digits: 8)])
        if smallest > 0 { table.append(["condition number", NumberText.rounded(largest / smallest, digits: 8)]) }
        table.append(["largest stable learning rate of gradient descent", NumberText.rounded(2 / largest, digits: 8)])
        return "y = w*x^2 + b, \(MarkdownText.escaped(run.dataset.kind)) data.\n\n" + table.text
    }
}
