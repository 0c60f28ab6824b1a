import TextFormats
import Tracking

/// Every field of every configuration.
struct ConfigurationsSection {
    let data: ReportData

    var blocks: [Document.Block] {
        [.heading(level: 2, "The configuration behind each row")] + constants + data.groups.indices.flatMap(section)
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
        let group = data.groups[index]
        let constant = Set(data.fields.constant.filter { !$0.isEverywhere }.map(\.name))
        let own = (data.fields.varying + constant.sorted()).compactMap { name in
            group.configuration[name].map { "\(ConfigurationFields.label(of: name)) \($0)" }
        }
        let runs = group.runs.sorted { ($0.seed, $0.run.id) < ($1.seed, $1.run.id) }
            .map { "\($0.run.id) (seed \($0.seed))" }
        let settings: Prose = own.isEmpty ? "" : ": \(own.joined(separator: ", "))"
        return [
            .heading(level: 3, Prose(words: group.id)),
            .paragraph("Row \(index + 1)\(settings).\nRuns \(runs.joined(separator: ", "))."),
        ]
    }
}
