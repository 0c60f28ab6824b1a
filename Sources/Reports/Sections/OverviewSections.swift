import Tracking

/// What was planned and what became of it.
struct CompletenessSection {
    let data: ReportData

    var text: String {
        var table = MarkdownTable([
            ("optimizer", .left), ("planned", .right), ("done", .right), ("diverged", .right), ("failed", .right),
            ("missing", .right), ("distinct trajectories", .right),
        ])
        for (name, runs) in data.optimizers {
            let count = { (state: RunState) in runs.count { $0.run.state == state } }
            let ended = count(.done) + count(.diverged) + count(.failed)
            table.append(
                [MarkdownText.escaped(name)]
                    + [
                        runs.count, count(.done), count(.diverged), count(.failed), runs.count - ended,
                        Set(runs.map(\.trajectoryHash).filter { !$0.isEmpty }).count,
                    ].map(String.init))
        }
        return "## Completeness\n\n\(warning)\(table.text)\n"
    }

    /// Runs that are neither done nor diverged, by seed.
    private var warning: String {
        let missing = data.runs.filter { $0.run.state != .done && $0.run.state != .diverged }
        guard !missing.isEmpty else { return "" }
        let seeds = Set(missing.map(\.seed)).sorted().map(String.init).joined(separator: ", ")
        return """
            > [!WARNING]
            > \(missing.count) of \(data.runs.count) planned runs have no result (seeds \(seeds)). They rank behind every \
            other run below.


            """
    }
}

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

/// The fitted curve in the units of the data's file.
struct ParametersSection {
    let data: ReportData

    /// Empty unless some data were scaled.
    var text: String {
        let scaled = data.groups.filter { group in
            let dataset = group.runs[0].dataset
            return dataset.xDivisor != 1 || dataset.yDivisor != 1 || dataset.yOffset != 0
        }
        guard !scaled.isEmpty else { return "" }
        var table = MarkdownTable([("#", .right), ("best seed", .right), ("w", .right), ("b", .right)])
        for (place, group) in data.groups.enumerated() {
            guard let best = group.best, let values = best.originalUnits else { continue }
            table.append([
                String(place + 1), String(best.seed), NumberText.rounded(values.w, digits: 8),
                NumberText.rounded(values.b, digits: 8),
            ])
        }
        return """
            ## Fitted parameters

            In the units of the data's file, from each row's best seed.

            \(table.text)

            """
    }
}

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
