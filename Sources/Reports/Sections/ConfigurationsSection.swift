import TextFormats
import Tracking

/// Every field of every configuration.
struct ConfigurationsSection {
    let data: ReportData

    var text: String {
        "## The configuration behind each row\n\n\(constants)"
            + data.groups.indices.map(section).joined()
    }

    private var constants: String {
        guard !data.fields.constant.isEmpty else { return "" }
        var table = MarkdownTable([("field", .left), ("value in all rows", .left)])
        for field in data.fields.constant {
            let note = field.isEverywhere ? "" : " (where it exists)"
            table.append([MarkdownText.escaped(field.name), MarkdownText.escaped(field.value) + note])
        }
        return table.text + "\n"
    }

    private func section(_ index: Int) -> String {
        let group = data.groups[index]
        let constant = Set(data.fields.constant.filter { !$0.isEverywhere }.map(\.name))
        let own = (data.fields.varying + constant.sorted()).compactMap { name in
            group.configuration[name].map { MarkdownText.escaped("\(ConfigurationFields.label(of: name)) \($0)") }
        }
        let runs = group.runs.sorted { ($0.seed, $0.run.id) < ($1.seed, $1.run.id) }
            .map { "\($0.run.id) (seed \($0.seed))" }
        return """
            ### \(group.id)

            Row \(index + 1)\(own.isEmpty ? "" : ": \(own.joined(separator: ", "))").
            Runs \(runs.joined(separator: ", ")).


            """
    }
}
