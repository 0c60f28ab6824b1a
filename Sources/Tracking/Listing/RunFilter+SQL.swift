import GRDB
import TextFormats

/// A condition on a row of `runs`: its text is made of this program's words only, every value of the person's is bound.
struct SQLCondition {
    let text: String
    var arguments: StatementArguments = []
    /// How much of SQLite's parser stack of 100 entries its parentheses take.
    private var parserDepth = 0

    /// With this much left for what stands in one condition and around the filter.
    private static let deepest = 60
    private static let groupSize = 24

    init(_ text: String, _ arguments: StatementArguments = []) {
        (self.text, self.arguments) = (text, arguments)
    }

    /// All or any of them.
    ///
    /// Of many it is a group of groups: SQLite takes a chain for a tree that is as deep as the chain is long, and refuses a deep
    /// one. What is deepest comes first, because behind a first part SQLite keeps that part, the word and a parenthesis in mind.
    init(_ parts: [SQLCondition], joint: String) {
        var parts = parts
        while parts.count > Self.groupSize {
            parts = stride(from: 0, to: parts.count, by: Self.groupSize).map { start in
                Self(Array(parts[start..<min(start + Self.groupSize, parts.count)]), joint: joint)
            }
        }
        guard parts.count > 1 else {
            self = parts.first ?? SQLCondition("TRUE")
            return
        }
        parts.sort { $0.parserDepth > $1.parserDepth }
        text = "(" + parts.map(\.text).joined(separator: " \(joint) ") + ")"
        for part in parts { arguments += part.arguments }
        parserDepth = max(parts[0].parserDepth + 1, parts[1].parserDepth + 3)
    }

    /// What does not meet it, also where it is unknown.
    var negated: SQLCondition {
        var condition = SQLCondition("((\(text)) IS NOT TRUE)", arguments)
        condition.parserDepth = parserDepth + 2
        return condition
    }

    func mustBeReadable() throws(TrackingError) {
        guard parserDepth <= Self.deepest else {
            throw TrackingError(
                .invalidQuery, "the filter has too many parentheses inside each other", advice: "write several filters")
        }
    }
}

extension RunFilter {
    /// The filter as one condition on a row of `runs`.
    func sql(_ names: ListingNames) throws -> SQLCondition {
        let condition = try tree.sql(names, isNegative: false)
        try condition.mustBeReadable()
        return condition
    }
}

extension RunFilter.Tree {
    /// Of its opposite, the opposites of its parts: whatever is not true of a run is false.
    fileprivate func sql(_ names: ListingNames, isNegative: Bool) throws -> SQLCondition {
        switch self {
        case .condition(let condition):
            let condition = try condition.sql(names)
            return isNegative ? condition.negated : condition
        case .not(let tree): return try tree.sql(names, isNegative: !isNegative)
        case .all(let trees):
            return SQLCondition(
                try trees.map { try $0.sql(names, isNegative: isNegative) }, joint: isNegative ? "OR" : "AND")
        case .any(let trees):
            return SQLCondition(
                try trees.map { try $0.sql(names, isNegative: isNegative) }, joint: isNegative ? "AND" : "OR")
        }
    }
}

extension RunFilter.Condition {
    /// GRDB's function; SQLite's own leaves all but ASCII letters as they are.
    private var lower: String { DatabaseFunction.lowercase.name }

    private var isNegative: Bool { comparison == .notEqual || comparison == .lacks }

    fileprivate func sql(_ names: ListingNames) throws -> SQLCondition {
        let expression = try names.expression(named: name)
        let alternatives = try values.map { value in
            if case .pattern(let ignoresCase) = value.form {
                return try patternSQL(expression, value.text, ignoresCase: ignoresCase, names)
            }
            if case .tags = expression.kind { return try tagSQL(value) }
            if case .time = expression.kind { return try timeSQL(expression, value, names) }
            return try sql(expression, value, names)
        }
        return SQLCondition(alternatives, joint: isNegative ? "AND" : "OR")
    }

    private func sql(
        _ expression: ListingExpression, _ value: RunFilter.Value, _ names: ListingNames
    ) throws -> SQLCondition {
        var comparing = comparison.rawValue
        switch comparison {
        case .contains, .lacks:
            guard expression.kind != .number else {
                throw TrackingError(
                    .invalidQuery, "~ and !~ are for text, and \(name) is a number",
                    advice: "write for instance \(name)\(isNegative ? "!=" : "=")\(names.isWhole(name) ? "10" : "0.1")")
            }
            return containment(expression, value)
        case .equal, .notEqual:
            if value.form == .plain || expression.kind == .number, let range = try range(value.text, expression.kind) {
                return between(expression, range)
            }
            comparing = isNegative ? "IS NOT" : "IS"
            if value.isNone { return SQLCondition("\(expression.sql) \(comparing) NULL", expression.arguments) }
            if let column = names.column(named: name), let path = column.settingPath,
                column.configuredWord == value.text
            {
                var configured = ListingExpression.setting("$." + path, isFlag: false)
                if let recorded = try names.recordedExpression(for: column) {
                    configured = .ofKind(trained: configured, others: recorded)
                }
                return SQLCondition("\(configured.sql) \(comparing) ?", configured.arguments + [value.text])
            }
        case .less, .lessOrEqual, .greater, .greaterOrEqual: break
        }
        // Only a run tells whether a setting is a number or the text that stands in quotes.
        if expression.kind == .any, value.form == .quoted, let number = number(value.text) {
            return SQLCondition(
                "\(expression.sql) \(comparing) CASE typeof(\(expression.sql)) WHEN 'text' THEN ? ELSE ? END",
                expression.arguments + expression.arguments + [value.text, number])
        }
        let bound = try databaseValue(value, expression.kind, names)
        guard expression.kind == .any, ![.equal, .notEqual].contains(comparison) else {
            return SQLCondition("\(expression.sql) \(comparing) ?", expression.arguments + [bound])
        }
        // To SQLite every text is above every number, but the one of these runs that has a word is neither.
        let types = Double.fromDatabaseValue(bound) == nil ? "'text'" : "'integer', 'real'"
        return SQLCondition(
            "(\(expression.sql) \(comparing) ? AND typeof(\(expression.sql)) IN (\(types)))",
            expression.arguments + [bound] + expression.arguments)
    }

    private func containment(_ expression: ListingExpression, _ value: RunFilter.Value) -> SQLCondition {
        let place = "instr(\(lower)(coalesce(\(expression.sql), '')), \(lower)(?))"
        return SQLCondition("\(place) \(isNegative ? "=" : ">") 0", expression.arguments + [value.text])
    }

    private func between(
        _ expression: ListingExpression, _ range: (first: DatabaseValue, last: DatabaseValue)
    ) -> SQLCondition {
        SQLCondition(
            "(\(expression.sql) BETWEEN ? AND ?)\(isNegative ? " IS NOT TRUE" : "")",
            expression.arguments + [range.first, range.last])
    }

    /// `0.01..0.1` where a number is meant; nil for anything else.
    private func range(
        _ text: String, _ kind: ListingExpression.Kind
    ) throws -> (first: DatabaseValue, last: DatabaseValue)? {
        guard kind == .number || kind == .any, let dots = text.firstRange(of: ".."),
            let first = number(String(text[..<dots.lowerBound])), let last = number(String(text[dots.upperBound...]))
        else { return nil }
        let ends = [first, last].compactMap { Double.fromDatabaseValue($0) }
        guard ends.count == 2, ends[0] <= ends[1] else {
            throw TrackingError(
                .invalidQuery, "the range '\(text)' has its larger end first",
                advice: "write \(name)=\(text[dots.upperBound...])..\(text[..<dots.lowerBound])")
        }
        return (first, last)
    }

    private func tagSQL(_ value: RunFilter.Value) throws -> SQLCondition {
        let tags = "SELECT 1 FROM run_tags WHERE run_id = runs.id"
        let not = isNegative ? "NOT " : ""
        switch comparison {
        case .equal where value.isNone: return SQLCondition("NOT EXISTS (\(tags))")
        case .notEqual where value.isNone: return SQLCondition("EXISTS (\(tags))")
        case .equal, .notEqual: return SQLCondition("\(not)EXISTS (\(tags) AND tag = ?)", [value.text])
        case .contains, .lacks:
            return SQLCondition("\(not)EXISTS (\(tags) AND instr(\(lower)(tag), \(lower)(?)) > 0)", [value.text])
        default:
            throw TrackingError(
                .invalidQuery, "a tag is neither below nor above '\(value.text)'", advice: "write \(name)=\(value.text)"
            )
        }
    }

    private func databaseValue(
        _ value: RunFilter.Value, _ kind: ListingExpression.Kind, _ names: ListingNames
    ) throws -> DatabaseValue {
        let text = value.text
        switch kind {
        case .number:
            if let number = number(text) { return number }
            try mustBeClosed(value)
            let isWhole = names.isWhole(name)
            let word = names.column(named: name)?.configuredWord.map { ", or \(name)=\($0)" } ?? ""
            throw TrackingError(
                .invalidQuery, "'\(text)' is not a number, and \(name) is one",
                advice: "write for instance \(name)<\(isWhole ? "10" : "0.1")\(word)")
        case .flag(let yes, let no):
            switch text.lowercased() {
            case "yes", "true": return yes
            case "no", "false": return no
            default: break
            }
            // As JSON's words reach SQL, and as they could be asked for before.
            if yes == 1.databaseValue, let number = number(text) { return number }
            try mustBeClosed(value)
            throw TrackingError(
                .invalidQuery, "no run can have \(name) '\(text)'", advice: "there are yes, no, true, false")
        case .any where value.form != .quoted:
            if let number = number(text) { return number }
            // JSON's words for yes and no reach SQL as 1 and 0.
            return text == "true" ? 1.databaseValue : text == "false" ? 0.databaseValue : text.databaseValue
        case .text, .any, .time, .tags: return text.databaseValue
        }
    }

    /// Refuses a value that cannot be meant because of a parenthesis behind it.
    func mustBeClosed(_ value: RunFilter.Value) throws(TrackingError) {
        guard value.hasStrayParenthesis else { return }
        throw TrackingError(
            .invalidQuery, "'\(name)\(comparison.rawValue)\(value.text)' has a ')' without its '('",
            advice: "write \(name)\(comparison.rawValue)\(value.text.dropLast())")
    }

    private func number(_ text: String) -> DatabaseValue? {
        if let integer = Int64(text) { return integer.databaseValue }
        if let number = Double(text), !number.isNaN { return number.databaseValue }
        return nil
    }
}

// MARK: - Times and patterns

extension RunFilter.Condition {
    private func timeSQL(
        _ expression: ListingExpression, _ value: RunFilter.Value, _ names: ListingNames
    ) throws -> SQLCondition {
        try mustBeClosed(value)
        func time(_ text: some StringProtocol) throws -> FilterTime {
            try FilterTime(String(text), column: name, now: names.now)
        }
        /// A time itself, or one that begins as it does.
        func sameTime(_ time: FilterTime) -> SQLCondition {
            guard time.isPrefix else {
                return SQLCondition("\(expression.sql) = ?", expression.arguments + [time.text])
            }
            let begin = "substr(\(expression.sql), 1, length(?)) = ?"
            return SQLCondition(
                "(\(expression.sql) = ? OR \(begin))",
                expression.arguments + [time.text] + expression.arguments + [time.prefix, time.prefix])
        }
        switch comparison {
        case .equal, .notEqual:
            if value.isNone {
                return SQLCondition("\(expression.sql) IS\(isNegative ? " NOT" : "") NULL", expression.arguments)
            }
            var condition: SQLCondition
            if let dots = value.text.firstRange(of: "..") {
                let (first, last) = (try time(value.text[..<dots.lowerBound]), try time(value.text[dots.upperBound...]))
                guard first.text <= last.text else {
                    throw TrackingError(
                        .invalidQuery, "the range '\(value.text)' has its later end first",
                        advice: "write \(name)=\(value.text[dots.upperBound...])..\(value.text[..<dots.lowerBound])")
                }
                let end = SQLCondition(
                    [SQLCondition("\(expression.sql) <= ?", expression.arguments + [last.text]), sameTime(last)],
                    joint: "OR")
                condition = SQLCondition(
                    [SQLCondition("\(expression.sql) >= ?", expression.arguments + [first.text]), end], joint: "AND")
            } else {
                condition = sameTime(try time(value.text))
            }
            if isNegative { condition = condition.negated }
            return condition
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let time = try time(value.text)
            let compared = SQLCondition(
                "\(expression.sql) \(comparison.rawValue) ?", expression.arguments + [time.text])
            // All of a day is no later than the day.
            switch comparison {
            case .lessOrEqual: return SQLCondition([compared, sameTime(time)], joint: "OR")
            case .greater: return SQLCondition([compared, sameTime(time).negated], joint: "AND")
            default: return compared
            }
        case .contains, .lacks: return containment(expression, value)
        }
    }

    /// The runs that match, by their ids.
    private func patternSQL(
        _ expression: ListingExpression, _ pattern: String, ignoresCase: Bool, _ names: ListingNames
    ) throws -> SQLCondition {
        guard expression.kind != .number else {
            throw TrackingError(
                .invalidQuery, "a regular expression is for text, and \(name) is a number",
                advice: "write for instance \(name)=\(names.isWhole(name) ? "10..20" : "0.01..0.1")")
        }
        var pattern = try FilterPattern(pattern, ignoresCase: ignoresCase)
        let cursor =
            expression.kind == .tags
            ? try Row.fetchCursor(names.database, sql: "SELECT run_id, tag FROM run_tags")
            : try Row.fetchCursor(
                names.database, sql: "SELECT id, \(expression.sql) FROM runs", arguments: expression.arguments)
        var ids: Set<Int64> = []
        while let row = try cursor.next() {
            let (id, subject): (Int64, DatabaseValue) = (row[0], row[1])
            guard case .string(let text) = subject.storage, !ids.contains(id) else { continue }
            if try pattern.matches(text) { ids.insert(id) }
        }
        return SQLCondition(
            "runs.id\(isNegative ? " NOT" : "") IN (SELECT value FROM json_each(?))", [JSONList.text(ids)])
    }
}
