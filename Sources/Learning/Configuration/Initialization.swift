import TextFormats

/// The values a run's parameters start from, by the parameter's name.
///
/// What is drawn comes from the run's generator in the order of the model's layout; a tensor's scalars are all drawn, or
/// all get the same value.
package struct Initialization: Sendable, Hashable {
    package var values: [String: InitialValue]

    package init(_ values: [String: InitialValue]) {
        self.values = values
    }

    /// The same for every parameter.
    package init(every value: InitialValue, of layout: ParameterLayout) {
        self.init(Dictionary(uniqueKeysWithValues: layout.parameters.map { ($0.name, value) }))
    }

    /// Reads `normal`, `uniform`, or one entry per parameter as in `w=0.5,b=normal`.
    package init(text: String, of layout: ParameterLayout) throws(LearningError) {
        if let value = InitialValue(text: text), !value.isNumber {
            self.init(every: value, of: layout)
            return
        }
        var values: [String: InitialValue] = [:]
        for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, values[sides[0]] == nil, let value = InitialValue(text: sides[1]) else {
                throw Self.invalid(text, of: layout)
            }
            values[sides[0]] = value
        }
        self.init(values)
        guard isComplete(for: layout) else { throw Self.invalid(text, of: layout) }
    }

    /// Checks that there is a finite start for each of the model's parameters, and for nothing else.
    func validate(for layout: ParameterLayout) throws(LearningError) {
        guard isComplete(for: layout) else {
            throw LearningError(
                .invalidInitialization,
                "the model's parameters are \(Self.list(layout.parameters.map(\.name))), and the start is one for "
                    + "\(Self.list(values.keys.sorted()))", advice: "give one for each")
        }
        for parameter in layout.parameters {
            if case .value(let number) = values[parameter.name], !number.isFinite {
                throw LearningError(
                    .invalidConfiguration, "\(parameter.name) cannot start from \(number)",
                    advice: "give a finite number")
            }
        }
    }

    private func isComplete(for layout: ParameterLayout) -> Bool {
        Set(values.keys) == Set(layout.parameters.map(\.name))
    }

    private static func invalid(_ text: String, of layout: ParameterLayout) -> LearningError {
        let names = layout.parameters.map(\.name)
        let example = names.enumerated().map { "\($1)=\($0 == 0 ? "0.5" : "0")" }.joined(separator: ",")
        return LearningError(
            .invalidInitialization, "'\(text)' is not a start for \(list(names))",
            advice: "give normal, uniform or \(example)")
    }

    private static func list(_ names: [String]) -> String {
        guard let last = names.last else { return "nothing" }
        return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension Initialization: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, InitialValue)...) {
        self.init(Dictionary(uniqueKeysWithValues: elements))
    }
}

extension Initialization: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([String: InitialValue].self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }
}

/// One parameter's start.
package enum InitialValue: Sendable, Hashable {
    case value(Double)
    /// Drawn from [0, 1).
    case uniform
    /// Drawn from the standard normal distribution.
    case normal

    /// Reads `uniform`, `normal` or a finite number.
    package init?(text: String) {
        switch text {
        case "normal": self = .normal
        case "uniform": self = .uniform
        default:
            guard let number = Double(decimal: text), number.isFinite else { return nil }
            self = .value(number)
        }
    }

    fileprivate var isNumber: Bool {
        if case .value = self { true } else { false }
    }
}

extension InitialValue: Codable {
    private enum Distribution: String, Codable {
        case uniform, normal
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Double.self) {
            self = .value(value)
        } else {
            switch try container.decode(Distribution.self) {
            case .uniform: self = .uniform
            case .normal: self = .normal
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .value(let value): try container.encode(value)
        case .uniform: try container.encode(Distribution.uniform)
        case .normal: try container.encode(Distribution.normal)
        }
    }
}
