import TextFormats
import Tracking

/// Every field of the configurations that are shown.
struct ConfigurationsSection {
    static let title = "The configuration behind each row"

    let data: ReportData
    /// In the order of the leaderboard.
    let groups: [ConfigurationGroup]

    /// Of more runs than this a configuration lists the first ones.
    private static let longestList = 40

    var blocks: [Document.Block] {
        let rest =
            groups.count == data.groups.count
            ? []
            : [
                Document.Block.paragraph(
                    """
                    The configurations of the other \((data.groups.count - groups.count).counted("row")) are in \
                    \(code: "data/runs.csv") and in the query below.
                    """)
            ]
        return [
            .heading(level: 2, Prose(words: Self.title)),
            .details(
                summary: "\(groups.count.counted("configuration"))",
                constants + groups.indices.flatMap(section) + rest),
        ]
    }

    private var constants: [Document.Block] {
        guard !data.fields.constant.isEmpty else { return [] }
        var table = Document.Table([("field", .left), ("value in all rows", .left)])
        for field in data.fields.constant {
            let note = field.isEverywhere ? "" : " (where it exists)"
            table.append(["\(field.name)", "\(field.value)\(words: note)"])
        }
        return [.table(table)]
    }

    private func section(_ index: Int) -> [Document.Block] {
        let group = groups[index]
        let constant = Set(data.fields.constant.filter { !$0.isEverywhere }.map(\.name))
        let own = (data.fields.varying + constant.sorted()).compactMap { name in
            group.configuration[name].map { "\(ConfigurationFields.label(of: name)) \($0)" }
        }
        let runs = group.runs.sorted { ($0.seed, $0.run.id) < ($1.seed, $1.run.id) }
            .map { "\($0.run.id) (seed \($0.seed))" }
        let settings: Prose = own.isEmpty ? "" : ": \(own.joined(separator: ", "))"
        let more =
            runs.count > Self.longestList ? " and \(runs.count - Self.longestList) more: see data/runs.csv" : ""
        return [
            .heading(level: 3, Prose(text: group.id)),
            .paragraph(
                "Row \(index + 1)\(settings).\nRuns \(runs.prefix(Self.longestList).joined(separator: ", "))\(words: more)."
            ),
        ]
    }
}
