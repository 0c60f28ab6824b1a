import GRDB
import TextFormats

/// Numbers that programs logged, of each run.
extension ListingExpression {
    /// The last one under a key; nil for a key that the notebook does not know.
    static func lastMetric(_ key: String, _ tables: MetricTables) -> ListingExpression? {
        MetricRowsOfRun(key, tables)?.expression("last", isPlace: false)
    }

    /// `min(val/loss)`, `min(val/loss)@step` or `val/loss@200`; nil for anything else.
    init?(metricsText text: String, _ tables: MetricTables) {
        if let call = StepCall(text), let rows = MetricRowsOfRun(call.name, tables),
            let expression = rows.expression(call.function, isPlace: call.isPlace)
        {
            self = expression
        } else if let at = text.lastIndex(of: "@"), let step = Int64(text[text.index(after: at)...]),
            let rows = MetricRowsOfRun(String(text[..<at]), tables)
        {
            self = rows.value(at: step)
        } else {
            return nil
        }
    }
}

/// `min(loss)` or `min(loss)@step`, taken apart.
struct StepCall {
    let function: String
    /// What stands between the first and the last parenthesis: a name may hold others.
    let name: String
    let isPlace: Bool

    init?(_ text: String) {
        isPlace = text.hasSuffix(")@step")
        let call = isPlace ? text.dropLast("@step".count) : text[...]
        guard call.hasSuffix(")"), let open = call.firstIndex(of: "(") else { return nil }
        function = String(call[..<open])
        name = String(call[call.index(after: open)...].dropLast())
    }

    /// The same as text, with another function.
    func text(calling function: String) -> String { "\(function)(\(name))\(isPlace ? "@step" : "")" }
}

/// SQL: the rows of a run that may have numbers under a key.
private struct MetricRowsOfRun {
    private let rows: String
    private let arguments: StatementArguments
    private let column: String
    private let slot: Int

    init?(_ key: String, _ tables: MetricTables) {
        switch tables.places[key] {
        case .column(let table, let index):
            let table = tables.tables[table]
            rows = "FROM \(table.quotedName) WHERE run_id = runs.id"
            (column, slot, arguments) = (table.columns[index].name.sqlIdentifier, index, [])
        case .points:
            rows = "FROM points WHERE run_id = runs.id AND key = ?"
            (column, slot, arguments) = ("value", 0, [key])
        case nil: return nil
        }
    }

    /// A file from elsewhere may hold texts there, which are above every number to SQLite.
    private var number: String { "CASE WHEN typeof(\(column)) IN ('integer', 'real') THEN \(column) END" }

    private var isThere: String { "(\(column) IS NOT NULL OR \(NaNSlots.isNaN(slot: slot)))" }

    /// A NaN as its bytes.
    private var shown: String {
        "CASE WHEN \(column) IS NULL AND \(NaNSlots.isNaN(slot: slot)) THEN substr(ieee_bytes, \(8 * slot + 1), 8) "
            + "ELSE \(column) END"
    }

    private func first(_ value: String, where condition: String, order: String) -> String {
        "(SELECT \(value) \(rows) AND \(condition) ORDER BY \(order) LIMIT 1)"
    }

    func value(at step: Int64) -> ListingExpression {
        let value = { (sql: String) in "(SELECT \(sql) \(rows) AND step = ?)" }
        return ListingExpression(value(number), arguments + [step], kind: .number, shown: value(shown))
    }

    func expression(_ function: String, isPlace: Bool) -> ListingExpression? {
        let (condition, order): (String, String)
        switch function {
        case "min": (condition, order) = ("\(number) IS NOT NULL", "\(number), step")
        case "max": (condition, order) = ("\(number) IS NOT NULL", "\(number) DESC, step")
        case "first": (condition, order) = (isThere, "step")
        case "last": (condition, order) = (isThere, "step DESC")
        case "mean" where !isPlace:
            return ListingExpression("(SELECT avg(\(number)) \(rows))", arguments, kind: .number)
        default: return nil
        }
        let value = isPlace ? "step" : number
        return ListingExpression(
            first(value, where: condition, order: order), arguments, kind: .number,
            shown: first(isPlace ? "step" : shown, where: condition, order: order))
    }
}
