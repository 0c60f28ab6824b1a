import TextFormats

/// A schedule as data: by name with every value, or a combination of such.
package indirect enum ScheduleConfiguration: Sendable, Hashable {
    case named(String, [String: HyperparameterValue])
    /// One after another.
    case sequence([ScheduleConfiguration])
    /// All at the same time.
    case product([ScheduleConfiguration])
}

extension ScheduleConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, hyperparameters, sequence, product
    }

    package init(from decoder: any Decoder) throws {
        var container = try decoder.container(
            keyedBy: CodingKeys.self, only: [.name, .hyperparameters, .sequence, .product])
        if container.contains(.sequence) {
            container = try decoder.container(keyedBy: CodingKeys.self, only: [.sequence])
            self = .sequence(try container.decode([Self].self, forKey: .sequence))
        } else if container.contains(.product) {
            container = try decoder.container(keyedBy: CodingKeys.self, only: [.product])
            self = .product(try container.decode([Self].self, forKey: .product))
        } else {
            self = .named(
                try container.decode(String.self, forKey: .name),
                try container.decode([String: HyperparameterValue].self, forKey: .hyperparameters))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .named(let name, let values):
            try container.encode(name, forKey: .name)
            try container.encode(values, forKey: .hyperparameters)
        case .sequence(let stages): try container.encode(stages, forKey: .sequence)
        case .product(let factors): try container.encode(factors, forKey: .product)
        }
    }
}

extension ScheduleConfiguration: CustomStringConvertible {
    /// The schedule as it is typed, with every value: `cosine:min=0,total=500`.
    package var description: String {
        switch self {
        case .named(let name, let values): NamedSettings.text(name, values)
        case .sequence(let stages): stages.map(\.description).joined(separator: "+")
        case .product(let factors): factors.map(\.description).joined(separator: "*")
        }
    }
}

/// The text form of schedules.
///
///     cosine:total=500,min=0                a name and values
///     warmup:total=50+cosine:total=450      one after another
///     cosine:total=500*exponential:gamma=0.99     at the same time; binds tighter than +
enum ScheduleText {
    /// Reads a text, filling in defaults.
    static func configuration(from text: String) throws(LearningError) -> ScheduleConfiguration {
        let stages = try parts(of: text, between: "+") { (stage) throws(LearningError) in
            let factors = try parts(of: stage, between: "*") { (part) throws(LearningError) in try named(part) }
            return factors.count == 1 ? factors[0] : .product(factors)
        }
        return stages.count == 1 ? stages[0] : .sequence(stages)
    }

    private static func parts(
        of text: String, between separator: Character,
        _ read: (String) throws(LearningError) -> ScheduleConfiguration
    ) throws(LearningError) -> [ScheduleConfiguration] {
        var found: [ScheduleConfiguration] = []
        for part in pieces(of: text, between: separator) { found.append(try read(part)) }
        return found
    }

    /// The pieces between separators; one that a letter does not follow is part of a number, as in 1e+3.
    private static func pieces(of text: String, between separator: Character) -> [String] {
        var pieces = [""]
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == separator, !(rest.first?.isNumber ?? false) {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }

    private static func named(_ text: String) throws(LearningError) -> ScheduleConfiguration {
        let name = text.prefix { $0 != ":" }
        let rule = try ScheduleRegistry.rule(named: String(name))
        let typed = try NamedSettings(text) { entry in
            LearningError(
                .invalidSchedule, "'\(entry)' in the schedule '\(text)' is not one new NAME=VALUE",
                advice: "write it like cosine:total=500,min=0")
        }
        return .named(rule.name, try rule.table.values(from: typed.settings))
    }
}
