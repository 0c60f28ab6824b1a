/// A key under which a program logs numbers, and the plain names that it suggests: `train/loss` is `loss` of `train_steps`.
struct MetricKey {
    /// Before the first slash; empty without one.
    let prefix: String
    private let rest: String

    /// The longest plain name; what is longer is cut.
    private static let longestName = 60

    init(_ key: String) {
        let parts = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        (prefix, rest) = parts.count == 2 ? (parts[0], parts[1]) : ("", key)
    }

    /// For a table of the keys with this prefix, as far as the file has nothing of that name.
    var tableName: String {
        let name = Self.plain(prefix.lowercased())
        // What SQLite keeps for itself.
        return (name.isEmpty ? "logged" : name.hasPrefix("sqlite_") ? "_" + name : name) + "_steps"
    }

    /// For the column, as far as the table has none of that name.
    var columnName: String {
        let name = Self.plain(rest)
        return name.isEmpty ? "value" : name
    }

    /// Letters and digits, in words that `_` joins; a name that begins with a digit gets one, too.
    private static func plain(_ text: String) -> String {
        let words = text.split { !$0.isLetter && !$0.isNumber }
        let name = String(words.joined(separator: "_").prefix(longestName))
        return name.first.map(\.isNumber) ?? false ? "_" + name : name
    }
}
