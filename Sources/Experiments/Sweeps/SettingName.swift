/// What an axis sets: a flag of `run`, or a hyperparameter of its optimizer.
package enum SettingName: Sendable, Hashable, Codable {
    case field(RunField)
    case hyperparameter(String)

    init(_ name: String) {
        self = RunField(rawValue: name).map(SettingName.field) ?? .hyperparameter(name)
    }

    package var name: String {
        switch self {
        case .field(let field): field.rawValue
        case .hyperparameter(let name): name
        }
    }

    /// What a person types to set it.
    package var flag: String {
        switch self {
        case .field(let field): field.flag
        case .hyperparameter(let name): "--set \(name)"
        }
    }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
