import GRDB
import TextFormats

extension RunFilter {
    /// So many values are compared with one that no run has.
    private static let most = 10_000

    /// What the filter asks for and no run of the notebook has, deleted ones included.
    ///
    /// - Throws: `invalidQuery` for a value that no run can have.
    func remarks(_ names: ListingNames) throws -> [String] {
        var remarks: [String] = []
        for condition in conditions where condition.comparison == .contains {
            remarks += try self.remarks(onSlashesIn: condition, names)
        }
        for condition in conditions where condition.comparison == .equal || condition.comparison == .notEqual {
            remarks += try self.remarks(onValuesOf: condition, names)
        }
        var said: Set<String> = []
        return remarks.filter { said.insert($0).inserted }
    }

    /// `name~/base/` asks for a text with slashes, which only a regular expression has in most notebooks.
    private func remarks(onSlashesIn condition: Condition, _ names: ListingNames) throws -> [String] {
        let patterns = condition.values.compactMap(\.slashes)
        guard !patterns.isEmpty else { return [] }
        let expression = try names.expression(named: condition.name)
        guard condition.isText(expression.kind) else { return [] }
        let known = known(condition.name, expression, names)
        let lower = DatabaseFunction.lowercase.name
        let sql = "SELECT 1 FROM (\(known.text)) WHERE instr(\(lower)(value), \(lower)(?)) > 0 LIMIT 1"
        var remarks: [String] = []
        for pattern in patterns {
            let isThere = try Bool.fetchOne(names.database, sql: sql, arguments: known.arguments + [pattern]) != nil
            if isThere { continue }
            remarks.append(
                "no run here has '\(pattern)' in its \(condition.name); a regular expression is written "
                    + "\(condition.name)=~\(pattern)")
        }
        return remarks
    }

    private func remarks(onValuesOf condition: Condition, _ names: ListingNames) throws -> [String] {
        let expression = try names.expression(named: condition.name)
        guard condition.isText(expression.kind) else { return [] }
        let path = try names.settingPath(named: condition.name)
        let words = try names.words(for: condition.name, settingPath: path)
        // That no run has what none is to have is as it should be.
        guard words != nil || condition.comparison == .equal else { return [] }
        let known = known(condition.name, expression, names)
        var others = words
        var remarks: [String] = []
        for value in condition.values where value.isText(expression.kind) {
            if let words, words.contains(value.text) { continue }
            if try isIn(known, value.text, names.database) { continue }
            let near = try others ?? texts(of: known, names.database)
            others = near
            // A word with arguments, such as `polynomial:degree=3`, is one of more than can be listed.
            guard let words, !words.contains(where: { value.text.hasPrefix("\($0):") }) else {
                let meant = hint(on: value, of: condition, near: near, isKindOfData: path == "$.data.kind")
                remarks.append("no run here has \(condition.name) '\(value.text)'\(meant)")
                continue
            }
            try condition.mustBeClosed(value)
            let nearest = NearestName.hint(for: value.text, among: near)
            throw TrackingError(
                .invalidQuery, "no run can have \(condition.name) '\(value.text)'\(nearest)",
                advice: words.count == 1
                    ? "the only one is \(words[0])" : "there are \(words.joined(separator: ", "))")
        }
        return remarks
    }

    /// What was probably meant by a value that no run has, as the end of the sentence that says so, or nothing.
    private func hint(on value: Value, of condition: Condition, near: [String], isKindOfData: Bool) -> String {
        if let pattern = value.slashes { return "; a regular expression is written \(condition.name)=~\(pattern)" }
        let hint = NearestName.hint(for: value.text, among: near)
        guard hint.isEmpty else { return hint }
        if isKindOfData, let file = RunFilter.quoted(value.text) {
            return "; a file's name is asked for by data_file=\(file)"
        }
        return value.hasStrayParenthesis ? "; its ')' has no '('" : ""
    }

    /// Whether a value is one of these.
    private func isIn(_ known: SQLCondition, _ value: String, _ database: Database) throws -> Bool {
        let sql = "SELECT 1 FROM (\(known.text)) WHERE value = ? LIMIT 1"
        return try Bool.fetchOne(database, sql: sql, arguments: known.arguments + [value]) != nil
    }

    private func texts(of known: SQLCondition, _ database: Database) throws -> [String] {
        let sql = "SELECT DISTINCT value FROM (\(known.text)) WHERE typeof(value) = 'text' LIMIT \(Self.most)"
        return try String.fetchAll(database, sql: sql, arguments: known.arguments)
    }

    /// A SELECT of the values that there are.
    private func known(_ name: String, _ expression: ListingExpression, _ names: ListingNames) -> SQLCondition {
        if let sql = names.column(named: name)?.knownValues { return SQLCondition(sql) }
        return SQLCondition("SELECT \(expression.sql) AS value FROM runs", expression.arguments)
    }
}

extension RunFilter.Condition {
    fileprivate func isText(_ kind: ListingExpression.Kind) -> Bool {
        switch kind {
        case .text, .any, .tags: true
        case .number, .flag, .time: false
        }
    }
}

extension RunFilter.Value {
    /// Whether it is one text, of a column of this kind.
    fileprivate func isText(_ kind: ListingExpression.Kind) -> Bool {
        switch form {
        case .pattern: false
        case .quoted where kind == .any: Double(text) == nil
        case .quoted: true
        case .plain where kind == .any:
            !isNone && text != "true" && text != "false" && Double(text) == nil && !text.contains("..")
        case .plain: !isNone
        }
    }
}
