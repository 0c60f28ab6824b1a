import ArgumentParser
import Inspection
import Learning
import TextFormats
import Tracking

/// `gradbook optimizers`: what `--optimizer` and `--set` take.
struct OptimizersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimizers",
        abstract: "List the optimizers and their hyperparameters.",
        discussion: """
            What --optimizer and --set of gradbook run and sweep take, with defaults and ranges.

            Examples:
              gradbook optimizers
              gradbook optimizers adam
            """)

    @Argument(help: "Only this optimizer.", completion: Completions.optimizers)
    var name: String?
    @OptionGroup var listing: ListingOptions

    func run() throws {
        let rules = try name.map { [try OptimizerRegistry.descriptor(named: $0)] } ?? OptimizerRegistry.all
        try RuleListing.print(
            rules.map { rule in
                RuleListing(
                    name: rule.name, summary: rule.summary, learningRate: rule.defaultLearningRate,
                    settings: rule.hyperparameters, prefix: "--set ")
            }, listing.style)
    }
}

/// `gradbook schedules`: what `--schedule` takes.
struct SchedulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules",
        abstract: "List the schedules of the learning rate and their settings.",
        discussion: """
            A schedule is a name and its settings, cosine:total=500,min=0. With + one follows another, \
            warmup:total=50+cosine:total=450; with * both hold at the same time. Lengths are numbers of steps \
            (optimizer updates), not of epochs: a schedule moves after every step. PyTorch's names are understood, \
            too: CosineAnnealingLR:T_max=500,eta_min=0 or MultiStepLR:milestones=30,80.

            Examples:
              gradbook schedules cosine
              gradbook run --schedule warmup:total=50+cosine:total=450,min=0
            """)

    @Argument(help: "Only this schedule.", completion: Completions.schedules)
    var name: String?
    @OptionGroup var listing: ListingOptions

    func run() throws {
        let rules = try name.map { [try ScheduleRegistry.rule(named: $0)] } ?? ScheduleRegistry.all
        try RuleListing.print(
            rules.map { rule in
                RuleListing(name: rule.name, summary: rule.summary, settings: rule.hyperparameters, prefix: "")
            }, listing.style)
    }
}

/// An optimizer or a schedule with its hyperparameters, one a line, as they are typed.
private struct RuleListing {
    let name: String
    let summary: String
    var learningRate: Double?
    let settings: [Hyperparameter]
    /// What stands before a setting on the command line.
    let prefix: String

    /// Prints the rules: each as a paragraph, or a row per setting for a program.
    static func print(_ rules: [RuleListing], _ style: ListingStyle) throws {
        if style.format == .table {
            return try Terminal.print(rules.map { $0.text(width: style.tableWidth) }.joined(separator: "\n\n"))
        }
        var writer = ListingWriter(
            columns: ["name", "setting", "default", "range", "meaning"], style: style
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
