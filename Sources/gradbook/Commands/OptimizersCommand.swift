import ArgumentParser
import Learning

/// `gradbook optimizers`: what `--optimizer` and `--set` take.
struct OptimizersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimizers",
        abstract: "List the optimizers and their hyperparameters.",
        discussion: """
            Examples:
              gradbook optimizers
              gradbook optimizers adam
            """)

    @Argument(help: "Only this optimizer.")
    var name: String?

    func run() throws {
        let rules = try name.map { [try OptimizerRegistry.rule(named: $0)] } ?? OptimizerRegistry.all
        try Terminal.print(rules.map { Self.text($0) }.joined(separator: "\n\n"))
    }

    private static func text(_ rule: any OptimizerRule.Type) -> String {
        var rows = [("--lr \(HyperparameterValue.number(rule.defaultLearningRate))", "learning rate")]
        for hyperparameter in rule.hyperparameters {
            rows.append(
                (
                    "--set \(hyperparameter.name)=\(hyperparameter.defaultValue?.description ?? "VALUE")",
                    "\(hyperparameter.meaning) (\(hyperparameter.range))"
                ))
        }
        let width = rows.map { $0.0.count }.max() ?? 0
        let lines = rows.map { setting, meaning in
            "  " + setting + String(repeating: " ", count: width - setting.count + 2) + meaning
        }
        return (["\(rule.name): \(rule.summary)"] + lines).joined(separator: "\n")
    }
}
