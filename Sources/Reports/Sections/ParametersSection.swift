import TextFormats
import Theory
import Tracking

/// The fitted curves in the units of the data's own file.
struct ParametersSection {
    static let title = "Fitted parameters"

    let data: ReportData

    /// Empty unless some data were scaled.
    var blocks: [Document.Block] {
        let problems = data.problems.filter(\.units.areScaled)
        guard !problems.isEmpty else { return [] }
        let heading = Document.Block.heading(level: 2, Prose(words: Self.title))
        guard let formula = problems.lazy.compactMap(\.formula).first else {
            let models = Set(problems.map(\.model)).sorted()
            let absence =
                models.count == 1
                ? "the model \(models[0]) is no sum" : "the models \(models.joined(separator: ", ")) are no sums"
            return [
                heading,
                .paragraph("unknown (no closed form): \(absence) of powers, whose parameters have other units."),
            ]
        }
        var table = Document.Table(
            [("row", .left), ("seed", .right)] + data.parameters.map { (Prose(text: $0), .right) })
        for problem in problems {
            guard let values = problem.optimum.flatMap(problem.originalUnits) else { continue }
            append("exact minimum", seed: "", values, of: problem.objective?.surface.parameters ?? [], to: &table)
        }
        for group in data.groups where group.best.isDone && group.best.problem.units.areScaled {
            guard let values = group.best.originalUnits else { continue }
            let link: Prose = "\(link: Prose(text: group.id), to: "#\(group.id)")"
            append(link, seed: String(group.best.seed), values, of: group.best.parameters, to: &table)
        }
        return [
            heading,
            .paragraph(
                """
                \(text: formula) in the units of the data's file: each configuration's seed with the lowest final loss, in the \
                order of their median final loss, below the exact minimum.
                """),
        ] + LongTable.blocks(table, rest: "data/runs.csv")
    }

    private func append(
        _ row: Prose, seed: String, _ values: [Double], of names: [String], to table: inout Document.Table
    ) {
        table.append(
            [row, Prose(words: seed)]
                + data.parameters.map { name in
                    Prose(words: names.firstIndex(of: name).map { NumberText.rounded(values[$0], digits: 9) } ?? "")
                })
    }
}
