import Learning
import TextFormats

/// Settings that a person wrote into a JSON file by the names of the flags, with numbers, texts and lists as values:
/// `{"optimizer": ["sgd", "adam"], "lr": "log:1e-3:1:4", "momentum": "0,0.9 if optimizer=sgd", "seeds": "1..20"}`.
///
/// Every value is turned into the text that would be typed, so that it is read and checked as a flag's is.
package struct SettingsFile: Sendable {
    let path: String
    let settings: GivenSettings

    /// Reads the file of a sweep at `path`.
    package init(path: String) throws(ExperimentError) {
        let text = try ConfigurationText(path: path)
        guard !text.isOfRun else {
            throw ExperimentError(
                .unusableFile, about: "\(option: "config")",
                "'\(path)' is the configuration of one run, and a sweep takes settings by the names of its flags, such as "
                    + "{\"lr\": [0.01, 0.1]}",
                advice: "\(command: "run", options: [.init("config", path)]) runs it")
        }
        try self.init(text)
    }

    init(_ file: ConfigurationText) throws(ExperimentError) {
        var settings = GivenSettings()
        for member in file.members {
            let name = member.name.replacing("_", with: "-")
            let isWhole =
                RunSetting.named(name)?.isWhole ?? (SweepOption(rawValue: name).map { $0 != .search } ?? false)
            let text = try Self.text(of: member, isWhole: isWhole, in: file.path)
            var known: String?
            if let setting = RunSetting.named(name) {
                try Self.checkSingle(setting, member, in: file.path)
                known = settings.fields.updateValue(text, forKey: setting)
            } else if let option = SweepOption(rawValue: name) {
                known = settings.options.updateValue(text, forKey: option)
            } else if OptimizerRegistry.hasHyperparameter(member.name) {
                settings.hyperparameters.append(Assignment(name: member.name, value: text))
            } else {
                throw Self.unknown(member.name, in: file.path)
            }
            guard known == nil else {
                throw ExperimentError(
                    .unusableFile, about: "\(option: "config")",
                    "'\(file.path)' has '\(member.name)' twice, also under another name", advice: "give it once")
            }
        }
        path = file.path
        self.settings = settings
    }

    /// The settings of the file and of flags together: see ``OverriddenSettings``.
    package func overridden(by flags: GivenSettings) throws(ExperimentError) -> OverriddenSettings {
        try OverriddenSettings(self, by: flags)
    }

    // MARK: - What a value stands for

    private static func text(
        of member: JSONValue.Member, isWhole: Bool, in path: String
    ) throws(ExperimentError) -> String {
        switch member.value {
        case .list(let values):
            var texts: [String] = []
            for value in values {
                guard let text = value.scalarText(isWhole: isWhole) else {
                    throw unusable(member.name, "holds \(value.kind) in its list", in: path)
                }
                texts.append(text)
            }
            guard !texts.isEmpty else { throw unusable(member.name, "is an empty list", in: path) }
            return texts.joined(separator: texts.contains(where: ConditionalValues.isConditional) ? "; " : ",")
        default:
            guard let text = member.value.scalarText(isWhole: isWhole) else {
                throw unusable(member.name, "is \(member.value.kind)", in: path)
            }
            return text
        }
    }

    private static func checkSingle(
        _ setting: RunSetting, _ member: JSONValue.Member, in path: String
    ) throws(ExperimentError) {
        guard case .single = setting.sweepForm, case .list(let values) = member.value, values.count > 1 else { return }
        throw unusable(member.name, "is a list of \(values.count), and has one value", in: path)
    }

    private static func unusable(_ name: String, _ what: String, in path: String) -> ExperimentError {
        ExperimentError(
            .unusableFile, about: "\(option: "config")", "'\(path)': '\(name)' \(what)",
            advice: "give a number, a text, true, false or a list of those, or leave it out")
    }

    private static func unknown(_ name: String, in path: String) -> ExperimentError {
        let names =
            RunSetting.all.map(\.name) + SweepOption.allCases.map(\.rawValue)
            + OptimizerRegistry.hyperparameterNames.sorted()
        let usual = RunSetting.usualSpellings[name.replacing("_", with: "-")]
        let hint = usual.map { " (did you mean '\($0)'?)" } ?? NearestName.hint(for: name, among: names)
        return ExperimentError(
            .unusableFile, about: "\(option: "config")",
            "'\(path)' holds settings, and there is no setting '\(name)'\(hint)",
            advice: "write the flags' names, such as batch-size, and hyperparameters' own, such as momentum")
    }
}

extension JSONValue {
    /// As it would be typed; nil for null, lists and objects.
    ///
    /// What wants whole numbers takes those that JSON may write in other ways, such as 1e2 and 100.0.
    fileprivate func scalarText(isWhole: Bool) -> String? {
        switch self {
        case .number(let text): (isWhole ? Self.wholeText(text) : nil) ?? text
        case .string(let text): text
        case .word(let word): word == "null" ? nil : word
        case .list, .object: nil
        }
    }

    /// The digits of a whole number that is written with a point or an exponent; others are as they are, with any digits.
    private static func wholeText(_ text: String) -> String? {
        guard text.contains(where: { ".eE".contains($0) }), let number = Double(text) else { return nil }
        // Beyond this limit not every whole number is one of these.
        return abs(number) < 0x1p53 ? Int(exactly: number).map(String.init) : nil
    }

    /// In words, what it is instead of a value.
    fileprivate var kind: String {
        switch self {
        case .number: "a number"
        case .string: "a text"
        case .word(let word): word
        case .list: "a list"
        case .object: "an object"
        }
    }
}
