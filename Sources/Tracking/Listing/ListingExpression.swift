import GRDB
import TextFormats

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

    /// What is compared and sorted by; SQLite has NULL for NaN.
    let sql: String
    /// What is shown, with the same arguments: where a row has `ieee_bytes`, those of this number.
    let shownSQL: String
    let arguments: StatementArguments
    let kind: Kind

    init(_ sql: String, _ arguments: StatementArguments = [], kind: Kind, shown: String? = nil) {
        self.sql = sql
        shownSQL = shown ?? sql
        self.arguments = arguments
        self.kind = kind
    }

    /// SQL: the number at this place of the row's real columns, of which there are so many, else the column.
    private static func exact(_ column: String, place: Int, of counts: [Int], in table: String = "") -> String {
        let bytes = table + StepSchema.bytesColumn
        let lengths = counts.map { String(8 * $0) }.joined(separator: ", ")
        return "CASE WHEN typeof(\(bytes)) = 'blob' AND length(\(bytes)) IN (\(lengths)) "
            + "THEN substr(\(bytes), \(8 * place + 1), 8) ELSE \(column) END"
    }
}

// MARK: - What a run has

extension ListingExpression {
    /// A column by one of its names, or nil.
    init?(columnNamed name: String, _ tables: StepTables) {
        let name = Self.synonyms[name] ?? name
        if let sql = Self.texts[name] {
            self.init(sql, kind: .text)
        } else if let sql = Self.numbers[name] ?? Self.stepNumbers(tables)[name] {
            self.init(sql, kind: .number, shown: Self.shownNumbers[name])
        } else if tables.parameters.contains(name) {
            func value(_ sql: String) -> String {
                "(SELECT \(sql) FROM run_parameters WHERE run_id = runs.id AND run_parameters.name = ?)"
            }
            self.init(
                value("final"), [name], kind: .number, shown: value(Self.exact("final", place: 1, of: [2, 3])))
        } else if name == "tag" {
            let tags = "SELECT tag FROM run_tags WHERE run_id = runs.id ORDER BY tag"
            self.init("(SELECT group_concat(tag, ', ') FROM (\(tags)))", kind: .tags)
        } else {
            return nil
        }
    }

    /// Every name that needs no configuration to be understood.
    static func columnNames(_ tables: StepTables) -> [String] {
        (Array(texts.keys) + numbers.keys + stepNumbers(tables).keys + tables.parameters + synonyms.keys
            + ["tag", "state", unstable]).sorted()
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
        "state_reason": "runs.state_reason",
        "stop_reason": "runs.stop_reason",
        "experiment": Database.experimentName,
        "sweep": "(SELECT sweeps.name FROM sweeps WHERE sweeps.id = runs.sweep_id)",
        "config": "runs.config",
        "group_id": "runs.group_id",
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
        "learning_rate": configurationValue(at: "'$.optimizer.lr'"),
        "batch_size": "runs.batch_size",
        "seed": "runs.seed",
        "steps": "runs.steps",
        "diverged_step": "runs.diverged_step",
        "initial_loss": "runs.initial_loss",
        "final_loss": "runs.final_loss",
        "best_loss": "runs.best_loss",
        "best_step": "runs.best_step",
        "evaluations": "runs.evaluations",
        "attempt": "runs.attempt",
        "parent": "runs.parent_run_id",
        "parent_step": "runs.parent_step",
        "trial_number": "runs.trial_number",
    ]

    /// Losses in the order of a run's `ieee_bytes`; the third is missing in files of version 0.1.0.
    private static let shownNumbers = [
        "final_loss": exact("runs.final_loss", place: 0, of: [2, 3], in: "runs."),
        "best_loss": exact("runs.best_loss", place: 1, of: [2, 3], in: "runs."),
        "initial_loss": exact("runs.initial_loss", place: 2, of: [3], in: "runs."),
    ]

    /// What the rows of the steps say.
    private static func stepNumbers(_ tables: StepTables) -> [String: String] {
        let seconds = tables.schemas.map {
            "(SELECT elapsed_ns / 1e9 FROM \($0.quotedTable) WHERE run_id = runs.id ORDER BY step DESC LIMIT 1)"
        }
        return [
            // Written when the run ends; until then the rows say it.
            "steps_done":
                "CASE runs.state WHEN 'running' THEN coalesce(\(tables.lastStep(ofRun: "runs.id")) + 1, 0) "
                + "ELSE runs.steps_done END",
            "seconds": "coalesce(NULL, \((seconds + ["NULL"]).joined(separator: ", ")))",
        ]
    }

    /// What stands at a place of the configuration, a number to its last bit; NULL where the configuration was damaged.
    private static func configurationValue(at path: String) -> String {
        "CASE WHEN json_valid(runs.config) THEN \(DatabaseFunction.jsonValue.name)(runs.config -> \(path)) END"
    }

    private static let synonyms = [
        "lr": "learning_rate", "batch": "batch_size", "tags": "tag", "first_bad_step": "diverged_step",
        "reason": "state_reason", "config_id": "group_id", "position": "trial_number",
    ]

    /// `running` as the column has it, or `interrupted` where nobody works on the run any more.
    static func state(interrupted: [Int64]) -> ListingExpression {
        if interrupted.isEmpty { return ListingExpression("runs.state", kind: .text) }
        let ids = "[\(interrupted.map(String.init).joined(separator: ","))]"
        return ListingExpression(
            "CASE WHEN runs.id IN (SELECT value FROM json_each(?)) THEN 'interrupted' ELSE runs.state END", [ids],
            kind: .text)
    }

    /// The name of what ``isUnstable(_:)`` gives.
    static let unstable = "unstable"

    /// `yes` or `no` for a run that is done.
    static func isUnstable(_ runs: Set<Int64>) -> ListingExpression {
        let ids = "[\(runs.sorted().map(String.init).joined(separator: ","))]"
        return ListingExpression(
            "CASE WHEN runs.state = 'done' THEN CASE WHEN runs.id IN (SELECT value FROM json_each(?)) THEN 'yes' ELSE 'no' END END",
            [ids], kind: .text)
    }

    /// A setting by its place in the configuration, such as `$.optimizer.hyperparameters.momentum`.
    static func setting(_ path: String) -> ListingExpression {
        ListingExpression(configurationValue(at: "?"), [path], kind: .any)
    }
}

// MARK: - What a run's steps have

extension ListingExpression {
    /// `min(loss)`, `min(loss)@step` (where it was) or `loss@200` (what it was then); nil for anything else.
    ///
    /// A run has steps in one table at most; the columns of all tables can be asked for.
    init?(stepsText text: String, _ tables: StepTables) {
        let alternatives = tables.schemas.compactMap { Self.alternative(text, $0) }
        guard let first = alternatives.first else { return nil }
        guard alternatives.count > 1 else {
            self = first
            return
        }
        var arguments: StatementArguments = []
        for alternative in alternatives { arguments += alternative.arguments }
        self.init(
            "coalesce(\(alternatives.map(\.sql).joined(separator: ", ")))", arguments, kind: .number,
            shown: "coalesce(\(alternatives.map(\.shownSQL).joined(separator: ", ")))")
    }

    /// The names under which a table's columns can be asked for.
    static func stepNames(_ tables: StepTables) -> [String] {
        var names: [String] = []
        for schema in tables.schemas {
            for name in schema.columns.map(\.name) + ["epoch"] where !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func column(_ name: String, of schema: StepSchema) -> String? {
        let name = name == "lr" ? schema.index(of: .learningRate).map { schema.columns[$0].name } ?? name : name
        let names = schema.columns.map(\.name) + ["epoch"]
        return names.contains(name) ? name.sqlIdentifier : nil
    }

    private static func alternative(_ text: String, _ schema: StepSchema) -> ListingExpression? {
        if text.contains("(") { return function(text, schema) }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let column = column(parts[0], of: schema), let step = Int(parts[1]) else { return nil }
        func value(_ sql: String) -> String {
            "(SELECT \(sql) FROM \(schema.quotedTable) WHERE run_id = runs.id AND step = ?)"
        }
        return ListingExpression(value(column), [step], kind: .number, shown: value(shown(column, of: schema)))
    }

    private static func function(_ text: String, _ schema: StepSchema) -> ListingExpression? {
        let isPlace = text.hasSuffix("@step")
        let call = isPlace ? text.dropLast("@step".count) : text[...]
        let parts = call.split(separator: "(", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[1].hasSuffix(")"), let column = column(String(parts[1].dropLast()), of: schema)
        else { return nil }
        let rows = "FROM \(schema.quotedTable) WHERE run_id = runs.id"
        let isLoss = schema.index(of: .loss).map { schema.columns[$0].name.sqlIdentifier } == column
        func sql(_ value: String, known: String?) -> String? {
            switch parts[0] {
            case "min":
                let lowest = "(SELECT \(value) \(rows) AND \(column) IS NOT NULL ORDER BY \(column), step LIMIT 1)"
                // A run that has ended knows it already.
                return isLoss ? known.map { "coalesce(\($0), \(lowest))" } ?? lowest : lowest
            case "max":
                return "(SELECT \(value) \(rows) AND \(column) IS NOT NULL ORDER BY \(column) DESC, step LIMIT 1)"
            case "mean" where !isPlace: return "(SELECT avg(\(column)) \(rows))"
            case "first": return "(SELECT \(value) \(rows) ORDER BY step LIMIT 1)"
            case "last": return "(SELECT \(value) \(rows) ORDER BY step DESC LIMIT 1)"
            default: return nil
            }
        }
        if isPlace { return sql("step", known: "runs.best_step").map { ListingExpression($0, kind: .number) } }
        return sql(column, known: "runs.best_loss").map {
            ListingExpression(
                $0, kind: .number, shown: sql(shown(column, of: schema), known: shownNumbers["best_loss"]))
        }
    }

    /// A quoted column of the steps to the last bit.
    private static func shown(_ column: String, of schema: StepSchema) -> String {
        guard let place = schema.columns.firstIndex(where: { $0.name.sqlIdentifier == column }) else {
            return column
        }
        return exact(column, place: place, of: [schema.columns.count])
    }
}
