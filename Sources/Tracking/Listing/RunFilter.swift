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

    /// The conditions of both.
    package func and(_ other: RunFilter) -> RunFilter {
        RunFilter(conditions: conditions + other.conditions)
    }
}
