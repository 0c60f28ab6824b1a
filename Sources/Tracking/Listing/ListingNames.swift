import Foundation
import GRDB
import TextFormats

/// Finds what a name in a filter, a sort order or a list of columns stands for.
struct ListingNames {
    let database: Database
    let tables: StepTables
    let settings: SettingPaths
    /// Those of these tables, see ``ListingColumn/all(_:)``.
    let columns: [ListingColumn]
    /// The runs that are called running although nobody works on them.
    let interrupted: [Int64]
    /// The runs that are done and ended worse than they began; empty where nobody asks.
    let unstable: Set<Int64>
    /// Places in the configuration by name, see ``RunListingRequest/settingPaths``.
    let settingPaths: [String: String]
    /// The words that a setting can be, by its place in the configuration; see ``RunListingRequest/settingWords``.
    let settingWords: [String: [String]]
    /// The present time, as the notebook writes times.
    let now: String

    /// By one of its names; nil if there is none.
    func column(named name: String) -> ListingColumn? {
        columns.first { $0.names.contains(name) }
    }

    /// What a name stands for; of several runs it may be a column, a setting or a number that was logged.
    ///
    /// - Throws: `invalidQuery` for a name that means nothing, with those that are near.
    func expression(named name: String) throws -> ListingExpression {
        if name == ListingColumn.state { return .state(interrupted: interrupted) }
        if name == ListingColumn.unstable { return .isUnstable(unstable) }
        let name = try isKnown(name) ? name : withoutQuotes(name)
        if let column = column(named: name), let expression = column.expression {
            return try column.isOfTrainedRuns ? withRecorded(expression, of: column) : expression
        }
        let (exact, metric) = (try exactSetting(name), ListingExpression.lastMetric(name, tables.metrics))
        if let exact, let metric { return .firstOf([exact, metric]) }
        if let expression = exact ?? metric { return expression }
        if name.contains("(") || name.contains("@") { return try steps(name) }
        return Self.expression(of: try settings(named: name))
    }

    /// Whether a program called something so, with all its signs.
    private func isKnown(_ name: String) throws -> Bool {
        guard name.contains("'") || name.contains("\"") else { return true }
        if tables.metrics.places[name] != nil || StepCall(name).map({ tables.metrics.places[$0.name] != nil }) ?? false
        {
            return true
        }
        return try settings.all.contains { $0.label == name }
    }

    /// `best('val/loss')` and `'val/loss'` as a filter's parser leaves them.
    private func withoutQuotes(_ name: String) -> String {
        for quote in ["'", "\""] {
            if name.count > 2, name.hasPrefix(quote), name.hasSuffix(quote) {
                return String(name.dropFirst().dropLast())
            }
            guard let call = StepCall(name), call.name.count > 2, call.name.hasPrefix(quote), call.name.hasSuffix(quote)
            else { continue }
            return "\(call.function)(\(call.name.dropFirst().dropLast()))\(call.isPlace ? "@step" : "")"
        }
        return name
    }

    /// The number of the steps that a text such as `min(loss)` stands for.
    private func steps(_ text: String) throws -> ListingExpression {
        var text = text
        if let call = StepCall(text), call.function == "best", isStepName(call.name) {
            guard let goal = MetricGoal(key: call.name) else {
                throw TrackingError(
                    .invalidQuery, "nothing says whether more or less of \(call.name) is better",
                    advice: "write \(call.text(calling: "min")) or \(call.text(calling: "max"))")
            }
            text = call.text(calling: goal.rawValue)
        }
        let expressions = [
            ListingExpression(stepsText: text, tables), ListingExpression(metricsText: text, tables.metrics),
        ].compactMap(\.self)
        if !expressions.isEmpty { return .firstOf(expressions) }
        let names = ListingExpression.stepNames(tables)
        let call = StepCall(text)
        if let name = call?.name, !isStepName(name), !tables.metrics.places.isEmpty {
            throw TrackingError(
                .invalidQuery,
                "no run has steps or a metric '\(name)'\(NearestName.hint(for: name, among: names + tables.metrics.places.keys))",
                advice: "\(command: "columns") lists what there is")
        }
        throw TrackingError(
            .invalidQuery,
            "there is no '\(text)' to list: of a run's steps there are min(loss), max(loss), mean(loss), first(loss) "
                + "and last(loss), min(loss)@step and loss@200, and the same of "
                + "\(names.filter { $0 != "loss" }.joined(separator: ", "))")
    }

    private func isStepName(_ name: String) -> Bool {
        tables.metrics.places[name] != nil || ListingExpression.stepNames(tables).contains(name)
            || name == "lr" && !tables.schemas.isEmpty
    }

    /// A column that only trained runs have, and in the rows of others their setting of that name, or their last number.
    private func withRecorded(_ expression: ListingExpression, of column: ListingColumn) throws -> ListingExpression {
        guard try settings.includesRecorded else { return expression }
        guard let recorded = try recordedExpression(for: column) else { return expression }
        return .ofKind(trained: expression, others: recorded)
    }

    /// What other programs have under a column's names; nil where none has anything.
    func recordedExpression(for column: ListingColumn) throws -> ListingExpression? {
        let own = try column.names.compactMap { try settings.recorded($0) }.map {
            ListingExpression.setting($0.path, isFlag: false)
        }
        let logged = column.names.compactMap { ListingExpression.lastMetric($0, tables.metrics) }
        return own.isEmpty && logged.isEmpty ? nil : .firstOf(own + logged)
    }

    /// Whether a key alone shows the last number under it, and nothing else.
    func isMetric(_ key: String, isMixed: Bool) throws -> Bool {
        guard try settings.recorded(key) == nil else { return false }
        guard let column = column(named: key) else { return true }
        guard column.isOfTrainedRuns, !isMixed else { return false }
        return try column.names.filter { tables.metrics.places[$0] != nil } == [key]
            && column.names.allSatisfy { try settings.recorded($0) == nil }
    }

    /// The setting whose label is the name: one of trained runs and one of recorded ones may share it.
    private func exactSetting(_ name: String) throws -> ListingExpression? {
        let found = try settings.all.filter { $0.label == name }
        // Of recorded runs a name with a dot and a name within another one may look the same.
        return Self.areOne(found.filter { !$0.isRecorded } + found.filter(\.isRecorded).prefix(1))
            ? Self.expression(of: found) : nil
    }

    private static func expression(of settings: [SettingPaths.Setting]) -> ListingExpression {
        .firstOf(settings.map { .setting($0.path, isFlag: settings.allSatisfy(\.isFlag)) })
    }

    /// Whether no run has two of them.
    private static func areOne(_ settings: [SettingPaths.Setting]) -> Bool {
        !settings.isEmpty && settings.count { $0.isRecorded } < 2 && settings.count { !$0.isRecorded } < 2
    }

    /// What an automatic column is called: a setting whose name is that of a column is called by its whole path.
    func label(of path: String) -> String {
        let label = ConfigurationPath.label(of: path)
        guard ConfigurationPath.isRecorded(path), let column = column(named: label), !column.isOfTrainedRuns else {
            return label
        }
        return ConfigurationPath.dotted(path)
    }

    /// Whether its numbers have no fractions.
    func isWhole(_ name: String) -> Bool {
        column(named: name)?.kind == .whole || name.hasSuffix("@step")
    }

    /// The whole path of the setting of this name; nil where it is that of a column or of a number of the steps.
    func settingPath(named name: String) throws -> String? {
        guard column(named: name) == nil, tables.metrics.places[name] == nil, !name.contains("("), !name.contains("@")
        else { return nil }
        return try settings(named: name).first?.path
    }

    /// Every value that a column, or the setting at `settingPath`, can have; nil where any can be.
    func words(for name: String, settingPath: String?) throws -> [String]? {
        if let column = column(named: name) {
            if let words = column.words { return words }
            // A recorded run's settings may be anything.
            return try settings.includesRecorded ? nil : settingWords[column.settingPath ?? column.name]
        }
        guard let settingPath, try !settings.includesRecorded else { return nil }
        return settingWords[ConfigurationPath.dotted(settingPath)]
    }

    /// A setting by its whole path, or by what follows one of its dots if no other setting ends so.
    ///
    /// A recorded run's setting is the same as a trained run's of this name to whoever asks.
    private func settings(named name: String) throws -> [SettingPaths.Setting] {
        let all = try settings.all
        let found = all.filter { $0.label == name }
        let matching =
            found.isEmpty ? all.filter { ("." + ConfigurationPath.dotted($0.path)).hasSuffix("." + name) } : found
        if Self.areOne(matching) { return matching }
        guard matching.isEmpty else {
            let names = matching.map { "'\(ConfigurationPath.dotted($0.path))'" }.joined(separator: " and ")
            throw TrackingError(.invalidQuery, "'\(name)' may be \(names)", advice: "write more of it")
        }
        if let path = settingPaths[name] ?? settingPaths.values.first(where: { $0 == name }) {
            return [SettingPaths.Setting(path: "$." + path, label: name, isFlag: false)]
        }
        let names = columns.flatMap(\.names) + all.map(\.label) + settingPaths.keys + tables.metrics.places.keys
        let kinds = tables.metrics.places.isEmpty ? "a column or a setting" : "a column, a setting or a metric"
        throw TrackingError(
            .invalidQuery, "no run has \(kinds) '\(name)'\(NearestName.hint(for: name, among: names))",
            advice: "\(command: "columns") lists what there is")
    }
}

/// Places in a configuration's JSON, as SQLite writes them and as people do.
enum ConfigurationPath {
    /// Whether it is a setting of a recorded run.
    static func isRecorded(_ path: String) -> Bool { path.hasPrefix(recordedPrefix) }

    private static let recordedPrefix = "$.settings."

    /// Whether SQLite reads it back: of a name with a quote, or of none, it does not.
    static func isPlain(_ path: String) -> Bool { !path.contains("\\") && !path.contains("\"\"") }

    /// `$.optimizer.hyperparameters.beta1` or `$."optimizer".lr` without the signs around it.
    static func dotted(_ path: String) -> String {
        String(path.dropFirst(2)).replacing("\"", with: "")
    }

    /// What a column is headed with: an optimizer's settings, and those of a recorded run, need no path.
    static func label(of path: String) -> String {
        if isRecorded(path) {
            let name = path.dropFirst(recordedPrefix.count)
            // A name that is no plain word is in quotes, as in JSON.
            return (try? JSONDecoder().decode(String.self, from: Data(name.utf8)))
                ?? String(name).replacing("\"", with: "")
        }
        let name = dotted(path)
        if name == "optimizer.name" { return "optimizer" }
        for prefix in ["optimizer.hyperparameters.", "optimizer."] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }

    /// SQL: every scalar of every configuration that is not about a fork's parent, and no word of a command.
    static let leaves = """
        SELECT fullkey, type, atom
        FROM (SELECT config FROM runs GROUP BY group_id) AS configurations, json_tree(configurations.config)
        WHERE atom IS NOT NULL AND fullkey NOT LIKE '$.fork.parent%' AND fullkey NOT LIKE '$.command%'
        """

    /// The settings of the notebook's configurations, with what kind of value each has, and one that it has.
    static func all(in database: Database) throws -> [(label: String, dotted: String, kind: String, example: String)] {
        let sql = """
            SELECT fullkey, group_concat(DISTINCT CASE type WHEN 'true' THEN 'yes/no' WHEN 'false' THEN 'yes/no'
                WHEN 'text' THEN 'text' ELSE 'number' END),
                CAST(min(CASE WHEN type IN ('true', 'false') THEN type ELSE atom END) AS TEXT)
            FROM (\(leaves)) GROUP BY fullkey ORDER BY fullkey
            """
        return try Row.fetchAll(database, sql: sql).map { row in
            let path: String = row[0]
            let (kind, example): (String, String) = (row[1], row[2])
            let needsQuotes = example.isEmpty || example.contains { $0.isWhitespace || "'\",".contains($0) }
            let quote = example.contains("'") ? "\"" : "'"
            return (
                label(of: path), dotted(path), kind.replacing(",", with: ", "),
                needsQuotes ? quote + example + quote : example
            )
        }
    }
}

extension DatabaseFunction {
    /// SQL: the value of a scalar of JSON, of which a number is read to its last bit.
    ///
    /// SQLite reads a decimal number through an intermediate format, which can be off by one unit in the last place.
    /// `true` and `false` are 1 and 0, as SQLite's own functions have them.
    static let jsonValue = DatabaseFunction("gradbook_json_value", argumentCount: 1, pure: true) { arguments in
        guard let text = String.fromDatabaseValue(arguments[0]) else { return nil }
        switch text {
        case "null": return nil
        case "true": return 1
        case "false": return 0
        default: break
        }
        if let integer = Int64(text) { return integer }
        if let number = Double(text) { return number }
        guard text.hasPrefix("\"") else { return text }
        return try? JSONDecoder().decode(String.self, from: Data(text.utf8))
    }
}
