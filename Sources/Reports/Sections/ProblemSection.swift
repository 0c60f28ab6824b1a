import TextFormats
import Tracking

/// The exact answer that the runs were after, and what gradient descent can do on the way to it.
struct ProblemSection {
    let data: ReportData

    var blocks: [Document.Block] {
        let problems = data.problems
        let cards = problems.map(quantities)
        var blocks: [Document.Block] = [
            .heading(level: 2, "Problem"), .paragraph("\(text: "y = w*x^2 + b"); \(definitions(problems))."),
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

    private func definitions(_ problems: [Problem]) -> Prose {
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
    private func quantities(_ problem: Problem) -> [(name: String, value: Prose)] {
        let (largest, smallest) = problem.curvature ?? (.nan, .nan)
        let dataset = problem.dataset
        let optimum = problem.optimum
        let exact = { (value: Double?) in Prose(words: value.map(NumberText.exact) ?? "not unique") }
        return [
            ("data", Prose(text: description(of: dataset))),
            ("samples", "\(dataset.x.count)"),
            ("x", Prose(words: range(dataset.x))),
            ("loss", "\(problem.loss)"),
            ("number type of the runs", "\(problem.dtype)"),
            ("loss at the minimum", exact(problem.minimumLoss)),
            ("w at the minimum", exact(optimum?[0])),
            ("b at the minimum", exact(optimum?[1])),
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
