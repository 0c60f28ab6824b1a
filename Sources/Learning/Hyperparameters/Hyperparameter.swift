import TextFormats

/// One setting of an optimizer or a schedule: its name, default, allowed values and meaning.
package struct Hyperparameter: Sendable {
    package let name: String
    /// Nil when a value must be given.
    package let defaultValue: HyperparameterValue?
    package let range: HyperparameterRange
    package let meaning: String
    /// What PyTorch calls it, where that is another name; both are understood.
    package let torchName: String?

    /// The names by which it can be given.
    package var names: [String] { [name, torchName].compactMap { $0 } }

    /// PyTorch's refusal of a number, as nearly all of its optimizers word it.
    func torchRefusal(of value: HyperparameterValue) -> String? {
        guard case .number(let number) = value else { return nil }
        let subject =
            switch name {
            case "beta1": "beta parameter at index 0"
            case "beta2": "beta parameter at index 1"
            case "eps": "epsilon value"
            default: "\(name) value"
            }
        return "Invalid \(subject): \(number)"
    }

    /// A number with a default.
    package static func number(
        _ name: String, _ defaultValue: Double, _ range: HyperparameterRange, _ meaning: String, torch: String? = nil
    ) -> Self {
        Hyperparameter(
            name: name, defaultValue: .number(defaultValue), range: range, meaning: meaning, torchName: torch)
    }

    package static func flag(_ name: String, _ defaultValue: Bool, _ meaning: String, torch: String? = nil) -> Self {
        Hyperparameter(name: name, defaultValue: .flag(defaultValue), range: .flag, meaning: meaning, torchName: torch)
    }

    /// One of several words, of which the first is the default.
    package static func choice(_ name: String, _ words: [String], _ meaning: String, torch: String? = nil) -> Self {
        Hyperparameter(
            name: name, defaultValue: words.first.map(HyperparameterValue.word), range: .choice(words),
            meaning: meaning, torchName: torch)
    }

    /// A number that is chosen by the rule itself unless it is given.
    package static func automatic(_ name: String, _ range: HyperparameterRange, _ meaning: String, torch: String? = nil)
        -> Self
    {
        Hyperparameter(
            name: name, defaultValue: .word(HyperparameterRange.automaticWord), range: .automatic(range),
            meaning: meaning, torchName: torch)
    }

    /// A value that must be given.
    package static func required(_ name: String, _ range: HyperparameterRange, _ meaning: String, torch: String? = nil)
        -> Self
    {
        Hyperparameter(name: name, defaultValue: nil, range: range, meaning: meaning, torchName: torch)
    }
}

// MARK: - Shared by several optimizers

extension Hyperparameter {
    static let maximize = flag("maximize", false, "climb instead of descend")
    static let weightDecay = number("weight_decay", 0, .atLeast(0), "pull towards 0, added to the gradient")
    static let decoupledWeightDecay = flag(
        "decoupled_weight_decay", false, "shrink the parameters themselves, as adamw does")

    static func beta1(_ value: Double) -> Self {
        number("beta1", value, .halfOpen(0, 1), "how much of the mean gradient is kept")
    }

    static func beta2(_ value: Double) -> Self {
        number("beta2", value, .halfOpen(0, 1), "how much of the mean squared gradient is kept")
    }

    static func epsilon(_ value: Double) -> Self {
        number("eps", value, .atLeast(0), "added to the divisor")
    }
}

/// All hyperparameters that one optimizer or schedule has, and the reading and checking of their values.
struct HyperparameterTable {
    /// Whose they are, as errors call it: `sgd`, `the schedule cosine`.
    let owner: String
    let entries: [Hyperparameter]

    /// A complete set of values: those typed by a person in `settings`, else the defaults.
    /// - Throws: `LearningError` for an unknown name, with the nearest known one, a bad value or a missing one.
    func values(from settings: [String: String]) throws(LearningError) -> [String: HyperparameterValue] {
        var values = try given(in: settings)
        for entry in entries where values[entry.name] == nil {
            guard let value = entry.defaultValue else {
                throw LearningError(
                    .invalidHyperparameter,
                    "\(owner) needs \(entry.name), \(entry.range): \(entry.meaning)")
            }
            values[entry.name] = value
        }
        return values
    }

    /// The values typed by a person, by the names used here, without any default.
    func given(in settings: [String: String]) throws(LearningError) -> [String: HyperparameterValue] {
        var values: [String: HyperparameterValue] = [:]
        for (name, text) in settings.sorted(by: { $0.key < $1.key }) {
            let entry = try entry(named: name)
            guard let value = entry.range.value(from: text) else {
                throw LearningError(.invalidHyperparameter, "\(name) is \(entry.range), not '\(text)'")
            }
            guard values.updateValue(value, forKey: entry.name) == nil else {
                throw LearningError(
                    .invalidHyperparameter, "\(entry.name) is given twice, once as '\(name)'", advice: "give it once")
            }
        }
        return values
    }

    /// The same values, checked: each is known and in its range, and none is missing.
    func checked(_ values: [String: HyperparameterValue]) throws(LearningError) -> HyperparameterValues {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            let entry = try entry(named: name)
            guard entry.range.accepts(value) else {
                throw LearningError(
                    .invalidHyperparameter, "\(name) is \(entry.range), not \(value)",
                    torch: entry.torchRefusal(of: value))
            }
        }
        for entry in entries where values[entry.name] == nil {
            throw LearningError(.invalidConfiguration, "the configuration has no value for \(owner)'s \(entry.name)")
        }
        return HyperparameterValues(values)
    }

    private func entry(named name: String) throws(LearningError) -> Hyperparameter {
        guard let found = entries.first(where: { $0.names.contains(name) }) else {
            let names = entries.map(\.name)
            let list = names.isEmpty ? "nothing to set" : names.joined(separator: ", ")
            throw LearningError(
                .unknownHyperparameter,
                "'\(name)' is not a hyperparameter of \(owner)\(NearestName.hint(for: name, among: names))",
                advice: "it has \(list)")
        }
        return found
    }
}

/// A name with settings as they are typed, the form that schedules and models share: `cosine:total=500,min=0`.
struct NamedSettings {
    let name: String
    let settings: [String: String]

    /// `refusal` makes the error for an entry that is no `NAME=VALUE`, or names what was set already.
    init(_ text: String, refusal: (_ entry: String) -> LearningError) throws(LearningError) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var settings: [String: String] = [:]
        for entry in halves.count == 2 ? Self.entries(of: halves[1]) : [] {
            let sides = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, settings[sides[0]] == nil else { throw refusal(entry) }
            settings[sides[0]] = sides[1]
        }
        name = halves[0]
        self.settings = settings
    }

    /// The canonical text: every value, in the order of their names.
    static func text(_ name: String, _ values: [String: HyperparameterValue]) -> String {
        let list = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return list.isEmpty ? name : "\(name):\(list.joined(separator: ","))"
    }

    /// What stands between commas; a number behind a comma continues a list, as in `milestones=5,20,gamma=0.1`.
    private static func entries(of text: String) -> [String] {
        var entries: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if !entries.isEmpty, part.first?.isNumber ?? false {
                entries[entries.count - 1] += "/\(part)"
            } else {
                entries.append(part)
            }
        }
        return entries
    }
}
