import GRDB
import TextFormats

extension RunFilter {
    /// The filter as one condition on a row of `runs`; every value of the person's is bound.
    func sql(_ names: ListingNames) throws -> (condition: String, arguments: StatementArguments) {
        var parts: [String] = []
        var arguments: StatementArguments = []
        for condition in conditions {
            let expression = try names.expression(named: condition.name)
            let alternatives = try condition.values.map { try condition.sql(expression, $0) }
            let joint = condition.isNegative ? " AND " : " OR "
            parts.append("(" + alternatives.map(\.condition).joined(separator: joint) + ")")
            for alternative in alternatives { arguments += alternative.arguments }
        }
        return (parts.isEmpty ? "TRUE" : parts.joined(separator: " AND "), arguments)
    }
}

extension RunFilter.Condition {
    /// GRDB's function; SQLite's own leaves all but ASCII letters as they are.
    private var lower: String { DatabaseFunction.lowercase.name }

    fileprivate var isNegative: Bool { comparison == .notEqual || comparison == .lacks }

    fileprivate func sql(
        _ expression: ListingExpression, _ value: RunFilter.Value
    ) throws -> (condition: String, arguments: StatementArguments) {
        if case .tags = expression.kind { return try tagSQL(value) }
        switch comparison {
        case .equal, .notEqual:
            let isNone = value.text == "none" && !value.isQuoted
            let bound = isNone ? DatabaseValue.null : try databaseValue(value, expression.kind)
            return ("\(expression.sql) IS\(isNegative ? " NOT" : "") ?", expression.arguments + [bound])
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let bound = try databaseValue(value, expression.kind)
            return ("\(expression.sql) \(comparison.rawValue) ?", expression.arguments + [bound])
        case .contains, .lacks:
            let place = "instr(\(lower)(coalesce(\(expression.sql), '')), \(lower)(?))"
            return ("\(place) \(isNegative ? "=" : ">") 0", expression.arguments + [value.text])
        }
    }

    private func tagSQL(_ value: RunFilter.Value) throws -> (condition: String, arguments: StatementArguments) {
        let tags = "SELECT 1 FROM run_tags WHERE run_id = runs.id"
        let not = isNegative ? "NOT " : ""
        switch comparison {
        case .equal where value.text == "none" && !value.isQuoted: return ("NOT EXISTS (\(tags))", [])
        case .notEqual where value.text == "none" && !value.isQuoted: return ("EXISTS (\(tags))", [])
        case .equal, .notEqual: return ("\(not)EXISTS (\(tags) AND tag = ?)", [value.text])
        case .contains, .lacks:
            return ("\(not)EXISTS (\(tags) AND instr(\(lower)(tag), \(lower)(?)) > 0)", [value.text])
        default:
            throw TrackingError(
                .invalidQuery, "a tag is neither below nor above '\(value.text)'", advice: "write \(name)=\(value.text)"
            )
        }
    }

    private func databaseValue(_ value: RunFilter.Value, _ kind: ListingExpression.Kind) throws -> DatabaseValue {
        let text = value.text
        if kind == .text || value.isQuoted { return text.databaseValue }
        if let integer = Int64(text) { return integer.databaseValue }
        if let number = Double(text), !number.isNaN { return number.databaseValue }
        guard kind == .any else {
            throw TrackingError(
                .invalidQuery, "'\(text)' is not a number, and \(name) is one", advice: "write for instance \(name)<0.1"
            )
        }
        // JSON's words for yes and no reach SQL as 1 and 0.
        return text == "true" ? 1.databaseValue : text == "false" ? 0.databaseValue : text.databaseValue
    }
}
