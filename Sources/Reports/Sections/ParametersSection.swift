import TextFormats
import Theory
import Tracking

/// The fitted curves in the units of the data's own file.
struct ParametersSection {
    let data: ReportData

    /// Empty unless some data were scaled.
    var blocks: [Document.Block] {
        let problems = data.problems.filter(\.units.areScaled)
        guard !problems.isEmpty else { return [] }
        var table = Document.Table([("row", .left), ("seed", .right), ("w", .right), ("b", .right)])
        for problem in problems {
            guard let values = problem.optimum.flatMap(problem.originalUnits) else { continue }
            append("exact minimum", seed: "", values, to: &table)
        }
        for group in data.groups where group.best.isDone && group.best.problem.units.areScaled {
            guard let values = group.best.originalUnits else { continue }
            let link: Prose = "\(link: Prose(words: group.id), to: "#\(group.id)")"
            append(link, seed: String(group.best.seed), values, to: &table)
        }
        return [
            .heading(level: 2, "Fitted parameters"),
            .paragraph(
                """
                \(text: "y = w*x^2 + b") in the units of the data's file: each configuration's seed with the lowest final loss, in the \
                order of the leaderboard, below the exact minimum.
                """),
            .table(table),
        ]
    }

    private func append(_ row: Prose, seed: String, _ values: [Double], to table: inout Document.Table) {
        table.append([row, Prose(words: seed)] + values.map { Prose(words: NumberText.rounded($0, digits: 9)) })
    }
}
