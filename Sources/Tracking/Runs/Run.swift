import GRDB
import TextFormats

/// A run as it stands in the file.
package struct Run: Sendable, Equatable, Identifiable {
    package let id: Int64
    package let kind: RunKind
    /// What was planned; of a recorded run most of it is empty.
    package let plan: NewRun
    /// The name of the experiment it belongs to.
    package let experiment: String?
    package let sweepID: Int64?
    /// The place in its sweep, from 0.
    package let trialNumber: Int?
    package let state: RunState
    package let stepsDone: Int
    /// The first step whose numbers are not all finite, in a diverged run.
    package let divergedStep: Int?
    /// Why the run diverged or failed.
    package let stateReason: String?
    /// The stopping rule that ended the run before its last step.
    package let stopReason: String?
    /// How often a loss and its gradients were computed; nil until the run ends.
    package let evaluations: Int?
    /// The loss over all data before the first update; nil until the run ends, and where nobody computed it.
    package let initialLoss: Double?
    /// The loss over all data at the final parameters; nil until the run ends.
    package let finalLoss: Double?
    /// The lowest loss of any step; nil until the run ends.
    package let bestLoss: Double?
    package let bestStep: Int?
    /// How often the run was started: what a worker shows to prove that the run is still its own.
    package let attempt: Int
    /// Who works or worked on it; nil while it is queued for the first time.
    package let process: ProcessIdentity?
    /// Until when a worker whose heartbeat stops is taken for alive, ISO 8601 text in UTC.
    package let leaseUntil: String?
    package let version: String
    package let gitCommit: String?
    package let command: String
    /// Times are ISO 8601 text in UTC.
    package let createdAt: String
    package let startedAt: String?
    package let finishedAt: String?
    /// Since when it is hidden; nil for a run like any other.
    package let deletedAt: String?
}

extension Run {
    /// What a worker shows to prove that the run is still its own.
    package var currentAttempt: RunAttempt { RunAttempt(run: id, number: attempt) }

    /// The data that it trains on.
    ///
    /// - Throws: `conflict` for a run of another program, of whose data nothing is known.
    package var trainingData: Int64 {
        get throws(TrackingError) {
            guard let id = plan.datasetID else { throw notTrained }
            return id
        }
    }

    /// Refuses a run of another program, which nobody can compute again here.
    ///
    /// - Throws: `conflict`, with the run and how those of built-in models are found.
    package func mustBeTrained() throws(TrackingError) {
        guard kind == .trained else { throw notTrained }
    }

    private var notTrained: TrackingError {
        TrackingError(
            .conflict,
            "run \(id) \(kind == .recorded ? "is a recorded program" : "was imported"), and this needs a run of a built-in model",
            advice: "\(command: "runs", "kind=trained") lists those")
    }
}

/// A parameter before the first and after the last update.
package struct ParameterValues: Sendable, Equatable {
    package let name: String
    package let initial: Double
    package let final: Double
    /// The optimizer's running average of it; nil when it keeps none.
    package let average: Double?

    package init(name: String, initial: Double, final: Double, average: Double? = nil) {
        self.name = name
        self.initial = initial
        self.final = final
        self.average = average
    }
}

/// Where a run's numbers come from, as the column `kind` spells it.
package enum RunKind: String, Sendable, CaseIterable {
    /// The program's own models.
    case trained
    /// Another program, while it ran.
    case recorded
    /// Another notebook.
    case imported
}

/// Where a run stands, as the column `state` spells it.
package enum RunState: String, Sendable, CaseIterable {
    /// Planned, and nobody's yet.
    case queued
    /// Claimed by a process. If that process is gone, the run was interrupted: see ``RunStore/interrupted(isAlive:)``.
    case running
    case done
    /// A result like any other: the numbers stopped being finite.
    case diverged
    case failed
    case pruned
    case cancelled

    /// Whether nobody will work on the run any more.
    package var isFinal: Bool {
        self != .queued && self != .running
    }
}

/// What is read of a row of `runs`: ``Run`` is what is made of it.
enum RunColumn {
    private static let columns = [
        "id", "kind", "name", "identity", "dataset_id", "parent_run_id", "parent_step", "model", "recipe", "optimizer",
        "batch_size", "seed", "loss", "dtype", "gradients", "steps", "config", "config_hash", "group_id", "sweep_id",
        "trial_number", "state", "steps_done", "diverged_step", "state_reason", "stop_reason", "evaluations",
        "ieee_bytes", "initial_loss", "final_loss", "best_loss", "best_step", "attempt", "host", "pid",
        "process_started", "boot_id", "process_namespace", "lease_until", "version", "git_commit", "command",
        "created_at", "started_at", "finished_at", "deleted_at",
        // As the configuration's text has it: what SQLite reads of a decimal number may be off by a last bit.
        "CASE WHEN json_valid(config) THEN config -> '$.optimizer.lr' END AS learning_rate_text",
        "\(Database.experimentName) AS experiment",
    ]

    /// What is selected from `runs`.
    static let selection = columns.joined(separator: ", ")
}

extension Run {
    /// - Throws: `damaged` for a value that no run has; what only repeats the configuration may be anything.
    init(_ row: StoredRow, _ tables: StepTables) throws {
        guard let state = RunState(rawValue: try row.value("state")) else {
            throw row.damage("state", isNo: "state of a run")
        }
        guard let kind = RunKind(rawValue: try row.value("kind")) else {
            throw row.damage("kind", isNo: "kind of a run")
        }
        let exact = try row.exactReals(counts: 3, 2)
        try self.init(
            id: row.value("id"), kind: kind, plan: NewRun(row, kind, tables), experiment: row.optional("experiment"),
            sweepID: row.optional("sweep_id"), trialNumber: row.optionalCount("trial_number"), state: state,
            stepsDone: row.count("steps_done"), divergedStep: row.optionalCount("diverged_step"),
            stateReason: row.optional("state_reason"), stopReason: row.optional("stop_reason"),
            evaluations: row.optionalCount("evaluations"),
            initialLoss: exact?.dropFirst(2).first ?? row.optional("initial_loss"),
            finalLoss: exact?[0] ?? row.optional("final_loss"), bestLoss: exact?[1] ?? row.optional("best_loss"),
            bestStep: row.optionalCount("best_step"), attempt: row.count("attempt"), process: ProcessIdentity(row),
            leaseUntil: row.optional("lease_until", .time), version: row.value("version", .identifier),
            gitCommit: row.optional("git_commit", .identifier), command: row.value("command"),
            createdAt: row.value("created_at", .time),
            startedAt: row.optional("started_at", .time), finishedAt: row.optional("finished_at", .time),
            deletedAt: row.optional("deleted_at", .time))
    }
}

extension NewRun {
    /// Of a configuration that cannot be read any more, what it says is empty: the run itself can still be examined.
    fileprivate init(_ row: StoredRow, _ kind: RunKind, _ tables: StepTables) throws {
        let rate: String? = try row.optional("learning_rate_text")
        let model: String? = try? row.optional("model")
        let isTrained = kind == .trained
        try self.init(
            name: row.optional("name"),
            datasetID: isTrained ? row.value("dataset_id") : row.optional("dataset_id"),
            parentRunID: row.optional("parent_run_id"), parentStep: row.optionalCount("parent_step"),
            stepSchema: isTrained ? tables.schema(ofModel: model) : StepSchema(model: "", parameters: []),
            recipe: row.optional("recipe"), optimizer: (try? row.optional("optimizer")) ?? "",
            learningRate: rate.flatMap { Double($0) } ?? .nan,
            batchSize: isTrained ? row.count("batch_size", from: 1) : row.optionalCount("batch_size") ?? 0,
            seed: (try? row.optional("seed")) ?? 0, loss: (try? row.optional("loss")) ?? "",
            dtype: (try? row.optional("dtype")) ?? "", gradients: (try? row.optional("gradients")) ?? "",
            steps: (try? row.optionalCount("steps")) ?? 0, config: row.value("config"),
            configHash: row.value("config_hash", .identifier), groupID: row.value("group_id", .identifier))
        identity = try row.value("identity", .identifier)
    }
}

extension ProcessIdentity {
    fileprivate init?(_ row: StoredRow) throws {
        guard let host: String = try row.optional("host", .line), let pid: Int = try row.optional("pid"),
            let started: Int = try row.optional("process_started"),
            let bootID: String = try row.optional("boot_id", .identifier)
        else { return nil }
        self.init(
            host: host, pid: pid, started: started, bootID: bootID,
            namespace: try row.optional("process_namespace", .line) ?? "")
    }
}
