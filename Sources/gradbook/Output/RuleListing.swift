import Inspection
import Learning
import TextFormats
import Tracking

/// An optimizer or a schedule with its hyperparameters, one a line, as they are typed.
struct RuleListing {
    let name: String
    let summary: String
    var learningRate: Double?
    let settings: [Hyperparameter]
    /// What stands before a setting on the command line.
    let prefix: String

    /// Prints the rules: each as a paragraph, or a row per setting for a program.
    static func print(_ rules: [RuleListing], _ format: ListingFormat) throws {
        let width = Terminal.outputWidth
        if format == .table {
            return try Terminal.print(rules.map { $0.text(width: width) }.joined(separator: "\n\n"))
        }
        var writer = ListingWriter(
            columns: ["name", "setting", "default", "range", "meaning"], format: format, width: width
        ) { try Terminal.write($0) }
        for row in rules.flatMap(\.rows) { try writer.append(row) }
        try writer.close()
    }

    func text(width: Int) -> String {
        var entries = learningRate.map { [("--lr \(HyperparameterValue.number($0))", "learning rate")] } ?? []
        entries += settings.map { setting in
            (
                "\(prefix)\(setting.name)=\(setting.defaultValue?.description ?? "VALUE")",
                "\(setting.meaning) (\(setting.range)\(setting.defaultValue == nil ? "; must be given" : ""))"
            )
        }
        let heading = WrappedText.paragraph("\(name): \(summary)", width: width)
        return ([heading] + WrappedText.entries(entries, width: width)).joined(separator: "\n")
    }

    private var rows: [[SQLValue]] {
        let rate: [[SQLValue]] =
            learningRate.map { [[.text(name), .text("lr"), .real($0), .null, .text("learning rate")]] } ?? []
        return rate
            + settings.map { setting in
                [
                    .text(name), .text(setting.name), setting.defaultValue.map(Self.value) ?? .null,
                    .text("\(setting.range)"), .text(setting.meaning),
                ]
            }
    }

    private static func value(_ value: HyperparameterValue) -> SQLValue {
        if case .number(let number) = value { .real(number) } else { .text(value.description) }
    }
}
