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
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.sequence) {
            self = .sequence(try container.decode([Self].self, forKey: .sequence))
        } else if container.contains(.product) {
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
