import Learning
import TextFormats

/// The settings of a file and of flags, each of which takes the place of the file's setting of the same name.
///
/// `none` takes away what a run need not have, and any hyperparameter of the file. Everything else stays as the file has it,
/// the learning rate too where a flag changes the optimizer; hyperparameters that the new one has not are refused. What
/// excludes each other counts as one setting: steps and epochs, the data of a file and those of the chapter.
package struct OverriddenSettings: Sendable {
    /// Both together.
    package private(set) var all: GivenSettings
    private let path: String
    /// What is left of the file.
    private let file: GivenSettings
    private let flags: GivenSettings

    init(_ settings: SettingsFile, by flags: GivenSettings) throws(ExperimentError) {
        var file = settings.settings
        for (setting, text) in flags.fields {
            for other in [setting] + setting.excluded(whenSetTo: text) { file.fields[other] = nil }
        }
        let names = Set(flags.hyperparameters.map(\.name))
        file.hyperparameters.removeAll { names.contains($0.name) }
        if let text = flags.options[.search], let method = Search.Method(rawValue: text) {
            for other in SweepOption.ofSearch where !method.options.contains(other) { file.options[other] = nil }
        }
        for option in flags.options.keys { file.options[option] = nil }
        path = settings.path
        (self.file, self.flags) = (file, flags)
        all = file
        all.fields.merge(flags.fields) { $1 }
        all.options.merge(flags.options) { $1 }
        for (setting, text) in flags.fields where setting.isRemoved(by: text) { all.fields[setting] = nil }
        let known = Set(settings.settings.hyperparameters.map(\.name))
        all.hyperparameters += flags.hyperparameters.filter { $0.value != "none" || !known.contains($0.name) }
        try checkFit()
    }

    /// Refuses hyperparameters of the file that none of the flags' optimizers has.
    private func checkFit() throws(ExperimentError) {
        guard let text = flags.fields[.optimizer] else { return }
        let names = text.split(separator: ",").map { $0.withoutOuterBlanks }
        let optimizers = names.compactMap { try? OptimizerRegistry.descriptor(named: $0) }
        guard optimizers.count == names.count else { return }
        for assignment in file.hyperparameters
        where !optimizers.contains(where: { $0.hasHyperparameter(assignment.name) }) {
            throw ExperimentError(hyperparameter: assignment, of: path, doesNotFit: names)
        }
    }

    /// Does `body`; an error about a value of the file says so.
    package func locating<Result>(_ body: (GivenSettings) throws -> Result) throws -> Result {
        do {
            return try body(all)
        } catch let error as ExperimentError {
            throw located(error)
        }
    }

    private func located(_ error: ExperimentError) -> ExperimentError {
        guard let subject = error.subject else { return error }
        let names =
            file.fields.keys.map { ($0.subject, $0.name) }
            + file.hyperparameters.map { (SettingName.hyperparameter($0.name).subject, $0.name) }
            + file.options.keys.map { ("\(option: $0.rawValue)", $0.rawValue) }
        var place: MessageText = "'\(path)'"
        if let (_, name) = names.first(where: { $0.0 == subject }) {
            place = "\(place): \(name)"
        } else if subject != .hyperparameters || !flags.hyperparameters.isEmpty || file.hyperparameters.isEmpty {
            return error
        }
        return ExperimentError(
            .unusableFile, about: "\(option: "config")", "\(place): \(error.message)", advice: error.advice,
            underlying: error)
    }
}

extension ExperimentError {
    /// A hyperparameter of a file, when flags name optimizers that have no such.
    init(hyperparameter: Assignment, of path: String, doesNotFit optimizers: [String]) {
        let name = hyperparameter.name
        self.init(
            .invalidValue, about: RunSetting.optimizer.subject,
            "\(optimizers.joined(separator: " and ")) \(optimizers.count == 1 ? "has" : "have") no '\(name)', and '\(path)' sets it "
                + "to \(hyperparameter.value)",
            advice: "leave it out with \(MessageText.hyperparameters) \(name)=none")
    }
}

extension Search.Method {
    /// What a search by this method can be given.
    fileprivate var options: [SweepOption] {
        switch self {
        case .grid: []
        case .random, .sobol: [.trials, .sweepSeed]
        case .halving: SweepOption.ofSearch
        }
    }
}

extension RunSetting {
    /// Whether the text takes away what a run need not have.
    fileprivate func isRemoved(by text: String) -> Bool {
        if case .removable = forkChange { text == "none" } else { false }
    }

    /// The settings that have no meaning beside this one.
    fileprivate func excluded(whenSetTo text: String) -> [RunSetting] {
        switch self {
        case .steps: [.epochs]
        case .epochs: [.steps]
        case .data: text == "chapter" ? Self.ofFiles : Self.ofChapter
        default: []
        }
    }
}
