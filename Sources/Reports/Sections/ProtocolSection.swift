import TextFormats
import Tracking

/// Whether the comparison was a fair one.
struct ProtocolSection {
    let checks: [ProtocolCheck]
    let data: ReportData

    var text: String {
        var table = MarkdownTable([("condition", .left), ("", .left), ("found", .left)])
        for check in checks {
            table.append([check.name, check.passes ? "PASS" : "**FAIL**", MarkdownText.escaped(check.finding)])
        }
        return """
            ## Protocol

            \(table.text)
            Tried: \(space).


            """
    }

    /// The learning rates of each optimizer and the number of its configurations.
    private var space: String {
        data.optimizers.map { name, runs in
            let rates = Set(runs.map(\.run.plan.learningRate)).sorted().map(NumberText.exact)
            let count = Set(runs.map(\.run.plan.configID)).count
            let range =
                rates.count == 1 ? rates[0] : "\(rates.count) values from \(rates[0]) to \(rates[rates.count - 1])"
            return "\(MarkdownText.escaped(name)) \(count.counted("configuration")), lr \(range)"
        }.joined(separator: "; ")
    }
}
