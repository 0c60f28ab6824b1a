import Foundation

/// A set of seeds, ids or names as a column or an argument has it: a JSON list in ascending order, so that equal ones are equal
/// texts.
enum JSONList {
    static func text(_ values: some Sequence<Int64>) -> String {
        "[" + Set(values).sorted().map { String($0) }.joined(separator: ",") + "]"
    }

    /// Of names that need no escaping.
    static func text(_ names: some Sequence<String>) -> String {
        "[" + Set(names).sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }

    /// Nil for anything else than a list of such values.
    static func values<Value: Decodable & Hashable>(_ text: String, as type: Value.Type = Value.self) -> Set<Value>? {
        (try? JSONDecoder().decode([Value].self, from: Data(text.utf8))).map { Set($0) }
    }
}
