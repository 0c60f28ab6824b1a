import Experiments
import Learning

/// What people type who know other programs, for hints: nothing of it is understood.
enum UsualSpellings {
    /// Names of commands, by what else they are called.
    static let commands = [
        "undelete": "restore", "rm": "delete", "remove": "delete", "ls": "runs", "list": "runs", "train": "run",
        "sql": "query", "copy": "backup", "import": "merge", "plot": "report",
    ]

    /// Names of options, by what else they are called; of several the first that the command has.
    static let options: [String: [String]] = [
        "output": ["out", "export"], "out": ["export"], "head": ["limit"], "top": ["limit"], "count": ["limit"],
        "skiprows": ["skip-lines"], "sep": ["delimiter"], "separator": ["delimiter"], "sampler": ["search"],
        "jobs": ["workers"], "j": ["workers"], "threads": ["workers"],
        "parallel": ["workers"], "processes": ["workers"], "database": ["db"], "notebook": ["db"],
        "filter": ["select"], "where": ["select"], "fields": ["columns"], "order-by": ["sort"], "order": ["sort"],
        "digits": ["precision"], "silent": ["quiet"], "seed": ["seeds"],
    ].merging(RunSetting.usualSpellings.mapValues { [$0] }) { $1 }

    /// What other programs are told so that they do not ask.
    static let consent: Set<String> = ["yes", "y", "force", "f"]

    /// The setting of a run that is called so, or mostly.
    static func setting(_ name: String) -> String? {
        let meant = RunSetting.usualSpellings[name] ?? name
        return RunSetting.all.contains { $0.name == meant } ? meant : hyperparameter(name)
    }

    /// The hyperparameter that an option may be named after.
    static func hyperparameter(_ name: String) -> String? {
        let name = name.replacing("-", with: "_")
        return OptimizerRegistry.hasHyperparameter(name) ? name : nil
    }

    /// Whether a hyperparameter is true or false.
    static func isFlag(_ name: String) -> Bool {
        let entry = OptimizerRegistry.all.flatMap { $0.hyperparameters }.first { $0.names.contains(name) }
        return if case .flag? = entry?.defaultValue { true } else { false }
    }
}
