import GRDB
import GRDBSQLite

/// Which runs to list, and how.
package struct RunListingRequest: Sendable, Equatable {
    package var filter = RunFilter.all
    /// Only these runs; nil for any.
    package var ids: [Int64]?
    /// Names to sort by, the first one first.
    ///
    /// With a `-` in front from the highest to the lowest. What has no value comes last. Without any, and among equals,
    /// runs come in the order of their ids.
    package var sort: [String] = []
    /// Names of columns; nil for those in which the runs differ.
    package var columns: [String]?
    /// The most rows; nil for all.
    package var limit: Int?
    /// Further names of settings, each with its place in the configuration, such as `optimizer.lr`.
    package var settingPaths: [String: String] = [:]
    /// The words that a setting can be, by its place in the configuration; one that is not here can be anything.
    package var settingWords: [String: [String]] = [:]
    /// Whether to list the runs that are deleted instead of the others.
    package var deleted = false

    package init() {}

    /// Whether something of it needs the column of this name.
    fileprivate func names(_ name: String) -> Bool {
        filter.conditions.contains { $0.name == name } || sort.contains { $0 == name || $0 == "-\(name)" }
            || (columns ?? []).contains(name)
    }
}

/// Runs as a table.
package struct RunListing: Sendable, Equatable {
    /// The settings that all listed runs share, as far as no column shows them.
    package let constants: [Constant]
    package let columns: [String]
    package let rows: [[SQLValue]]
    /// What a filter asks for and no run of the notebook has, each in a sentence that names what is near.
    package var remarks: [String] = []

    /// A column that has one value in all rows, which is shown once.
    package struct Constant: Sendable, Equatable {
        package let name: String
        package let value: SQLValue
    }
}

extension RunStore {
    /// The runs that a request asks for; `isAlive` is that of ``interrupted(isAlive:)``.
    ///
    /// Takes a few milliseconds for a thousand runs; columns that look at all steps of a run, such as `max(loss)`, take
    /// as long as reading them.
    package func list(
        _ request: RunListingRequest, isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> RunListing {
        let interrupted = try interrupted(isAlive: isAlive).map(\.id)
        let unstable = request.names(ListingColumn.unstable) ? try self.unstable(deleted: request.deleted) : []
        return try file.read { database in
            let tables = try StepTables(database)
            let names = ListingNames(
                database: database, tables: tables, settings: SettingPaths(database),
                columns: ListingColumn.all(tables), interrupted: interrupted,
                unstable: unstable, settingPaths: request.settingPaths, settingWords: request.settingWords,
                now: file.now())
            let remarks = try request.filter.remarks(names)
            let selection = try ListingSelection(request, names)
            let settings = try request.columns.map { ($0, []) } ?? selection.settings()
            var listing = try selection.listing(settings.0, settings.1)
            listing.remarks = remarks
            return listing
        }
    }
}

/// The listed runs as the end of a SELECT.
private struct ListingSelection {
    let names: ListingNames
    let condition: String
    let conditionArguments: StatementArguments
    let order: String
    let orderArguments: StatementArguments

    init(_ request: RunListingRequest, _ names: ListingNames) throws {
        self.names = names
        let filter = try request.filter.sql(names)
        let isNamed = request.ids == nil ? "TRUE" : "runs.id IN (SELECT value FROM json_each(?))"
        condition = "runs.deleted_at IS \(request.deleted ? "NOT NULL" : "NULL") AND \(isNamed) AND (\(filter.text))"
        let ids = request.ids.map { [JSONList.text($0)] } ?? []
        conditionArguments = StatementArguments(ids) + filter.arguments
        var order: [String] = []
        var arguments: StatementArguments = []
        for name in request.sort {
            let isDescending = name.hasPrefix("-")
            let key = try names.expression(named: isDescending ? String(name.dropFirst()) : name)
            order += ["\(key.sql) IS NULL", "\(key.sql)\(isDescending ? " DESC" : "")"]
            arguments += key.arguments
            arguments += key.arguments
        }
        self.order = (order + ["runs.id"]).joined(separator: ", ") + " LIMIT ?"
        orderArguments = arguments + [request.limit ?? -1]
    }

    func listing(_ columns: [String], _ constants: [RunListing.Constant]) throws -> RunListing {
        let expressions = try columns.map { try names.expression(named: $0) }
        let statement = try names.database.makeStatement(
            sql:
                "SELECT \(expressions.map(\.shownSQL).joined(separator: ", ")) FROM runs WHERE \(condition) ORDER BY \(order)"
        )
        var arguments: StatementArguments = []
        for expression in expressions { arguments += expression.arguments }
        arguments += conditionArguments
        arguments += orderArguments
        var rows: [[SQLValue]] = []
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try cursor.next() {
            rows.append(
                zip(row.databaseValues, expressions).map { value, expression in
                    guard expression.kind == .number || expression.kind == .any, case .blob(let bytes) = value.storage,
                        let number = ExactReals.decode(bytes, count: 1)?.first
                    else { return SQLValue(value) }
                    return .real(number)
                })
        }
        return RunListing(constants: constants, columns: columns, rows: rows)
    }

    /// SQL: how many values a column has in the runs, nothing being one, and the last of them.
    private func values(_ name: String) throws -> String {
        let value = "coalesce(\(try names.expression(named: name).sql), '')"
        return "count(DISTINCT \(value)), max(\(value))"
    }

    /// What the runs differ in, with what every listing shows, and what they agree in.
    func settings() throws -> (columns: [String], constants: [RunListing.Constant]) {
        let listed = "SELECT id FROM runs WHERE \(condition) ORDER BY \(order)"
        let facts = try Row.fetchOne(
            names.database,
            sql: """
                SELECT count(DISTINCT name), count(DISTINCT sweep_id) + max(sweep_id IS NULL), count(DISTINCT seed), min(seed),
                    count(diverged_step), count(DISTINCT group_id), count(parent_step), \(values("data_file")),
                    \(values("tag")), count(DISTINCT kind), sum(kind <> 'trained'), count(*)
                FROM runs WHERE id IN (\(listed))
                """, arguments: conditionArguments + orderArguments)
        guard let facts, facts[5] as Int > 0 else { return (["id", "state", "final_loss"], []) }
        let configurations: Int = facts[5]
        let rows = try Row.fetchAll(
            names.database,
            sql: """
                SELECT fullkey, count(*), count(DISTINCT atom),
                    min(CASE WHEN type IN ('true', 'false') THEN type ELSE atom END)
                FROM (SELECT config FROM runs WHERE id IN (\(listed)) GROUP BY group_id) AS configurations,
                    json_tree(configurations.config)
                WHERE atom IS NOT NULL AND fullkey NOT IN ('$.seed', '$.numerics', '$.model')
                    AND fullkey NOT LIKE '$.fork.%' AND fullkey NOT LIKE '$.command%'
                GROUP BY fullkey ORDER BY fullkey
                """, arguments: conditionArguments + orderArguments)
        var found = FoundSettings(configurations: configurations)
        for row in rows {
            found.add(
                row[0], label: names.label(of: row[0]), count: row[1], distinct: row[2],
                value: SQLValue(row[3] as DatabaseValue))
        }
        let varying = found.varying
        var constants = found.constants
        let (kinds, others): (Int, Int) = (facts[11], facts[12])
        let seeds: Int = facts[2]
        if seeds == 1 { constants.append(RunListing.Constant(name: "seed", value: .integer(facts[3]))) }
        let first = ["optimizer", "lr", "batch_size"].filter(varying.contains)
        var columns = ["id"]
        if kinds > 1 { columns.append("kind") }
        if facts[0] as Int > 0 { columns.append("name") }
        if facts[1] as Int > 1 { columns.append("sweep") }
        for (name, place) in [("data_file", 7), ("tag", 9)] {
            let value: String = facts[place + 1]
            if facts[place] as Int > 1 {
                columns.append(name)
            } else if !value.isEmpty {
                constants.append(RunListing.Constant(name: name, value: .text(value)))
            }
        }
        // A hash tells a reader nothing that the file's name does not.
        if constants.contains(where: { $0.name == "data_file" }) {
            constants.removeAll { $0.name == "data.content_hash" }
        }
        if facts[6] as Int > 0 { columns += ["parent", "parent_step"] }
        columns += first + varying.filter { !first.contains($0) }
        if seeds > 1 { columns.append("seed") }
        columns.append("state")
        if facts[4] as Int > 0 { columns.append("diverged_step") }
        if others < facts[13] as Int { columns.append("final_loss") }
        if others > 0 { columns += try metrics(beside: columns, isMixed: kinds > 1) }
        return (columns, constants)
    }

    /// The numbers that stand for what the listed runs of other programs came to.
    private func metrics(beside columns: [String], isMixed: Bool) throws -> [String] {
        let ids = try Int64.fetchAll(
            names.database,
            sql: "SELECT id FROM runs WHERE \(condition) ORDER BY \(order)",
            arguments: conditionArguments + orderArguments)
        let choice = ListedMetrics(names.tables.metrics, names.database)
        return try choice.keys(ofRuns: ids).map { key in
            let isPlain = try !columns.contains(key) && names.isMetric(key, isMixed: isMixed)
            return isPlain ? key : "last(\(key))"
        }
    }
}
