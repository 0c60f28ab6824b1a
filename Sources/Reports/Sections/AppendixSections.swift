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

/// How every table can be had without this report.
struct QueriesSection {
    let data: ReportData

    var text: String {
        "## The SQL behind each table\n\n"
            + ReportQueries(data).all.map { "\($0.table):\n\n\(MarkdownText.fenced($0.sql, language: "sql"))\n" }
            .joined()
    }
}

/// How the numbers can be had again.
struct ReproduceSection {
    let data: ReportData
    let options: ReportOptions

    var text: String {
        var commands: [String] = []
        if let sweep = data.sweep, !sweep.command.isEmpty {
            commands.append(sweep.command)
        } else {
            commands += data.runs.map(\.run.command).filter { !$0.isEmpty }
        }
        let files =
            options.stride == 1
            ? "`data/curves.csv` holds every step."
            : "`data/curves.csv` holds one step in \(options.stride) and the last one of each run; all statistics use every step."
        return """
            ## Reproduce

            \(MarkdownText.fenced(commands.joined(separator: "\n"), language: "sh"))
            \(files) `data/runs.csv` has one row per planned run, `data/summary.csv` the numbers of the leaderboard in full \
            precision. SQLite's shell rounds what it prints; to see a number to its last bit, ask for \
            `printf('%!.17g', final_loss)`.

            How this report can be wrong: it compares final losses at equal numbers of steps, not at equal cost; the best \
            row was chosen on the same seeds that it is shown for, so its number is optimistic; and configurations that \
            were not tried are not in it.

            """
    }
}
