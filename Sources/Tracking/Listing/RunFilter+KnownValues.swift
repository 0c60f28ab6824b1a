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
        for condition in conditions where condition.comparison == .equal || condition.comparison == .notEqual {
            let expression = try names.expression(named: condition.name)
            guard condition.isText(expression.kind) else { continue }
            let words = try names.words(for: condition.name)
            // That no run has what none is to have is as it should be.
            guard words != nil || condition.comparison == .equal else { continue }
            let known = known(condition.name, expression, names)
            var others = words
            for value in condition.values where value.isText(expression.kind) {
                if let words, words.contains(value.text) { continue }
                if try isIn(known, value.text, names.database) { continue }
                let near = try others ?? texts(of: known, names.database)
                others = near
                let hint = NearestName.hint(for: value.text, among: near)
                guard let words else {
                    let remark = "no run here has \(condition.name) '\(value.text)'\(hint)"
                    if !remarks.contains(remark) { remarks.append(remark) }
                    continue
                }
                throw TrackingError(
                    .invalidQuery, "no run can have \(condition.name) '\(value.text)'\(hint)",
                    advice: "there are \(words.joined(separator: ", "))")
            }
        }
        return remarks
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
        case .number, .time: false
        }
    }
}

extension RunFilter.Value {
    /// Whether it is one text, of a column of this kind.
    fileprivate func isText(_ kind: ListingExpression.Kind) -> Bool {
        switch form {
        case .pattern: false
        case .quoted: true
        case .plain where kind == .any:
            !isNone && text != "true" && text != "false" && Double(text) == nil && !text.contains("..")
        case .plain: !isNone
        }
    }
}
