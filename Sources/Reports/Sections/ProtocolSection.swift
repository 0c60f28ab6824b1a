import TextFormats
import Tracking

/// Whether the comparison was a fair one.
struct ProtocolSection {
    static let title = "Protocol"

    let checks: [FairnessCheck]
    let data: ReportData

    var blocks: [Document.Block] {
        var table = Document.Table([("condition", .left), ("", .left), ("found", .left)])
        for check in checks {
            table.append([Prose(words: check.name), check.passes ? "PASS" : "\(strong: "FAIL")", "\(check.finding)"])
        }
        return [.heading(level: 2, Prose(words: Self.title)), .table(table), .paragraph("Tried: \(space).")]
    }

    /// The learning rates of each optimizer and the number of its configurations.
    private var space: Prose {
        data.optimizers.map { name, runs -> Prose in
            let rates = Set(runs.map(\.run.plan.learningRate)).sorted().map(NumberText.exact)
            let count = data.triedCount(runs)
            let range =
                rates.count == 1 ? rates[0] : "\(rates.count) values from \(rates[0]) to \(rates[rates.count - 1])"
            return "\(name) \(count.counted("configuration")), lr \(range)"
        }.joined(separator: "; ")
    }
}
