import TextFormats
import Tracking

/// The exact answer that the runs were after, and what gradient descent can do on the way to it.
struct ProblemSection {
    let data: ReportData

    var text: String {
        let problems = data.problems
        let cards = problems.map(quantities)
        var text = "## Problem\n\ny = w\\*x^2 + b; \(definitions(problems)).\n\n"
        if cards.count == 1 {
            var table = MarkdownTable([("quantity", .left), ("value", .right)])
            for (name, value) in cards[0] { table.append([name, value]) }
            text += table.text
        } else {
            text += "\(cards.count) different problems, in the order of their first run.\n\n"
            var table = MarkdownTable(cards[0].map { ($0.name, .right) })
            for card in cards { table.append(card.map(\.value)) }
            text += table.text
        }
        return text + """

            The curvatures are the eigenvalues of the Hessian of the loss over all data; above *2 / largest curvature* \
            gradient descent on full batches diverges. All values are computed in float64, whatever the runs used.


            """
    }

    private func definitions(_ problems: [Problem]) -> String {
        Set(problems.map(\.loss)).sorted().map { loss in
            let formula =
                switch loss {
                case "half-sum": "half the sum of the squared errors of a batch"
                case "half-mean": "half the mean of the squared errors of a batch"
                default: "the mean of the squared errors of a batch"
                }
            return "the loss \(MarkdownText.escaped(loss)) is \(formula)"
        }.joined(separator: ", ")
    }

    /// The same names for every problem.
    private func quantities(_ problem: Problem) -> [(name: String, value: String)] {
        let (largest, smallest) = problem.curvature ?? (.nan, .nan)
        let dataset = problem.dataset
        let optimum = problem.optimum
        let none = "not unique"
        return [
            ("data", description(of: dataset)),
            ("samples", String(dataset.x.count)),
            ("x", range(dataset.x)),
            ("loss", MarkdownText.escaped(problem.loss)),
            ("number type of the runs", MarkdownText.escaped(problem.dtype)),
            ("loss at the minimum", problem.minimumLoss.map(NumberText.exact) ?? none),
            ("w at the minimum", optimum.map { NumberText.exact($0[0]) } ?? none),
            ("b at the minimum", optimum.map { NumberText.exact($0[1]) } ?? none),
            ("smallest curvature", NumberText.exact(smallest)),
            ("largest curvature", NumberText.exact(largest)),
            ("condition number", smallest > 0 ? NumberText.exact(largest / smallest) : "infinite"),
            ("2 / largest curvature", NumberText.exact(2 / largest)),
        ]
    }

    private func description(of dataset: Dataset) -> String {
        guard let x = dataset.xColumn, let y = dataset.yColumn else { return MarkdownText.escaped(dataset.kind) }
        let file = dataset.source.split(separator: "/").last.map { " of \($0)" } ?? ""
        let scaling = dataset.xDivisor != 1 || dataset.yDivisor != 1 || dataset.yOffset != 0 ? ", scaled" : ""
        return MarkdownText.escaped("\(y) against \(x)\(file)\(scaling)")
    }

    private func range(_ values: [Double]) -> String {
        guard let low = values.min(), let high = values.max() else { return "" }
        return "\(NumberText.exact(low)) to \(NumberText.exact(high))"
    }
}
