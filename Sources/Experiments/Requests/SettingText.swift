/// One argument of `--set`: `momentum=0.9`, in a sweep also `momentum=0.5,0.9 if optimizer=sgd`.
struct SettingText {
    /// `NAME=VALUE`.
    struct Assignment {
        let name: String
        let value: String
    }

    let assignment: Assignment
    /// What stands behind `if`.
    let condition: Assignment?

    init(_ text: String) throws(ExperimentError) {
        // The blank makes a condition that was forgotten behind its "if" an empty one.
        let parts = (text + " ").components(around: " if ")
        assignment = try Self.assignment(in: parts.first, of: text)
        if let clause = parts.second {
            condition = try Self.assignment(in: clause, of: text)
        } else {
            condition = nil
        }
    }

    /// The settings of a single run, where each name has one value.
    static func values(of texts: [String]) throws(ExperimentError) -> [String: String] {
        var values: [String: String] = [:]
        for text in texts {
            let setting = try SettingText(text)
            guard setting.condition == nil else {
                throw ExperimentError(
                    .invalidValue, "--set: '\(text)' has a condition; in a single run leave out what follows 'if'")
            }
            let (name, value) = (setting.assignment.name, setting.assignment.value)
            guard values.updateValue(value, forKey: name) == nil else {
                throw ExperimentError(.invalidValue, "--set: '\(name)' is given twice; give it once")
            }
        }
        return values
    }

    private static func assignment(in part: String, of text: String) throws(ExperimentError) -> Assignment {
        let sides = part.components(around: "=")
        guard let value = sides.second, !sides.first.isEmpty, !value.isEmpty else {
            throw ExperimentError(
                .invalidValue,
                "--set: '\(text)' is not a setting; write NAME=VALUE, such as momentum=0.9, "
                    + "or in a sweep 'momentum=0.5,0.9 if optimizer=sgd'")
        }
        return Assignment(name: sides.first, value: value)
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
