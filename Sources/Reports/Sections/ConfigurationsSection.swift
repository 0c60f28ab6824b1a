import Tracking

/// Every field of every configuration.
struct ConfigurationsSection {
    let data: ReportData

    var text: String {
        var text = "## The configuration behind each row\n\n"
        let varying = data.varyingFields
        if !data.constantFields.isEmpty {
            var table = MarkdownTable([("field", .left), ("value in all rows that have it", .left)])
            for (name, value) in data.constantFields {
                table.append([MarkdownText.escaped(name), MarkdownText.escaped(value)])
            }
            text += table.text + "\n"
        }
        for (place, group) in data.groups.enumerated() {
            let fields = varying.compactMap { name in
                group.configuration[name].map { "\(MarkdownText.escaped(name)) = \(MarkdownText.escaped($0))" }
            }
            text += "### \(group.id)\n\nRow \(place + 1), runs \(runNumbers(group)).\n\n"
            text += fields.map { "- \($0)\n" }.joined() + (fields.isEmpty ? "" : "\n")
        }
        return text
    }

    private func runNumbers(_ group: ConfigurationGroup) -> String {
        group.runs.map { "\($0.run.id) (seed \($0.seed))" }.joined(separator: ", ")
    }
}
