import GRDB
import TextFormats

/// The views over all step tables, which are made again whenever there is another table.
extension Database {
    /// In the notebook itself, whatever other file is attached: makes `steps`, `step_parameters`, `excess` and the views of known losses from the step tables that the file has now.
    func createStepViews() throws {
        let tables = try StepTables(self)
        let optima = tables.withKnownLoss.map { ($0.optimumView.quotedDatabaseIdentifier, $0.optimum) }
        let views =
            optima + [
                ("steps", tables.stepsView), ("step_parameters", tables.parametersView), ("excess", tables.excessView),
            ]
        for (name, _) in views.reversed() { try execute(sql: "DROP VIEW IF EXISTS main.\(name)") }
        for (name, definition) in views { try execute(sql: "CREATE VIEW main.\(name) AS\n\(definition)") }
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
        union(
            { schema in
                schema.parameters.map { parameter in
                    """
                    SELECT run_id, step, \(parameter.sqlText) AS name, \(schema.name(of: .parameter, parameter)) AS value, \
                    \(schema.name(of: .gradient, parameter)) AS gradient FROM \(schema.quotedTable)
                    """
                }.joined(separator: "\nUNION ALL\n")
            },
            empty: "SELECT NULL AS run_id, NULL AS step, NULL AS name, NULL AS value, NULL AS gradient WHERE FALSE")
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

    /// The terms grow with the square of the number of parameters, so there is a limit.
    fileprivate var withKnownLoss: [StepSchema] {
        schemas.filter { (1...16).contains($0.parameters.count) }
    }
}

extension StepSchema {
    fileprivate func name(of role: Column.Role, _ parameter: String? = nil) -> String {
        index(of: role, parameter).map { columns[$0].name.quotedDatabaseIdentifier } ?? "NULL"
    }

    /// One row per data set of which the model's loss is known.
    fileprivate var optimum: String {
        let (parameters, columns) = (parameters, optimumColumns)
        var values = ["max(value) FILTER (WHERE kind = 'minimum') AS minimum"]
        for (i, parameter) in parameters.enumerated() {
            values.append(
                "max(value) FILTER (WHERE kind = 'parameter' AND name = \(parameter.sqlText)) AS "
                    + columns.parameters[i].quotedDatabaseIdentifier)
        }
        for i in parameters.indices {
            for (j, column) in zip(parameters[i...], columns.hessian[i]) {
                values.append(
                    "max(value) FILTER (WHERE kind = 'hessian' AND name = \(parameters[i].sqlText) AND other = "
                        + "\(j.sqlText)) AS \(column.quotedDatabaseIdentifier)")
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
        let (parameters, columns) = (parameters, optimumColumns)
        let distances = zip(parameters, columns.parameters).map {
            "(s.\(name(of: .parameter, $0)) - o.\($1.quotedDatabaseIdentifier))"
        }
        let terms = parameters.indices.flatMap { i in
            columns.hessian[i].enumerated().map { offset, column in
                "\(offset == 0 ? "" : "2.0 * ")o.\(column.quotedDatabaseIdentifier) * \(distances[i]) * \(distances[i + offset])"
            }
        }
        return """
            SELECT
                s.run_id,
                s.step,
                0.5 * CASE r.loss WHEN 'mse' THEN 1.0 WHEN 'half-mean' THEN 0.5 WHEN 'half-sum' THEN 0.5 * d.samples END
                    * (\(terms.joined(separator: " + "))) AS excess
            FROM \(quotedTable) AS s
            JOIN runs AS r ON r.id = s.run_id
            JOIN datasets AS d ON d.id = r.dataset_id
            JOIN \(optimumView.quotedDatabaseIdentifier) AS o ON o.dataset_id = d.id
            """
    }
}
