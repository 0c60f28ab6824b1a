import Learning

/// An optimizer or a schedule with its hyperparameters, one a line, as they are typed.
struct RuleListing {
    let name: String
    let summary: String
    var learningRate: Double?
    let settings: [Hyperparameter]
    /// What stands before a setting on the command line.
    let prefix: String

    var text: String {
        var rows = learningRate.map { [("--lr \(HyperparameterValue.number($0))", "learning rate")] } ?? []
        rows += settings.map { setting in
            (
                "\(prefix)\(setting.name)=\(setting.defaultValue?.description ?? "VALUE")",
                "\(setting.meaning) (\(setting.range)\(setting.defaultValue == nil ? "; must be given" : ""))"
            )
        }
        let width = rows.map { $0.0.count }.max() ?? 0
        let lines = rows.map { setting, meaning in
            "  " + setting + String(repeating: " ", count: width - setting.count + 2) + meaning
        }
        return (["\(name): \(summary)"] + lines).joined(separator: "\n")
    }
}
