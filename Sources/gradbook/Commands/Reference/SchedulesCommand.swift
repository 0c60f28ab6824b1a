import ArgumentParser
import Learning

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
            }, listing.format)
    }
}
