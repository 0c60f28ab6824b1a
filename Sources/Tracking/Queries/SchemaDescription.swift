import GRDB
import TextFormats

/// A table or view of the notebook, for people who write queries.
package struct SchemaEntry: Sendable, Equatable {
    package let name: String
    /// `table` or `view`.
    package let kind: String
    package let explanation: String
}

/// A column of a table or view.
package struct SchemaColumn: Sendable, Equatable {
    package let name: String
    /// As SQLite has it; empty where a view computes the column.
    package let type: String
}

extension Store {
    /// Every table and view of the file, in the order of their names.
    package func schema() throws(TrackingError) -> [SchemaEntry] {
        try file.read { database in
            let tables = try StepTables(database)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                    ORDER BY name
                    """
            ).map { row in
                let steps =
                    tables.schemas.first { $0.table == row[0] }?.explanation
                    ?? tables.metrics.tables.first { $0.name == row[0] }?.explanation
                let optimum = tables.schemas.first { $0.optimumView == row[0] }.map {
                    "what is known of the loss of \($0.model), one row per data set"
                }
                return SchemaEntry(
                    name: row[0], kind: row[1], explanation: steps ?? optimum ?? SchemaEntry.explanations[row[0]] ?? "")
            }
        }
    }

    /// The columns of one table or view, in its own order.
    package func columns(of table: String) throws(TrackingError) -> [SchemaColumn] {
        let names = try schema().map(\.name)
        guard names.contains(table) else {
            let hint = NearestName.hint(for: table, among: names)
            throw TrackingError(.notFound, "there is no table or view '\(table)' in '\(path)'\(hint)")
        }
        return try file.read { database in
            try Row.fetchAll(database, sql: "SELECT name, type FROM pragma_table_xinfo(?)", arguments: [table])
                .map { SchemaColumn(name: $0[0], type: $0[1]) }
        }
    }
}

extension StepSchema {
    fileprivate var explanation: String {
        "one row per step of \(model): loss, \(parameters.joined(separator: ", ")), gradients, learning rate"
    }
}

extension MetricTables.Table {
    fileprivate var explanation: String {
        prefix.map { $0.isEmpty ? "logged numbers, one row per step" : "numbers logged under \($0)/, one row per step" }
            ?? ""
    }
}

extension SchemaEntry {
    fileprivate static let explanations = [
        "experiments": "names under which runs and sweeps are grouped",
        "sweeps": "what was searched: space, sampler, target, state",
        "datasets": "the data of runs, once per content",
        "optima": "what is known of the loss of a model on a data set: minimum, parameters there, Hessian",
        "dataset_rows": "the samples: x and y, each with a checksum",
        "runs": "one row per run: configuration, state, result, who made it",
        "run_parameters": "each run's parameters before and after training",
        "step_tables": "the tables of steps: one per model with its arguments, and those of logged numbers",
        "points": "logged numbers that have no column in another table",
        "texts": "what programs logged by step and is no number",
        "tensor_steps": "norms of tensors by step",
        "run_summary": "what programs said of a run as a whole",
        "run_output": "what recorded programs printed: the beginning and the end",
        "run_usage": "how recorded programs ended, and what they used",
        "run_files": "files of a run: size and SHA-256",
        "run_environment": "where a recorded program ran",
        "series": "what each column of a table of steps holds",
        "rung_results": "what each configuration came to in the rungs of a halving sweep",
        "slurm_jobs": "what of a sweep was handed to Slurm",
        "verdicts": "what was said of two arms, and on which runs",
        "run_tags": "tags of runs",
        "notes": "what people wrote about a run or a sweep",
        "events": "what happened to a run or a sweep",
        "steps": "every step of every model: loss and learning rate",
        "step_parameters": "every step's parameters by name: value and gradient",
        "metrics": "every number of every step, one in a row",
        "excess": "how far each step's loss over all data is above the minimum",
        "configuration_settings": "the settings in which a sweep's configurations differ",
        "seed_groups": "one row per configuration of a sweep, seeds as replicates",
        "leaderboard": "configurations by their median final loss over all seeds, the choosing ones included",
        "rungs": "what each configuration came to in the rungs of a halving sweep, by the sweep's name",
        "help": "ready queries with the question each answers",
    ]
}
