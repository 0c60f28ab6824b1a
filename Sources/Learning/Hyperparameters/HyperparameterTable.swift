import TextFormats

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
        guard let found = entries.first(where: { $0.name == name || $0.torchName == name }) else {
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
