import Foundation
import GRDB

extension DatabaseFunction {
    /// SQL: the value of a scalar of JSON, of which a number is read to its last bit.
    ///
    /// SQLite reads a decimal number through an intermediate format, which can be off by one unit in the last place.
    /// `true` and `false` are 1 and 0, as SQLite's own functions have them.
    static let jsonValue = DatabaseFunction("gradbook_json_value", argumentCount: 1, pure: true) { arguments in
        guard let text = String.fromDatabaseValue(arguments[0]) else { return nil }
        switch text {
        case "null": return nil
        case "true": return 1
        case "false": return 0
        default: break
        }
        if let integer = Int64(text) { return integer }
        if let number = Double(text) { return number }
        guard text.hasPrefix("\"") else { return text }
        return try? JSONDecoder().decode(String.self, from: Data(text.utf8))
    }
}
