import ArgumentParser
import Learning

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
            }, listing.format)
    }
}
