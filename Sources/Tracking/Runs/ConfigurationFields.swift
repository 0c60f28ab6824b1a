import Foundation
import TextFormats

/// A run's configuration as flat fields, such as `optimizer.hyperparameters.momentum` to `0.9`.
///
/// The report knows no setting by name: whatever a configuration holds can vary, and is then shown.
package struct ConfigurationFields: Sendable, Equatable {
    /// Every value as text: numbers are the shortest that read back to the same bits.
    package let values: [String: String]

    /// All fields but `omitted` and what a fork's parent was; text that is no JSON has none.
    package init(json: String, without omitted: String? = nil) {
        let value = try? JSONDecoder().decode(Value.self, from: Data(json.utf8))
        let fields = value?.flattened(under: "") ?? []
        values = Dictionary(fields.filter { $0.0 != omitted && !$0.0.hasPrefix("fork.parent.") }) { first, _ in first }
    }

    package subscript(name: String) -> String? { values[name] }

    /// An optimizer's hyperparameter as a number; nil where it has none of that name.
    package func hyperparameter(_ name: String) -> Double? {
        self["optimizer.hyperparameters." + name].flatMap(Double.init)
    }

    /// An optimizer's switch.
    package func isOn(_ name: String) -> Bool {
        self["optimizer.hyperparameters." + name] == "true"
    }

    /// A field's name as a column is headed: an optimizer's settings, and those of a recorded run, need no path.
    package static func label(of name: String) -> String {
        if name == "optimizer.name" { return "optimizer" }
        for prefix in ["optimizer.hyperparameters.", "optimizer.", "settings."] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }
}

extension ConfigurationFields {
    private enum Value: Decodable {
        case null
        case flag(Bool)
        case integer(Int64)
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
            } else if let integer = try? container.decode(Int64.self) {
                self = .integer(integer)
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

        func flattened(under name: String) -> [(String, String)] {
            let prefix = name.isEmpty ? "" : name + "."
            switch self {
            case .null: return [(name, "null")]
            case .flag(let flag): return [(name, String(flag))]
            case .integer(let integer): return [(name, String(integer))]
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
