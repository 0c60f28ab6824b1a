import GRDB
import TextFormats

/// The step tables of a file, as its tables `step_tables` and `series` register them.
struct StepTables {
    /// Those of models, in the order of the tables' names.
    let schemas: [StepSchema]
    /// Those of numbers that programs logged.
    let metrics: MetricTables

    init(schemas: [StepSchema], metrics: MetricTables = MetricTables()) {
        self.schemas = schemas
        self.metrics = metrics
    }

    init(_ database: Database, in file: String = "main") throws {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT step_table, model, column_name, role, parameter
                    FROM \(file).series JOIN \(file).step_tables ON step_tables.name = series.step_table
                    WHERE model IS NOT NULL ORDER BY step_table, position
                    """))
        var schemas: [StepSchema] = []
        var (table, model) = ("", "")
        var columns: [StepSchema.Column] = []
        while let row = try rows.next() {
            let (nextTable, name): (String, String) = (row[0], row[2])
            if nextTable != table {
                if !columns.isEmpty { schemas.append(StepSchema(model: model, table: table, columns: columns)) }
                (table, model, columns) = (nextTable, row[1], [])
            }
            guard let role = StepSchema.Column.Role(rawValue: row[3]) else {
                throw TrackingError(
                    .alteredSchema, "the column '\(name)' of \(table) has the unknown role '\(row[3] as String)'")
            }
            columns.append(StepSchema.Column(name: name, role: role, parameter: row[4]))
        }
        if !columns.isEmpty { schemas.append(StepSchema(model: model, table: table, columns: columns)) }
        self.schemas = schemas
        metrics = try MetricTables(database, in: file)
    }

    subscript(model: String) -> StepSchema? {
        schemas.first { $0.model == model }
    }

    /// The schema of a model's steps.
    ///
    /// Of a model that the file does not know, because its run's configuration was damaged,
    /// that of the first table, so that the run can still be examined.
    func schema(ofModel model: String?) -> StepSchema {
        model.flatMap { self[$0] } ?? schemas.first ?? StepSchema(model: model ?? "", parameters: [])
    }

    /// Every parameter of any model, each once.
    var parameters: [String] {
        var names: [String] = []
        for name in schemas.flatMap(\.parameters) where !names.contains(name) { names.append(name) }
        return names
    }

    // MARK: - SQL over all tables

    /// `part` of every table, one below the other; no row at all where there is no table.
    func union(_ part: (StepSchema) -> String, empty: String) -> String {
        schemas.isEmpty ? empty : schemas.map(part).joined(separator: " UNION ALL ")
    }

    /// The rows that have `run` as their run's id: how many there are, and the first and the last step; an aggregate of no
    /// rows is NULL, except that a count is 0.
    func lastStep(ofRun run: String) -> String { extreme("max", ofRun: run) }
    func firstStep(ofRun run: String) -> String { extreme("min", ofRun: run) }
    func count(ofRun run: String) -> String {
        let counts = schemas.map { "(SELECT count(*) FROM \($0.quotedTable) WHERE run_id = \(run))" }
        return counts.isEmpty ? "0" : "(" + counts.joined(separator: " + ") + ")"
    }

    /// One search for each table: an aggregate over a union would read all its rows.
    private func extreme(_ function: String, ofRun run: String) -> String {
        let searches = schemas.map { "(SELECT \(function)(step) FROM \($0.quotedTable) WHERE run_id = \(run))" }
        switch searches.count {
        case 0: return "NULL"
        case 1: return searches[0]
        // A run has rows in one table at most.
        default: return "coalesce(" + searches.joined(separator: ", ") + ")"
        }
    }
}

extension Database {
    /// Has the file keep this model's steps, and returns the schema under which it does.
    ///
    /// A model that is known already must have the same columns: else it is a `conflict`.
    @discardableResult
    func register(_ schema: StepSchema) throws -> StepSchema {
        if let known = try StepTables(self)[schema.model] {
            guard known.columns == schema.columns else {
                throw TrackingError(
                    .conflict,
                    "the notebook keeps steps of the model \(schema.model) with other columns than this program makes: "
                        + "\(known.columns.map(\.name).joined(separator: ", "))",
                    advice: "use the release that made it")
            }
            return known
        }
        let schema = StepSchema(model: schema.model, table: try freeName(schema.table), columns: schema.columns)
        try execute(sql: schema.creation)
        try execute(
            sql: "INSERT INTO main.step_tables (name, model) VALUES (?, ?)", arguments: [schema.table, schema.model])
        for (position, column) in schema.columns.enumerated() {
            try execute(
                sql: """
                    INSERT INTO main.series (step_table, position, column_name, name, role, parameter, goal)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    schema.table, position, column.name, column.name, column.role.rawValue, column.parameter,
                    column.role == .loss ? "min" : nil,
                ])
        }
        try createStepViews()
        return schema
    }

    /// The schema of the run's steps.
    func stepSchema(ofRun run: Int64) throws -> StepSchema {
        let model = try String.fetchOne(
            cachedStatement(sql: "SELECT model FROM runs WHERE id = ?"), arguments: [run])
        let tables = try StepTables(self)
        if let model, let schema = tables[model] { return schema }
        // Its configuration was damaged: its rows say where they are.
        for schema in tables.schemas {
            let statement = try cachedStatement(
                sql: "SELECT TRUE FROM \(schema.quotedTable) WHERE run_id = ? LIMIT 1")
            if try Bool.fetchOne(statement, arguments: [run]) != nil { return schema }
        }
        return tables.schema(ofModel: model)
    }

    /// `name`, or with a number if something in the file is called so.
    func freeName(_ name: String) throws -> String {
        let statement = try cachedStatement(
            sql: "SELECT TRUE FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE LIMIT 1")
        var free = name
        var number = 2
        while try Bool.fetchOne(statement, arguments: [free]) != nil {
            free = "\(name)_\(number)"
            number += 1
        }
        return free
    }
}
