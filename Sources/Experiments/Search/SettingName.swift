import TextFormats

/// What an axis sets: a flag of `run`, or a hyperparameter of its optimizer.
package enum SettingName: Sendable, Hashable, Codable {
    case field(RunSetting)
    case hyperparameter(String)

    init(_ name: String) {
        self = RunSetting.named(name).map(SettingName.field) ?? .hyperparameter(name)
    }

    /// As it stands in a condition, where a flag may have the spelling of a settings file, `batch_size`.
    init(ofCondition name: String) {
        self = RunSetting.named(name.replacing("_", with: "-")).map(SettingName.field) ?? .hyperparameter(name)
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

    /// What errors of a whole sweep begin with: its flag.
    var flag: MessageText {
        switch self {
        case .field(let field): field.subject
        case .hyperparameter: .hyperparameters
        }
    }

    /// What is typed to give it `values`.
    func assigning(_ values: String) -> MessageText {
        switch self {
        case .field(let field): "\(field.subject) \(values)"
        case .hyperparameter(let name): "\(name)=\(values)"
        }
    }

    /// Whether its values may come in parts with conditions; texts with one value, such as a path, are taken as they are.
    var mayBeConditional: Bool {
        if case .field(let field) = self, case .single = field.sweepForm { false } else { true }
    }

    /// What `text` stands for in a sweep.
    func values(of text: String) throws(ExperimentError) -> AxisValues {
        switch self {
        case .field(let field): try field.values(of: text)
        case .hyperparameter: try ValueList.choices(of: text, about: subject)
        }
    }

    /// The values that a condition asks for.
    func conditionValues(of text: String) throws(ExperimentError) -> [String] {
        if case .field(let field) = self {
            switch field.sweepForm {
            case .single: return [text]
            case .schedules: return ValueList.schedules(of: text)
            case .list: break
            }
        }
        return try ValueList.values(of: text, about: subject)
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
