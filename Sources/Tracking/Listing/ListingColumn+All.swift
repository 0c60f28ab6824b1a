import GRDB
import TextFormats
import Theory

extension ListingColumn {
    // MARK: - Who it is

    static let identity = [
        ListingColumn("id", [], .whole, "the run's number", "id=3..7", sql: "runs.id"),
        ListingColumn(
            "kind", [], .text, "trained: by gradbook; recorded: another program", "kind=recorded",
            words: RunKind.allCases.map(\.rawValue), sql: "runs.kind"),
        ListingColumn("name", [], .text, "the name that it was given", "name=~/^base/", sql: "runs.name"),
        ListingColumn(
            "tag", ["tags"], .tags, "a tag that a person put on it", "tag!=old",
            known: "SELECT tag AS value FROM run_tags",
            sql: "(SELECT group_concat(tag, ', ') FROM (SELECT tag FROM run_tags WHERE run_id = runs.id ORDER BY tag))"),
        ListingColumn(
            "note", ["notes"], .text, "the notes on it", "note~repeat",
            sql: "(SELECT group_concat(text, '; ') FROM (SELECT text FROM notes WHERE run_id = runs.id ORDER BY id))"),
        ListingColumn(
            "experiment", [], .text, "its experiment", "experiment=none",
            known: "SELECT name AS value FROM experiments", sql: Database.experimentName),
        ListingColumn(
            "sweep", [], .text, "the sweep that it is of", "sweep=chapter",
            known: "SELECT name AS value FROM sweeps",
            sql: "(SELECT sweeps.name FROM sweeps WHERE sweeps.id = runs.sweep_id)"),
        ListingColumn(
            "sweep_note", [], .text, "the notes on its sweep", "sweep_note~repeat",
            sql:
                "(SELECT group_concat(text, '; ') FROM (SELECT text FROM notes WHERE sweep_id = runs.sweep_id ORDER BY id))"
        ),
        ListingColumn(
            "trial_number", ["position"], .whole, "its place in the sweep, from 0", "trial_number<10",
            sql: "runs.trial_number"),
        ListingColumn(
            "group_id", ["config_id"], .text, "its configuration without the seed: replicates share it",
            "group_id~3f", sql: "runs.group_id"),
        ListingColumn("parent", [], .whole, "the run of which it is a fork", "parent=7", sql: "runs.parent_run_id"),
        ListingColumn(
            "parent_step", [], .whole, "the fork's first step", "parent_step!=none", sql: "runs.parent_step"),
        ListingColumn(
            "recipe", [], .text, "the recipe that it started from", "recipe=batches", isOfTrainedRuns: true,
            sql: "runs.recipe"),
    ]

    // MARK: - What came of it

    /// The names of those that depend on more than the run's row.
    static let (state, unstable) = ("state", "unstable")

    static func outcome(_ tables: StepTables) -> [ListingColumn] {
        [
            ListingColumn(
                state, [], .text, "what became of it; interrupted: its process is gone", "state=done,diverged",
                words: RunState.allCases.map(\.rawValue) + ["interrupted"], sql: nil),
            ListingColumn(
                unstable, [], .flag, "whether it is done and ended worse than it began", "unstable=no",
                sql: nil),
            ListingColumn(
                "final_loss", [], .number, "the loss over all data at the end", "final_loss<0.01",
                isOfTrainedRuns: true, sql: "runs.final_loss",
                shown: exactLoss("runs.final_loss", place: 0, of: [2, 3])),
            ListingColumn(
                "final_excess", [], .number, "how far that is above the minimum, where one is known",
                "final_excess<1e-6", isOfTrainedRuns: true,
                sql: finalExcess(tables)),
            ListingColumn(
                "best_loss", [], .number, "the lowest loss of any step", "best_loss<0.01",
                isOfTrainedRuns: true, sql: "runs.best_loss",
                shown: exactLoss("runs.best_loss", place: 1, of: [2, 3])),
            ListingColumn(
                "best_step", [], .whole, "the step of that", "best_step>100", isOfTrainedRuns: true,
                sql: "runs.best_step"),
            ListingColumn(
                "initial_loss", [], .number, "the loss over all data at the start", "initial_loss>1",
                isOfTrainedRuns: true, sql: "runs.initial_loss",
                shown: exactLoss("runs.initial_loss", place: 2, of: [3])),
            ListingColumn(
                "diverged_step", ["first_bad_step"], .whole, "the first step whose numbers are not all finite",
                "diverged_step<100", sql: "runs.diverged_step"),
            ListingColumn(
                "state_reason", ["reason"], .text, "why it diverged or failed", "state_reason~gradient",
                sql: "runs.state_reason"),
            ListingColumn(
                "stop_reason", [], .text, "the rule that ended it early", "stop_reason!=none", sql: "runs.stop_reason"),
            // Written when the run ends; until then the rows say it.
            ListingColumn(
                "steps_done", [], .whole, "the steps that it made", "steps_done>100",
                sql:
                    "CASE WHEN runs.state = 'running' AND runs.kind = 'trained' THEN coalesce(\(tables.lastStep(ofRun: "runs.id")) + 1, 0) "
                    + "ELSE runs.steps_done END"),
            ListingColumn(
                "evaluations", [], .whole, "how often the loss was computed", "evaluations>500",
                isOfTrainedRuns: true, sql: "runs.evaluations"),
            ListingColumn("seconds", [], .number, "how long its steps took", "seconds>1", sql: seconds(tables)),
        ]
    }

    /// The parameters at the end, also in the units of the data before they were scaled.
    static func parameters(_ tables: StepTables) -> [ListingColumn] {
        tables.parameters.map { name in
            let final = "SELECT %@ FROM run_parameters WHERE run_id = runs.id AND run_parameters.name = \(name.sqlText)"
            let value = { (sql: String) in "(\(final.replacing("%@", with: sql)))" }
            return ListingColumn(
                name, [], .number, "the parameter \(name) at the end", "\(name)>0", isOfTrainedRuns: true,
                sql: value("final"),
                shown: value(ListingExpression.exact("final", place: 1, of: [2, 3])))
        }
            + tables.parameters.map { name in
                ListingColumn(
                    "\(name)_in_original_units", [], .number,
                    "\(name) in the data's own units, before they were scaled",
                    "\(name)_in_original_units>0", isOfTrainedRuns: true, sql: original(name, tables))
            }
    }

    // MARK: - How it was trained

    static let settings = [
        ListingColumn(
            "optimizer", [], .text, "the optimizer", "optimizer=sgd,adam", settingPath: "optimizer.name",
            sql: "runs.optimizer"),
        ListingColumn(
            "learning_rate", ["lr"], .number, "the learning rate", "lr=0.01..0.1", settingPath: "optimizer.lr",
            sql: ListingExpression.configurationValue(at: "'$.optimizer.lr'")),
        ListingColumn(
            "batch_size", ["batch"], .whole, "the samples in a batch", "batch_size=10", settingPath: "batch_size",
            configured: "full", sql: "runs.batch_size"),
        ListingColumn("seed", [], .whole, "the seed", "seed=1..5", settingPath: "seed", sql: "runs.seed"),
        ListingColumn(
            "steps", [], .whole, "the steps that were planned", "steps>=500", settingPath: "steps", sql: "runs.steps"),
        ListingColumn("loss", [], .text, "what is minimized", "loss=mse", settingPath: "loss", sql: "runs.loss"),
        ListingColumn(
            "dtype", [], .text, "the numbers of its arithmetic", "dtype=float32", settingPath: "dtype",
            sql: "runs.dtype"),
        ListingColumn(
            "gradients", [], .text, "who differentiates", "gradients=autograd", settingPath: "gradients",
            sql: "runs.gradients"),
        ListingColumn("model", [], .text, "the model", "model=quadratic", settingPath: "model", sql: "runs.model"),
        ListingColumn("config", [], .text, "the whole configuration as JSON", "config~cosine", sql: "runs.config"),
        ListingColumn("config_hash", [], .text, "its SHA-256", "config_hash~3f", sql: "runs.config_hash"),
    ]

    // MARK: - What it was trained on

    static let data = [
        ListingColumn(
            "data_file", [], .text,
            "the file from which its data were first read; the same data from another file are these",
            "data_file=cars.csv", isOfTrainedRuns: true,
            sql:
                "(SELECT CASE kind WHEN 'csv' THEN \(lastComponent("source")) END FROM datasets WHERE id = runs.dataset_id)"
        )
    ]

    /// SQL: what stands behind the last slash.
    private static func lastComponent(_ path: String) -> String {
        "substr(\(path), length(rtrim(\(path), replace(\(path), '/', ''))) + 1)"
    }

    // MARK: - Who made it, and when

    static let origin = [
        ListingColumn("created_at", ["created"], .time, "when it was planned", "created>-2d", sql: "runs.created_at"),
        ListingColumn(
            "started_at", ["started"], .time, "when it was started", "started>=2026-11-01", sql: "runs.started_at"),
        ListingColumn("finished_at", ["finished"], .time, "when it ended", "finished>-1h", sql: "runs.finished_at"),
        ListingColumn("deleted_at", ["deleted"], .time, "when it was deleted", "deleted>-1w", sql: "runs.deleted_at"),
        ListingColumn("attempt", [], .whole, "how often it was started", "attempt>1", sql: "runs.attempt"),
        ListingColumn("host", [], .text, "the machine", "host=node1", sql: "runs.host"),
        ListingColumn("version", [], .text, "the release that made it", "version=0.2.0", sql: "runs.version"),
        ListingColumn("git_commit", [], .text, "the commit of that", "git_commit~3f", sql: "runs.git_commit"),
        ListingColumn("command", [], .text, "what was typed", "command~sweep", sql: "runs.command"),
    ]
}

// MARK: - Values that take more than a column

extension ListingColumn {
    /// Losses in the order of a run's `ieee_bytes`; the third is missing in files of version 0.1.0.
    static func exactLoss(_ column: String, place: Int, of counts: [Int]) -> String {
        ListingExpression.exact(column, place: place, of: counts, in: "runs.")
    }

    private static func seconds(_ tables: StepTables) -> String {
        let seconds = tables.schemas.map {
            "(SELECT elapsed_ns / 1e9 FROM \($0.quotedTable) WHERE run_id = runs.id ORDER BY step DESC LIMIT 1)"
        }
        // Of a recorded program the time between its start and its end, of all attempts.
        let recorded = "(SELECT sum(wall_seconds) FROM run_usage WHERE run_id = runs.id)"
        return "coalesce(NULL, \((seconds + [recorded]).joined(separator: ", ")))"
    }

    /// 1/2 d'Hd with d = final parameters - optimum, as `LossSurface.excess(at:loss:)` has it, operation by operation.
    private static func finalExcess(_ tables: StepTables) -> String {
        let cases = tables.withKnownLoss.map { schema in
            let columns = schema.optimumColumns
            let parameters = schema.parameters.enumerated().map { index, name in
                "JOIN run_parameters AS p\(index) ON p\(index).run_id = runs.id AND p\(index).name = \(name.sqlText)"
            }
            return
                "WHEN \(schema.model.sqlText) THEN (SELECT \(schema.excess { "(p\($0).final - o.\(columns.parameters[$0].sqlIdentifier))" }) "
                + "FROM datasets AS d JOIN \(schema.optimumView.sqlIdentifier) AS o ON o.dataset_id = d.id "
                + parameters.joined(separator: " ") + " WHERE d.id = runs.dataset_id)"
        }
        return cases.isEmpty ? "NULL" : "CASE runs.model \(cases.joined(separator: " ")) END"
    }

    /// `Units.original(_:of:)` of one parameter, operation by operation; NULL for a model that is no sum of powers.
    private static func original(_ name: String, _ tables: StepTables) -> String {
        let cases = tables.schemas.compactMap { schema -> String? in
            guard let index = schema.parameters.firstIndex(of: name),
                let power = PowerFeatures(model: schema.model)?.powers[index]
            else { return nil }
            let divisor = Array(repeating: "d.x_divisor", count: power).joined(separator: " * ")
            let value = "d.y_divisor * p.final" + (power == 0 ? " + d.y_offset" : " / (\(divisor))")
            return "WHEN \(schema.model.sqlText) THEN (SELECT \(value) FROM datasets AS d JOIN run_parameters AS p "
                + "ON p.run_id = runs.id AND p.name = \(name.sqlText) WHERE d.id = runs.dataset_id)"
        }
        return cases.isEmpty ? "NULL" : "CASE runs.model \(cases.joined(separator: " ")) END"
    }
}
