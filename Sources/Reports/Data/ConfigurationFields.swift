import Foundation

/// A run's configuration as flat fields, such as `optimizer.hyperparameters.momentum` to `0.9`.
///
/// The report knows no setting by name: whatever a configuration holds can vary, and is then shown.
struct ConfigurationFields: Sendable, Equatable {
    /// In alphabetical order of names.
    let fields: [(name: String, value: String)]

    init(json: String) {
        let value = (try? JSONDecoder().decode(Value.self, from: Data(json.utf8))) ?? .null
        fields = value.flattened(under: "").sorted { $0.name < $1.name }
    }

    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    static func == (a: Self, b: Self) -> Bool {
        a.fields.elementsEqual(b.fields) { $0 == $1 }
    }

    /// The part of a field's name that tells it apart for people.
    static func shortName(_ name: String) -> String {
        name == "optimizer.name" ? "optimizer" : name.split(separator: ".").last.map(String.init) ?? name
    }

    private enum Value: Decodable {
        case null
        case flag(Bool)
        case number(Double)
        case text(String)
        case list([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        func flattened(under name: String) -> [(name: String, value: String)] {
            let prefix = name.isEmpty ? "" : name + "."
            switch self {
            case .null: return [(name, "")]
            case .flag(let flag): return [(name, String(flag))]
            case .number(let number): return [(name, NumberText.exact(number))]
            case .text(let text): return [(name, text)]
            case .list(let list):
                return list.enumerated().flatMap { $1.flattened(under: prefix + String($0)) }
            case .object(let object):
                return object.flatMap { $1.flattened(under: prefix + $0) }
            }
        }
    }
}
