import Foundation
import GRDB
import TextFormats

/// Finds what a name in a filter, a sort order or a list of columns stands for.
struct ListingNames {
    let database: Database
    let tables: StepTables
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

    /// - Throws: `invalidQuery` for a name that means nothing, with those that are near.
    func expression(named name: String) throws -> ListingExpression {
        if name == ListingColumn.state { return .state(interrupted: interrupted) }
        if name == ListingColumn.unstable { return .isUnstable(unstable) }
        if let expression = column(named: name)?.expression { return expression }
        if name.contains("(") || name.contains("@") {
            if let steps = ListingExpression(stepsText: name, tables) { return steps }
            throw TrackingError(
                .invalidQuery,
                "there is no '\(name)' to list: of a run's steps there are min(loss), max(loss), mean(loss), first(loss) "
                    + "and last(loss), min(loss)@step and loss@200, and the same of "
                    + "\(ListingExpression.stepNames(tables).filter { $0 != "loss" }.joined(separator: ", "))")
        }
        let setting = try setting(named: name)
        return .setting(setting.path, isFlag: setting.isFlag)
    }

    /// Whether its numbers have no fractions.
    func isWhole(_ name: String) -> Bool {
        column(named: name)?.kind == .whole || name.hasSuffix("@step")
    }

    /// The whole path of the setting of this name; nil where it is that of a column or of a number of the steps.
    func settingPath(named name: String) throws -> String? {
        guard column(named: name) == nil, !name.contains("("), !name.contains("@") else { return nil }
        return try setting(named: name).path
    }

    /// Every value that a column, or the setting at `settingPath`, can have; nil where any can be.
    func words(for name: String, settingPath: String?) -> [String]? {
        if let column = column(named: name) {
            return column.words ?? settingWords[column.settingPath ?? column.name]
        }
        return settingPath.flatMap { settingWords[ConfigurationPath.dotted($0)] }
    }

    /// A setting's whole path, or what follows one of its dots if no other setting ends so; and whether it is yes or no.
    private func setting(named name: String) throws -> (path: String, isFlag: Bool) {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT fullkey, min(type IN ('true', 'false')) FROM (\(ConfigurationPath.leaves))
                GROUP BY fullkey ORDER BY fullkey
                """)
        let paths: [String] = rows.map { $0[0] }
        let found = paths.filter { ConfigurationPath.label(of: $0) == name }
        let matching =
            found.isEmpty ? paths.filter { ("." + ConfigurationPath.dotted($0)).hasSuffix("." + name) } : found
        if matching.count == 1 {
            return (matching[0], rows.contains { ($0[0] as String) == matching[0] && ($0[1] as Bool) })
        }
        guard matching.isEmpty else {
            let names = matching.map { "'\(ConfigurationPath.dotted($0))'" }.joined(separator: " and ")
            throw TrackingError(.invalidQuery, "'\(name)' may be \(names)", advice: "write more of it")
        }
        if let path = settingPaths[name] ?? settingPaths.values.first(where: { $0 == name }) {
            return ("$." + path, false)
        }
        let names = columns.flatMap(\.names) + paths.map(ConfigurationPath.label) + settingPaths.keys
        throw TrackingError(
            .invalidQuery, "no run has a column or a setting '\(name)'\(NearestName.hint(for: name, among: names))",
            advice: "\(command: "columns") lists what there is")
    }
}

/// Places in a configuration's JSON, as SQLite writes them and as people do.
enum ConfigurationPath {
    /// `$.optimizer.hyperparameters.beta1` or `$."optimizer".lr` without the signs around it.
    static func dotted(_ path: String) -> String {
        String(path.dropFirst(2)).replacing("\"", with: "")
    }

    /// What a column is headed with: an optimizer's settings need no path.
    static func label(of path: String) -> String {
        let name = dotted(path)
        if name == "optimizer.name" { return "optimizer" }
        for prefix in ["optimizer.hyperparameters.", "optimizer."] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }

    /// SQL: every scalar of every configuration that is not about a fork's parent.
    static let leaves = """
        SELECT fullkey, type, atom
        FROM (SELECT config FROM runs GROUP BY group_id) AS configurations, json_tree(configurations.config)
        WHERE atom IS NOT NULL AND fullkey NOT LIKE '$.fork.parent%'
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
