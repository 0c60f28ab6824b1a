import GRDB
import TextFormats

/// A value of each run as SQL: its text is made of this program's words only, whatever a person gave is bound.
struct ListingExpression {
    /// What a filter may compare it with.
    enum Kind: Equatable {
        case text, number
        /// Yes or no, by these values.
        case flag(yes: DatabaseValue, no: DatabaseValue)
        /// Text that orders moments.
        case time
        /// A setting, whose kind its configuration decides.
        case any
        /// The set of a run's tags: a filter asks for one of them.
        case tags
    }

    /// What is compared and sorted by; SQLite has NULL for NaN.
    let sql: String
    /// What is shown, with the same arguments: where a row has `ieee_bytes`, those of this number.
    let shownSQL: String
    let arguments: StatementArguments
    let kind: Kind

    init(_ sql: String, _ arguments: StatementArguments = [], kind: Kind, shown: String? = nil) {
        self.sql = sql
        shownSQL = shown ?? sql
        self.arguments = arguments
        self.kind = kind
    }

    /// SQL: the number at this place of the row's real columns, of which there are so many, else the column.
    static func exact(_ column: String, place: Int, of counts: [Int], in table: String = "") -> String {
        let bytes = table + StepSchema.bytesColumn
        let lengths = counts.map { String(8 * $0) }.joined(separator: ", ")
        return "CASE WHEN typeof(\(bytes)) = 'blob' AND length(\(bytes)) IN (\(lengths)) "
            + "THEN substr(\(bytes), \(8 * place + 1), 8) ELSE \(column) END"
    }
}

// MARK: - What a run has

extension ListingExpression {
    /// What stands at a place of the configuration, a number to its last bit; NULL where the configuration was damaged.
    static func configurationValue(at path: String) -> String {
        "CASE WHEN json_valid(runs.config) THEN \(DatabaseFunction.jsonValue.name)(runs.config -> \(path)) END"
    }

    /// `running` as the column has it, or `interrupted` where nobody works on the run any more.
    static func state(interrupted: [Int64]) -> ListingExpression {
        if interrupted.isEmpty { return ListingExpression("runs.state", kind: .text) }
        return ListingExpression(
            "CASE WHEN runs.id IN (SELECT value FROM json_each(?)) THEN 'interrupted' ELSE runs.state END",
            [JSONList.text(interrupted)], kind: .text)
    }

    /// `yes` or `no` for a run that is done.
    static func isUnstable(_ runs: Set<Int64>) -> ListingExpression {
        ListingExpression(
            "CASE WHEN runs.state = 'done' AND runs.kind = 'trained' THEN CASE WHEN runs.id IN (SELECT value FROM json_each(?)) THEN 'yes' ELSE 'no' END END",
            [JSONList.text(runs)], kind: .flag(yes: "yes".databaseValue, no: "no".databaseValue))
    }

    /// A setting by its place in the configuration, such as `$.optimizer.hyperparameters.momentum`.
    static func setting(_ path: String, isFlag: Bool) -> ListingExpression {
        ListingExpression(
            ConfigurationPath.isPlain(path)
                ? configurationValue(at: "?")
                : "CASE WHEN json_valid(runs.config) THEN (SELECT atom FROM json_tree(runs.config) WHERE fullkey = ?) END",
            [path],
            kind: isFlag ? .flag(yes: 1.databaseValue, no: 0.databaseValue) : .any)
    }
}

// MARK: - What several kinds of runs have

extension ListingExpression {
    /// The first of these that a run has.
    static func firstOf(_ expressions: [ListingExpression]) -> ListingExpression {
        guard let first = expressions.first, expressions.count > 1 else {
            return expressions.first ?? ListingExpression("NULL", kind: .any)
        }
        var arguments: StatementArguments = []
        for expression in expressions { arguments += expression.arguments }
        return ListingExpression(
            "coalesce(\(expressions.map(\.sql).joined(separator: ", ")))", arguments,
            kind: expressions.allSatisfy { $0.kind == first.kind } ? first.kind : .any,
            shown: "coalesce(\(expressions.map(\.shownSQL).joined(separator: ", ")))")
    }

    /// One for the runs that this program trained, another one for all others.
    static func ofKind(trained: ListingExpression, others: ListingExpression) -> ListingExpression {
        let choice = { (first: String, second: String) in
            "CASE runs.kind WHEN 'trained' THEN \(first) ELSE \(second) END"
        }
        return ListingExpression(
            choice(trained.sql, others.sql), trained.arguments + others.arguments,
            kind: trained.kind == others.kind ? trained.kind : .any, shown: choice(trained.shownSQL, others.shownSQL))
    }
}

// MARK: - What a run's steps have

extension ListingExpression {
    /// `min(loss)`, `min(loss)@step` (where it was) or `loss@200` (what it was then); nil for anything else.
    ///
    /// A run has steps in one table at most; the columns of all tables can be asked for.
    init?(stepsText text: String, _ tables: StepTables) {
        let alternatives = tables.schemas.compactMap { Self.alternative(text, $0) }
        guard let first = alternatives.first else { return nil }
        guard alternatives.count > 1 else {
            self = first
            return
        }
        var arguments: StatementArguments = []
        for alternative in alternatives { arguments += alternative.arguments }
        self.init(
            "coalesce(\(alternatives.map(\.sql).joined(separator: ", ")))", arguments, kind: .number,
            shown: "coalesce(\(alternatives.map(\.shownSQL).joined(separator: ", ")))")
    }

    /// The names under which a table's columns can be asked for.
    static func stepNames(_ tables: StepTables) -> [String] {
        var names: [String] = []
        for schema in tables.schemas {
            for name in schema.columns.map(\.name) + ["epoch"] where !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func column(_ name: String, of schema: StepSchema) -> String? {
        let name = name == "lr" ? schema.index(of: .learningRate).map { schema.columns[$0].name } ?? name : name
        let names = schema.columns.map(\.name) + ["epoch"]
        return names.contains(name) ? name.sqlIdentifier : nil
    }

    private static func alternative(_ text: String, _ schema: StepSchema) -> ListingExpression? {
        if text.contains("(") { return function(text, schema) }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let column = column(parts[0], of: schema), let step = Int(parts[1]) else { return nil }
        func value(_ sql: String) -> String {
            "(SELECT \(sql) FROM \(schema.quotedTable) WHERE run_id = runs.id AND step = ?)"
        }
        return ListingExpression(value(column), [step], kind: .number, shown: value(shown(column, of: schema)))
    }

    private static func function(_ text: String, _ schema: StepSchema) -> ListingExpression? {
        let isPlace = text.hasSuffix("@step")
        let call = isPlace ? text.dropLast("@step".count) : text[...]
        let parts = call.split(separator: "(", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[1].hasSuffix(")"), let column = column(String(parts[1].dropLast()), of: schema)
        else { return nil }
        let rows = "FROM \(schema.quotedTable) WHERE run_id = runs.id"
        let isLoss = schema.index(of: .loss).map { schema.columns[$0].name.sqlIdentifier } == column
        func sql(_ value: String, known: String?) -> String? {
            switch parts[0] {
            case "min":
                let lowest = "(SELECT \(value) \(rows) AND \(column) IS NOT NULL ORDER BY \(column), step LIMIT 1)"
                // A run that has ended knows it already.
                return isLoss ? known.map { "coalesce(\($0), \(lowest))" } ?? lowest : lowest
            case "max":
                return "(SELECT \(value) \(rows) AND \(column) IS NOT NULL ORDER BY \(column) DESC, step LIMIT 1)"
            case "mean" where !isPlace: return "(SELECT avg(\(column)) \(rows))"
            case "first": return "(SELECT \(value) \(rows) ORDER BY step LIMIT 1)"
            case "last": return "(SELECT \(value) \(rows) ORDER BY step DESC LIMIT 1)"
            default: return nil
            }
        }
        if isPlace { return sql("step", known: "runs.best_step").map { ListingExpression($0, kind: .number) } }
        return sql(column, known: "runs.best_loss").map {
            ListingExpression(
                $0, kind: .number,
                shown: sql(
                    shown(column, of: schema),
                    known: ListingColumn.exactLoss("runs.best_loss", place: 1, of: [2, 3])))
        }
    }

    /// A quoted column of the steps to the last bit.
    private static func shown(_ column: String, of schema: StepSchema) -> String {
        guard let place = schema.columns.firstIndex(where: { $0.name.sqlIdentifier == column }) else {
            return column
        }
        return exact(column, place: place, of: [schema.columns.count])
    }
}
