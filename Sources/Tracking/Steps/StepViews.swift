import GRDB
import TextFormats

/// The views over all step tables, which are made again whenever there is another table.
extension Database {
    /// In the notebook itself, whatever other file is attached: makes `steps`, `step_parameters`, `excess`, `metrics` and the views of known losses from the step tables that the file has now.
    func createStepViews() throws {
        let views = try StepTables(self).views
        for view in views.reversed() { try execute(sql: "DROP VIEW IF EXISTS main.\(view.name.sqlIdentifier)") }
        for view in views { try execute(sql: view.creation) }
    }
}

/// A view with the query that computes it.
struct ViewDefinition {
    let name: String
    let query: String

    /// In the notebook itself, whatever other file is attached.
    var creation: String { "CREATE VIEW \(name.sqlIdentifier) AS\n\(query)" }
}

extension StepTables {
    /// In an order in which they can be made.
    var views: [ViewDefinition] {
        withKnownLoss.map { ViewDefinition(name: $0.optimumView, query: $0.optimum) } + [
            ViewDefinition(name: "steps", query: stepsView),
            ViewDefinition(name: "step_parameters", query: parametersView),
            ViewDefinition(name: "excess", query: excessView),
            ViewDefinition(name: "metrics", query: metricsView),
        ]
    }
}

extension StepTables {
    fileprivate var stepsView: String {
        union(
            { schema in
                let loss = schema.name(of: .loss)
                let rate = schema.name(of: .learningRate)
                return """
                    SELECT run_id, step, epoch, \(loss) AS loss, \(rate) AS learning_rate, elapsed_ns
                    FROM \(schema.quotedTable)
                    """
            },
            empty: """
                SELECT NULL AS run_id, NULL AS step, NULL AS epoch, NULL AS loss, NULL AS learning_rate, NULL AS elapsed_ns
                WHERE FALSE
                """)
    }

    fileprivate var parametersView: String {
        let parts = schemas.flatMap { schema in
            schema.parameters.map { parameter in
                """
                SELECT run_id, step, \(parameter.sqlText) AS name, \(schema.name(of: .parameter, parameter)) AS value, \
                \(schema.name(of: .gradient, parameter)) AS gradient FROM \(schema.quotedTable)
                """
            }
        }
        return parts.isEmpty
            ? "SELECT NULL AS run_id, NULL AS step, NULL AS name, NULL AS value, NULL AS gradient WHERE FALSE"
            : parts.joined(separator: "\nUNION ALL\n")
    }

    /// How far each step's parameters are from the optimum, as loss over all data.
    ///
    /// 1/2 d'Hd with d = parameters - optimum, times what the loss is of the mean squared error. No cancellation, so it
    /// stays exact far below the loss's last digit.
    fileprivate var excessView: String {
        let parts = withKnownLoss.map(\.excess)
        return parts.isEmpty
            ? "SELECT NULL AS run_id, NULL AS step, NULL AS excess WHERE FALSE"
            : parts.joined(separator: "\nUNION ALL\n")
    }

    /// Every number of every step, one in a row.
    ///
    /// A union of one query per table, because SQLite takes 500 terms at most.
    fileprivate var metricsView: String {
        let models: [String] = schemas.map { schema in
            schema.columns.map {
                let name = $0.name.sqlIdentifier
                return "SELECT run_id, step, \($0.name.sqlText) AS name, \(name) AS value FROM \(schema.quotedTable)"
            }.joined(separator: " UNION ALL ")
        }
        let logged: [String] = metrics.tables.filter { !$0.columns.isEmpty }.map(\.longForm)
        let tables: [String] = (logged + models).map { "SELECT run_id, step, name, value FROM (\($0))" }
        // The first one's type is that of the view's column: after a REAL, integers would come as reals.
        return (["SELECT run_id, step, key AS name, value FROM points"] + tables).joined(separator: "\nUNION ALL\n")
    }

    /// The terms grow with the square of the number of parameters, so there is a limit.
    var withKnownLoss: [StepSchema] {
        schemas.filter { (1...16).contains($0.parameters.count) }
    }
}

extension StepSchema {
    fileprivate func name(of role: Column.Role, _ parameter: String? = nil) -> String {
        index(of: role, parameter).map { columns[$0].name.sqlIdentifier } ?? "NULL"
    }

    /// One row per data set of which the model's loss is known.
    fileprivate var optimum: String {
        let (parameters, columns) = (parameters, optimumColumns)
        var values = ["max(value) FILTER (WHERE kind = 'minimum') AS minimum"]
        for (i, parameter) in parameters.enumerated() {
            values.append(
                "max(value) FILTER (WHERE kind = 'parameter' AND name = \(parameter.sqlText)) AS "
                    + columns.parameters[i].sqlIdentifier)
        }
        for i in parameters.indices {
            for (j, column) in zip(parameters[i...], columns.hessian[i]) {
                values.append(
                    "max(value) FILTER (WHERE kind = 'hessian' AND name = \(parameters[i].sqlText) AND other = "
                        + "\(j.sqlText)) AS \(column.sqlIdentifier)")
            }
        }
        return """
            SELECT
                dataset_id,
                \(values.joined(separator: ",\n    "))
            FROM optima WHERE model = \(model.sqlText) GROUP BY dataset_id
            """
    }

    fileprivate var excess: String {
        let columns = optimumColumns
        let distances = zip(parameters, columns.parameters).map {
            "(s.\(name(of: .parameter, $0)) - o.\($1.sqlIdentifier))"
        }
        return """
            SELECT
                s.run_id,
                s.step,
                \(excess(loss: "r.loss", separator: "\n        ") { distances[$0] }) AS excess
            FROM \(quotedTable) AS s
            JOIN runs AS r ON r.id = s.run_id
            JOIN datasets AS d ON d.id = r.dataset_id
            JOIN \(optimumView.sqlIdentifier) AS o ON o.dataset_id = d.id
            """
    }

    /// SQL: 1/2 d'Hd times what a loss is of the mean squared error, on `datasets AS d`, with `o` the view of the optimum and
    /// d the `distance` of each parameter from it.
    func excess(loss: String = "runs.loss", separator: String = " ", distance: (Int) -> String) -> String {
        let columns = optimumColumns
        let terms = parameters.indices.flatMap { i in
            columns.hessian[i].enumerated().map { offset, column in
                "\(offset == 0 ? "" : "2.0 * ")o.\(column.sqlIdentifier) * \(distance(i)) * \(distance(i + offset))"
            }
        }
        return
            "0.5 * CASE \(loss) WHEN 'mse' THEN 1.0 WHEN 'half-mean' THEN 0.5 WHEN 'half-sum' THEN 0.5 * d.samples END"
            + "\(separator)* (\(terms.joined(separator: " + ")))"
    }
}
