import TextFormats
import Theory
import Tracking

/// The exact answer that the runs were after, and what gradient descent can do on the way to it.
struct ProblemSection {
    static let title = "Problem"

    let data: ReportData

    var blocks: [Document.Block] {
        let problems = data.problems
        var blocks: [Document.Block] = [
            .heading(level: 2, Prose(words: Self.title)), .paragraph("\(formula(problems))\(definitions(problems))."),
        ]
        if problems.count == 1 {
            var table = Document.Table([("quantity", .left), ("value", .right)])
            for (name, value) in quantities(problems[0]) { table.append([Prose(words: name), value]) }
            blocks.append(.table(table))
        } else {
            blocks.append(.paragraph("\(problems.count) different problems, in the order of their first run."))
            blocks += tables(of: problems)
        }
        let unknown = problems.filter { $0.objective == nil }.map(\.model)
        if !unknown.isEmpty {
            blocks.append(.paragraph("Optimum and curvature are \(OptimizationProblem.absence(unknown))."))
        }
        if unknown.count == problems.count { return blocks }
        return blocks + [
            .paragraph(
                """
                The curvatures are the eigenvalues of the Hessian of the loss over all data; above \
                \(em: "2 / largest curvature") gradient descent on full batches diverges. All values are computed in float64, \
                whatever the runs used.
                """)
        ]
    }

    /// A row for each problem, and a table for each model, because each has its own parameters.
    private func tables(of problems: [OptimizationProblem]) -> [Document.Block] {
        let models = Set(problems.map(\.model))
        var blocks: [Document.Block] = []
        var left = problems[...]
        while let first = left.first {
            let names = quantities(first).map(\.name)
            let own = left.filter { $0.model == first.model && quantities($0).map(\.name) == names }
            left.removeAll { own.contains($0) }
            var table = Document.Table(names.map { (Prose(words: $0), .right) })
            for problem in own { table.append(quantities(problem).map(\.value)) }
            if models.count > 1 { blocks.append(.paragraph("The model \(code: first.model):")) }
            blocks.append(.table(table))
        }
        return blocks
    }

    /// The model, where all runs have the same and it is a sum of powers.
    private func formula(_ problems: [OptimizationProblem]) -> Prose {
        let formulas = Set(problems.map(\.formula))
        guard formulas.count == 1, let formula = formulas.first ?? nil else { return "" }
        return "\(formula); "
    }

    private func definitions(_ problems: [OptimizationProblem]) -> Prose {
        Set(problems.map(\.loss)).sorted().map { loss -> Prose in
            let formula =
                switch loss {
                case "half-sum": "half the sum of the squared errors of a batch"
                case "half-mean": "half the mean of the squared errors of a batch"
                default: "the mean of the squared errors of a batch"
                }
            return "the loss \(loss) is \(words: formula)"
        }.joined(separator: ", ")
    }

    /// The same names for every problem of a model whose optimum is known.
    private func quantities(_ problem: OptimizationProblem) -> [(name: String, value: Prose)] {
        let dataset = problem.dataset
        let exact = { (value: Double?) in Prose(words: value.map(NumberText.exact) ?? "not unique") }
        let quantities: [(name: String, value: Prose)] = [
            ("data", Prose(text: description(of: dataset))),
            ("samples", "\(dataset.x.count)"),
            ("x", Prose(words: range(dataset.x))),
            ("loss", "\(problem.loss)"),
            ("number type of the runs", "\(problem.dtype)"),
        ]
        guard let objective = problem.objective else { return quantities }
        let (largest, smallest) = problem.curvature ?? (.nan, .nan)
        let optimum = problem.optimum
        let minimum = objective.surface.parameters.enumerated().map { index, name in
            (name: "\(name) at the minimum", value: exact(optimum?[index]))
        }
        return quantities + [
            ("loss at the minimum", Prose(words: problem.minimumLoss.map(NumberText.exact) ?? "unknown"))
        ] + minimum + [
            ("smallest curvature", exact(smallest)),
            ("largest curvature", exact(largest)),
            ("condition number", smallest > 0 ? exact(largest / smallest) : "infinite"),
            ("2 / largest curvature", exact(2 / largest)),
        ]
    }

    private func description(of dataset: Dataset) -> String {
        guard let x = dataset.xColumn, let y = dataset.yColumn else { return dataset.kind }
        let file = dataset.source.split(separator: "/").last.map { " of \($0)" } ?? ""
        let scaling = dataset.units.areScaled ? ", scaled" : ""
        return "\(y) against \(x)\(file)\(scaling)"
    }

    private func range(_ values: [Double]) -> String {
        guard let low = values.min(), let high = values.max() else { return "" }
        return "\(NumberText.exact(low)) to \(NumberText.exact(high))"
    }
}
