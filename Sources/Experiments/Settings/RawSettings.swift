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
        for setting in RunSetting.all {
            guard let text = fields[setting], setting.holdsSeveral(text) else { continue }
            throw ExperimentError(
                .invalidValue, about: setting.subject, "'\(text)' holds several values, but a run has one",
                advice: "give one, or use gradbook sweep")
        }
        self.init(fields: fields, hyperparameters: try Assignment.values(of: assignments))
    }
}

/// `NAME=VALUE` as typed: `momentum=0.9`, in a sweep also `momentum=0.5,0.9 if optimizer=sgd`.
struct Assignment {
    let name: String
    let value: String
    /// What stands behind `if`: the setting it depends on, and that one's values.
    private(set) var condition: (name: String, value: String)?

    init(_ text: String) throws(ExperimentError) {
        // The blank makes a condition that was forgotten behind its "if" an empty one.
        let parts = (text + " ").components(around: " if ")
        (name, value) = try Self.sides(of: parts.first, in: text)
        if let clause = parts.second { condition = try Self.sides(of: clause, in: text) }
    }

    /// Those of a single run, where each name has one value.
    static func values(of texts: [String]) throws(ExperimentError) -> [String: String] {
        var values: [String: String] = [:]
        for text in texts {
            let assignment = try Assignment(text)
            guard assignment.condition == nil else {
                throw ExperimentError(
                    .invalidValue, about: .hyperparameters, "'\(text)' has a condition",
                    advice: "in a single run leave out what follows 'if'")
            }
            guard values.updateValue(assignment.value, forKey: assignment.name) == nil else {
                throw ExperimentError(
                    .invalidValue, about: .hyperparameters, "'\(assignment.name)' is given twice",
                    advice: "give it once")
            }
        }
        return values
    }

    private static func sides(
        of part: String, in text: String
    ) throws(ExperimentError) -> (name: String, value: String) {
        let sides = part.components(around: "=")
        guard let value = sides.second, !sides.first.isEmpty, !value.isEmpty else {
            throw ExperimentError(
                .invalidValue, about: .hyperparameters, "'\(text)' is not a setting",
                advice: "write NAME=VALUE, such as momentum=0.9, or in a sweep 'momentum=0.5,0.9 if optimizer=sgd'")
        }
        return (sides.first, value)
    }
}

extension String {
    /// What stands before the first `separator` and after it, without surrounding blanks.
    fileprivate func components(around separator: String) -> (first: String, second: String?) {
        guard let range = firstRange(of: separator) else { return (trimmed(self[...]), nil) }
        return (trimmed(self[..<range.lowerBound]), trimmed(self[range.upperBound...]))
    }

    private func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
