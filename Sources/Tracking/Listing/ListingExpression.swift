import GRDB

/// A value of each run as SQL: its text is made of this program's words only, whatever a person gave is bound.
struct ListingExpression {
    /// What a filter may compare it with.
    enum Kind {
        case text, number
        /// A setting, whose kind its configuration decides.
        case any
        /// The set of a run's tags: a filter asks for one of them.
        case tags
    }

    let sql: String
    let arguments: StatementArguments
    let kind: Kind

    init(_ sql: String, _ arguments: StatementArguments = [], kind: Kind) {
        self.sql = sql
        self.arguments = arguments
        self.kind = kind
    }
}

// MARK: - What a run has

extension ListingExpression {
    /// A column by one of its names, or nil.
    init?(columnNamed name: String) {
        let name = Self.synonyms[name] ?? name
        if let sql = Self.texts[name] {
            self.init(sql, kind: .text)
        } else if let sql = Self.numbers[name] {
            self.init(sql, kind: .number)
        } else if name == "tag" {
            let tags = "SELECT tag FROM run_tags WHERE run_id = runs.id ORDER BY tag"
            self.init("(SELECT group_concat(tag, ', ') FROM (\(tags)))", kind: .tags)
        } else {
            return nil
        }
    }

    /// Every name that needs no configuration to be understood.
    static var columnNames: [String] {
        (Array(texts.keys) + numbers.keys + synonyms.keys + ["tag", "state"]).sorted()
    }

    /// `state` is not here: it depends on which processes are alive.
    private static let texts = [
        "name": "runs.name",
        "optimizer": "runs.optimizer",
        "loss": "runs.loss",
        "dtype": "runs.dtype",
        "gradients": "runs.gradients",
        "model": "runs.model",
        "recipe": "runs.recipe",
        "reason": "runs.reason",
        "stop_reason": "runs.stop_reason",
        "experiment": "(SELECT experiments.name FROM experiments WHERE experiments.id = runs.experiment_id)",
        "sweep": "(SELECT sweeps.name FROM sweeps WHERE sweeps.id = runs.sweep_id)",
        "config": "runs.config",
        "config_id": "runs.config_id",
        "config_hash": "runs.config_hash",
        "host": "runs.host",
        "version": "runs.version",
        "git_commit": "runs.git_commit",
        "command": "runs.command",
        "created_at": "runs.created_at",
        "started_at": "runs.started_at",
        "finished_at": "runs.finished_at",
        "deleted_at": "runs.deleted_at",
    ]

    private static let numbers = [
        "id": "runs.id",
        "learning_rate": "runs.learning_rate",
        "batch_size": "runs.batch_size",
        "seed": "runs.seed",
        "steps": "runs.steps",
        // Written when the run ends; until then the rows say it.
        "steps_done":
            "CASE runs.state WHEN 'running' THEN coalesce((SELECT max(step) + 1 FROM quadratic_steps "
            + "WHERE run_id = runs.id), 0) ELSE runs.steps_done END",
        "first_bad_step": "runs.first_bad_step",
        "final_loss": "runs.final_loss",
        "best_loss": "runs.best_loss",
        "best_step": "runs.best_step",
        "evaluations": "runs.evaluations",
        "attempt": "runs.attempt",
        "parent": "runs.parent_run_id",
        "parent_step": "runs.parent_step",
        "position": "runs.sweep_position",
        "w": "(SELECT final FROM run_parameters WHERE run_id = runs.id AND name = 'w')",
        "b": "(SELECT final FROM run_parameters WHERE run_id = runs.id AND name = 'b')",
        "seconds":
            "(SELECT elapsed_ns / 1e9 FROM quadratic_steps WHERE run_id = runs.id ORDER BY step DESC LIMIT 1)",
    ]

    private static let synonyms = ["lr": "learning_rate", "batch": "batch_size", "tags": "tag"]

    /// `running` as the column has it, or `interrupted` where nobody works on the run any more.
    static func state(interrupted: [Int64]) -> ListingExpression {
        if interrupted.isEmpty { return ListingExpression("runs.state", kind: .text) }
        let ids = "[\(interrupted.map(String.init).joined(separator: ","))]"
        return ListingExpression(
            "CASE WHEN runs.id IN (SELECT value FROM json_each(?)) THEN 'interrupted' ELSE runs.state END", [ids],
            kind: .text)
    }

    /// A setting by its place in the configuration, such as `$.optimizer.hyperparameters.momentum`.
    static func setting(_ path: String) -> ListingExpression {
        ListingExpression("json_extract(runs.config, ?)", [path], kind: .any)
    }
}

// MARK: - What a run's steps have

extension ListingExpression {
    private static let stepColumns = [
        "loss": "loss", "lr": "learning_rate", "learning_rate": "learning_rate", "w": "w", "b": "b", "grad_w": "grad_w",
        "grad_b": "grad_b", "epoch": "epoch",
    ]

    private static let functions = ["min", "max", "mean", "first", "last"]

    /// `min(loss)`, `min(loss)@step` (where it was) or `loss@200` (what it was then); nil for anything else.
    init?(stepsText text: String) {
        if text.contains("(") {
            self.init(functionText: text)
        } else {
            let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let column = Self.stepColumns[parts[0]], let step = Int(parts[1]) else {
                return nil
            }
            self.init(
                "(SELECT \(column) FROM quadratic_steps WHERE run_id = runs.id AND step = ?)", [step], kind: .number)
        }
    }

    private init?(functionText text: String) {
        let isPlace = text.hasSuffix("@step")
        let call = isPlace ? text.dropLast("@step".count) : text[...]
        let parts = call.split(separator: "(", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[1].hasSuffix(")"), let column = Self.stepColumns[String(parts[1].dropLast())]
        else { return nil }
        let rows = "FROM quadratic_steps WHERE run_id = runs.id"
        let value = isPlace ? "step" : column
        switch parts[0] {
        case "min" where column == "loss":
            // A run that has ended knows it already.
            let known = isPlace ? "runs.best_step" : "runs.best_loss"
            self.init(
                "coalesce(\(known), (SELECT \(value) \(rows) AND loss IS NOT NULL ORDER BY loss, step LIMIT 1))",
                kind: .number)
        case "min":
            self.init(
                "(SELECT \(value) \(rows) AND \(column) IS NOT NULL ORDER BY \(column), step LIMIT 1)", kind: .number)
        case "max":
            self.init(
                "(SELECT \(value) \(rows) AND \(column) IS NOT NULL ORDER BY \(column) DESC, step LIMIT 1)",
                kind: .number)
        case "mean" where !isPlace: self.init("(SELECT avg(\(column)) \(rows))", kind: .number)
        case "first": self.init("(SELECT \(value) \(rows) ORDER BY step LIMIT 1)", kind: .number)
        case "last": self.init("(SELECT \(value) \(rows) ORDER BY step DESC LIMIT 1)", kind: .number)
        default: return nil
        }
    }
}
