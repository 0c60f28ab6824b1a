import TextFormats

/// Which runs to list: conditions that must all hold, such as `optimizer=adam,sgd lr<0.1 state=done tag!=old`.
///
/// A condition is a name, one of `= != < <= > >= ~ !~` and a value; `~` means "contains", ignoring case. Values with
/// blanks stand in quotes; several, separated by commas, mean any of them after `=` and `~`, none after `!=` and `!~`. `none` is the
/// value that is not there.
package struct RunFilter: Sendable, Equatable {
    enum Comparison: String, Sendable, CaseIterable {
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case lacks = "!~"
        case equal = "="
        case less = "<"
        case greater = ">"
        case contains = "~"
    }

    struct Condition: Sendable, Equatable {
        let name: String
        let comparison: Comparison
        let values: [Value]
    }

    /// A value as typed; in quotes it is text, whatever it looks like.
    struct Value: Sendable, Equatable {
        let text: String
        let isQuoted: Bool
    }

    let conditions: [Condition]

    /// All runs.
    package static let all = RunFilter(conditions: [])

    private init(conditions: [Condition]) {
        self.conditions = conditions
    }

    /// Reads conditions that are separated by blanks.
    ///
    /// - Throws: `invalidQuery`, with the place that makes no sense.
    package init(_ text: String) throws(TrackingError) {
        var scanner = FilterScanner(text)
        var conditions: [Condition] = []
        while let condition = try scanner.nextCondition() {
            conditions.append(condition)
        }
        self.conditions = conditions
    }

    /// One text of filters that must all hold; nil without any.
    package static func text(ofAll texts: [String]) -> String? {
        texts.isEmpty ? nil : texts.joined(separator: " ")
    }

    /// The conditions of both.
    package func and(_ other: RunFilter) -> RunFilter {
        RunFilter(conditions: conditions + other.conditions)
    }
}

/// Reads a filter's text from left to right.
struct FilterScanner {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    /// The next condition, or nil at the end.
    mutating func nextCondition() throws(TrackingError) -> RunFilter.Condition? {
        skipBlanks()
        guard !rest.isEmpty else { return nil }
        let name = take { !$0.isWhitespace && !"=!<>~\"'".contains($0) }
        skipBlanks()
        guard !name.isEmpty,
            let comparison = RunFilter.Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) })
        else {
            throw TrackingError(
                .invalidQuery,
                "the filter '\(text)' needs a name, one of = != < <= > >= ~ !~ and a value at '\(name)\(rest)'; write for "
                    + "instance lr<0.1")
        }
        rest = rest.dropFirst(comparison.rawValue.count)
        skipBlanks()
        var values = [try value(of: name)]
        while rest.first == "," {
            rest = rest.dropFirst()
            values.append(try value(of: name))
        }
        guard rest.first?.isWhitespace ?? true else {
            throw TrackingError(.invalidQuery, "the filter '\(text)' needs a blank before '\(rest)'")
        }
        return RunFilter.Condition(name: name, comparison: comparison, values: values)
    }

    // MARK: - Internals

    private mutating func value(of name: String) throws(TrackingError) -> RunFilter.Value {
        if let quote = rest.first, quote == "'" || quote == "\"" {
            rest = rest.dropFirst()
            let value = take { $0 != quote }
            guard !rest.isEmpty else {
                throw TrackingError(.invalidQuery, "the filter '\(text)' has a quote \(quote) without its partner")
            }
            rest = rest.dropFirst()
            return RunFilter.Value(text: value, isQuoted: true)
        }
        let value = take { !$0.isWhitespace && $0 != "," && $0 != "\"" && $0 != "'" }
        guard !value.isEmpty else {
            throw TrackingError(
                .invalidQuery,
                "the filter '\(text)' has no value for '\(name)'",
                advice: "write for instance \(name)=1, or \(name)=none")
        }
        return RunFilter.Value(text: value, isQuoted: false)
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0.isWhitespace }
    }

    private mutating func take(while belongs: (Character) -> Bool) -> String {
        let taken = rest.prefix(while: belongs)
        rest = rest[taken.endIndex...]
        return String(taken)
    }
}
