import TextFormats

/// Settings as text, one value each, not yet read: what `run` is given, and what a point of a sweep's search space is.
package struct RawSettings: Sendable, Equatable {
    package var fields: [RunSetting: String]
    /// Hyperparameters by name.
    package var hyperparameters: [String: String]

    package init(fields: [RunSetting: String] = [:], hyperparameters: [String: String] = [:]) {
        self.fields = fields
        self.hyperparameters = hyperparameters
    }

    /// What a single run is given: settings with one value each, and assignments such as `momentum=0.9`.
    package init(fields: [RunSetting: String], assignments: [String]) throws(ExperimentError) {
        try self.init(GivenSettings(fields: fields, assignments: assignments))
    }

    package init(_ given: GivenSettings) throws(ExperimentError) {
        if let option = SweepOption.allCases.first(where: { given.options[$0] != nil }) {
            throw ExperimentError(
                .invalidValue, about: "\(option: option.rawValue)", "it is for gradbook sweep, and a run has one seed",
                advice: "leave it out")
        }
        let fields = given.fields
        for setting in RunSetting.all {
            guard let text = fields[setting], setting.holdsSeveral(text) else { continue }
            guard !ConditionalValues.isConditional(text) else { throw .condition(text, about: setting.subject) }
            throw ExperimentError(
                .invalidValue, about: setting.subject, "'\(text)' holds several values, but a run has one",
                advice: "give one, or use gradbook sweep")
        }
        self.init(fields: fields, hyperparameters: try Assignment.values(of: given.hyperparameters))
    }
}

/// `NAME=VALUE` as typed: `momentum=0.9`, in a sweep also `momentum=0.5,0.9 if optimizer=sgd`.
struct Assignment {
    let name: String
    /// In a sweep possibly several parts with conditions.
    let value: String

    init(name: String, value: String) {
        (self.name, self.value) = (name, value)
    }

    init(_ text: String) throws(ExperimentError) {
        let sides = text.halves(around: "=")
        guard let value = sides.second, !sides.first.isEmpty, !ConditionalValues.isConditional(sides.first),
            !value.isEmpty
        else {
            throw ExperimentError(
                .invalidValue, about: .hyperparameters, "'\(text)' is not a setting",
                advice: "write NAME=VALUE, such as momentum=0.9, or in a sweep 'momentum=0.5,0.9 if optimizer=sgd'")
        }
        self.init(name: sides.first, value: value)
    }

    /// Those of a single run, where each name has one value.
    static func values(of assignments: [Assignment]) throws(ExperimentError) -> [String: String] {
        var values: [String: String] = [:]
        for assignment in assignments {
            guard !ConditionalValues.isConditional(assignment.value) else {
                throw .condition("\(assignment.name)=\(assignment.value)", about: .hyperparameters)
            }
            guard values.updateValue(assignment.value, forKey: assignment.name) == nil else {
                throw ExperimentError(
                    .invalidValue, about: .hyperparameters, "'\(assignment.name)' is given twice",
                    advice: "give it once")
            }
        }
        return values
    }
}

extension ExperimentError {
    /// A single run has nothing that a condition could choose from.
    fileprivate static func condition(_ text: String, about subject: MessageText) -> ExperimentError {
        ExperimentError(
            .invalidValue, about: subject, "'\(text)' has a condition",
            advice: "in a single run leave out what follows 'if'")
    }
}
