import TextFormats
import Theory
import Tracking

/// The exact answer that the runs were after, and what gradient descent can do on the way to it.
struct ProblemSection {
    let data: ReportData

    var blocks: [Document.Block] {
        let problems = data.problems
        let cards = problems.map(quantities)
        var blocks: [Document.Block] = [
            .heading(level: 2, "Problem"), .paragraph("\(formula(problems))\(definitions(problems))."),
        ]
        var table: Document.Table
        if cards.count == 1 {
            table = Document.Table([("quantity", .left), ("value", .right)])
            for (name, value) in cards[0] { table.append([Prose(words: name), value]) }
        } else {
            blocks.append(.paragraph("\(cards.count) different problems, in the order of their first run."))
            table = Document.Table(cards[0].map { (Prose(words: $0.name), .right) })
            for card in cards { table.append(card.map(\.value)) }
        }
        let unknown = problems.filter { $0.objective == nil }.map(\.model)
        if unknown.count == problems.count {
            return blocks + [
                .table(table), .paragraph("Optimum and curvature are \(OptimizationProblem.absence(unknown))."),
            ]
        }
        return blocks + [
            .table(table),
            .paragraph(
                """
                The curvatures are the eigenvalues of the Hessian of the loss over all data; above \
                \(em: "2 / largest curvature") gradient descent on full batches diverges. All values are computed in float64, \
                whatever the runs used.
                """),
        ]
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

    /// The same names for every problem.
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
        guard let objective = data.problems.compactMap(\.objective).first else { return quantities }
        let (largest, smallest) = problem.curvature ?? (.nan, .nan)
        let optimum = problem.optimum
        let minimum = objective.surface.parameters.enumerated().map { index, name in
            (name: "\(name) at the minimum", value: exact(optimum?[index]))
        }
        return quantities + [
            ("loss at the minimum", exact(problem.minimumLoss))
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
        let scaling = dataset.xDivisor != 1 || dataset.yDivisor != 1 || dataset.yOffset != 0 ? ", scaled" : ""
        return "\(y) against \(x)\(file)\(scaling)"
    }

    private func range(_ values: [Double]) -> String {
        guard let low = values.min(), let high = values.max() else { return "" }
        return "\(NumberText.exact(low)) to \(NumberText.exact(high))"
    }
}
