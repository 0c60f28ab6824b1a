import TextFormats

/// Which runs to list: conditions such as `optimizer=adam,sgd lr<0.1 state=done tag!=old`.
///
/// A condition is a name, one of `= != < <= > >= ~ !~` and a value; `~` means "contains", ignoring case. Values with
/// blanks stand in quotes; several, separated by commas, mean any of them after `=` and `~`, none after `!=` and `!~`. `none` is the
/// value that is not there. After `=` and `!=` a value may also be a range `0.01..0.1` with both ends, of numbers and times, or a
/// regular expression `~/^base/`; a time may be `-2d`, so long ago.
///
/// Conditions next to each other must all hold, as with `and`; `or` binds less, `not` more, and parentheses group.
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

    /// A value as typed.
    struct Value: Sendable, Equatable {
        enum Form: Sendable, Equatable {
            /// Whatever the column makes of it.
            case plain
            /// Text, whatever it looks like.
            case quoted
            /// A regular expression, without its slashes.
            case pattern(ignoresCase: Bool)
        }

        let text: String
        var form = Form.plain

        /// Whether it stands for the value that is not there.
        var isNone: Bool { form == .plain && text == "none" }

        /// Itself where it looks like a regular expression, and is none for want of a `~` before it.
        var slashes: String? {
            guard form == .plain, text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") || text.hasSuffix("/i")
            else {
                return nil
            }
            return text
        }

        /// Whether it ends with a parenthesis that was to close a group; outside of groups that is a sign like any other.
        var hasStrayParenthesis: Bool {
            form == .plain && text.hasSuffix(")") && text.count { $0 == ")" } > text.count { $0 == "(" }
        }
    }

    /// What the words between conditions make of them; as deep as ``FilterParser/deepest`` at most.
    indirect enum Tree: Sendable, Equatable {
        case condition(Condition)
        case not(Tree)
        case all([Tree])
        case any([Tree])

        var conditions: [Condition] {
            switch self {
            case .condition(let condition): [condition]
            case .not(let tree): tree.conditions
            case .all(let trees), .any(let trees): trees.flatMap(\.conditions)
            }
        }
    }

    /// What must all hold.
    private let parts: [Tree]

    var tree: Tree { .all(parts) }

    /// A value as a filter takes it; nil of one with both quotes, for which there is no way.
    static func quoted(_ value: String) -> String? {
        let isPlain = !value.isEmpty && value.allSatisfy { $0.isLetter || $0.isNumber || "._-+/".contains($0) }
        if isPlain { return value }
        return value.contains("'") ? value.contains("\"") ? nil : "\"\(value)\"" : "'\(value)'"
    }

    /// A name as a filter takes it, in quotes where it must be; nil of one with both quotes.
    static func quotedName(_ name: String) -> String? {
        let isPlain =
            !name.isEmpty && !["and", "or", "not"].contains(name.lowercased())
            && !name.contains { $0.isWhitespace || "=!<>~\"'(),".contains($0) }
        if isPlain { return name }
        guard !name.isEmpty else { return nil }
        return name.contains("'") ? name.contains("\"") ? nil : "\"\(name)\"" : "'\(name)'"
    }

    /// Whether a metric of this name is hidden behind a column, so that `last(name)` asks for it.
    static func isAmbiguous(_ name: String) -> Bool {
        ListingColumn.all(StepTables(schemas: [])).contains { $0.names.contains(name) }
    }

    /// The columns and settings that it asks for.
    var names: Set<String> { Set(tree.conditions.map(\.name)) }

    /// Every condition, wherever it stands.
    var conditions: [Condition] { tree.conditions }

    /// All runs.
    package static let all = RunFilter(parts: [])

    private init(parts: [Tree]) {
        self.parts = parts
    }

    /// Reads conditions.
    ///
    /// - Throws: `invalidQuery`, with the place that makes no sense.
    package init(_ text: String) throws(TrackingError) {
        var parser = try FilterParser(text)
        parts = try parser.parse()
    }

    /// One text of filters that must all hold; nil without any.
    package static func text(ofAll texts: [String]) -> String? {
        if texts.count < 2 { return texts.first }
        return texts.map { text in
            // Behind an `or` the next filter would belong to its last part alone.
            if case .any? = (try? RunFilter(text))?.parts.first { "(\(text))" } else { text }
        }.joined(separator: " ")
    }

    /// What meets both.
    package func and(_ other: RunFilter) -> RunFilter {
        RunFilter(parts: parts + other.parts)
    }

    /// A time in it that depends on when it is asked, such as `-2d`; nil if there is none.
    package var relativeTime: String? {
        let times = conditions.filter { condition in
            ListingColumn.origin.contains { $0.kind == .time && $0.names.contains(condition.name) }
        }
        let values = times.flatMap(\.values).filter { value in
            value.text.split(separator: "..").contains { FilterTime.age(String($0)) != nil }
        }
        return values.first?.text
    }
}
