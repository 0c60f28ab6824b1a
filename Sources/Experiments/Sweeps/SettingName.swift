import TextFormats

/// What an axis sets: a flag of `run`, or a hyperparameter of its optimizer.
package enum SettingName: Sendable, Hashable, Codable {
    case field(RunSetting)
    case hyperparameter(String)

    init(_ name: String) {
        self = RunSetting.named(name).map(SettingName.field) ?? .hyperparameter(name)
    }

    package var name: String {
        switch self {
        case .field(let field): field.name
        case .hyperparameter(let name): name
        }
    }

    /// How errors refer to it.
    var subject: MessageText {
        switch self {
        case .field(let field): field.subject
        case .hyperparameter(let name): "\(MessageText.hyperparameters) \(name)"
        }
    }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .field(let field): try container.encode(field.storedName)
        case .hyperparameter(let name): try container.encode(name)
        }
    }
}
