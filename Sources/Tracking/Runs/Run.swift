import Foundation
import GRDB
import TextFormats

/// A run as it stands in the file.
package struct Run: Sendable, Equatable, Identifiable {
    package let id: Int64
    /// What was planned.
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

/// A row of `runs` as it is read: ``Run`` is what is made of it.
struct RunRecord: Decodable, FetchableRecord {
    let id: Int64
    let name: String?
    let identity: String
    let datasetID: Int64
    let parentRunID: Int64?
    let parentStep: Int?
    let model: String?
    let recipe: String?
    let optimizer: String?
    let learningRateText: String?
    let batchSize: Int
    let seed: Int64?
    let loss: String?
    let dtype: String?
    let gradients: String?
    let steps: Int?
    let config: String
    let configHash: String
    let groupID: String
    let experiment: String?
    let sweepID: Int64?
    let trialNumber: Int?
    let state: String
    let stepsDone: Int
    let divergedStep: Int?
    let stateReason: String?
    let stopReason: String?
    let evaluations: Int?
    let ieeeBytes: Data?
    let initialLoss: Double?
    let finalLoss: Double?
    let bestLoss: Double?
    let bestStep: Int?
    let attempt: Int
    let host: String?
    let pid: Int?
    let processStarted: Int?
    let bootID: String?
    let processNamespace: String?
    let leaseUntil: String?
    let version: String
    let gitCommit: String?
    let command: String
    let createdAt: String
    let startedAt: String?
    let finishedAt: String?
    let deletedAt: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id, name, identity, model, recipe, optimizer, seed, loss, dtype, gradients, steps, config, experiment,
            state
        case evaluations, attempt, host, pid, version, command
        case datasetID = "dataset_id"
        case parentRunID = "parent_run_id"
        case parentStep = "parent_step"
        case learningRateText = "learning_rate_text"
        case batchSize = "batch_size"
        case configHash = "config_hash"
        case groupID = "group_id"
        case sweepID = "sweep_id"
        case trialNumber = "trial_number"
        case stepsDone = "steps_done"
        case divergedStep = "diverged_step"
        case stateReason = "state_reason"
        case stopReason = "stop_reason"
        case ieeeBytes = "ieee_bytes"
        case initialLoss = "initial_loss"
        case finalLoss = "final_loss"
        case bestLoss = "best_loss"
        case bestStep = "best_step"
        case processStarted = "process_started"
        case bootID = "boot_id"
        case processNamespace = "process_namespace"
        case leaseUntil = "lease_until"
        case gitCommit = "git_commit"
        case createdAt = "created_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case deletedAt = "deleted_at"

        /// The column, or what gives its value.
        fileprivate var sql: String {
            switch self {
            // As the configuration's text has it: what SQLite reads of a decimal number may be off by a last bit.
            case .learningRateText:
                "CASE WHEN json_valid(config) THEN config -> '$.optimizer.lr' END AS \(rawValue)"
            case .experiment:
                "\(Database.experimentName) AS \(rawValue)"
            default: rawValue
            }
        }
    }

    /// What is selected from `runs`.
    static let selection = CodingKeys.allCases.map(\.sql).joined(separator: ", ")
}

extension Run {
    init(_ row: RunRecord, _ tables: StepTables) throws {
        guard let state = RunState(rawValue: row.state) else {
            throw TrackingError(.damaged, "run \(row.id) has the unknown state '\(row.state)'")
        }
        let exact = row.ieeeBytes.flatMap { ExactReals.decode($0, count: 3) ?? ExactReals.decode($0, count: 2) }
        self.init(
            id: row.id, plan: NewRun(row, tables), experiment: row.experiment, sweepID: row.sweepID,
            trialNumber: row.trialNumber, state: state, stepsDone: row.stepsDone, divergedStep: row.divergedStep,
            stateReason: row.stateReason, stopReason: row.stopReason, evaluations: row.evaluations,
            initialLoss: exact?.dropFirst(2).first ?? row.initialLoss, finalLoss: exact?[0] ?? row.finalLoss,
            bestLoss: exact?[1] ?? row.bestLoss, bestStep: row.bestStep, attempt: row.attempt,
            process: ProcessIdentity(row), leaseUntil: row.leaseUntil, version: row.version, gitCommit: row.gitCommit,
            command: row.command, createdAt: row.createdAt, startedAt: row.startedAt, finishedAt: row.finishedAt,
            deletedAt: row.deletedAt)
    }
}

extension NewRun {
    /// Of a configuration that cannot be read any more, what it says is empty: the run itself can still be examined.
    fileprivate init(_ row: RunRecord, _ tables: StepTables) {
        self.init(
            name: row.name, datasetID: row.datasetID, parentRunID: row.parentRunID, parentStep: row.parentStep,
            stepSchema: tables.schema(ofModel: row.model), recipe: row.recipe, optimizer: row.optimizer ?? "",
            learningRate: row.learningRateText.flatMap { Double($0) } ?? .nan, batchSize: row.batchSize,
            seed: row.seed ?? 0, loss: row.loss ?? "", dtype: row.dtype ?? "", gradients: row.gradients ?? "",
            steps: row.steps ?? 0, config: row.config, configHash: row.configHash, groupID: row.groupID)
        identity = row.identity
    }
}

extension ProcessIdentity {
    fileprivate init?(_ row: RunRecord) {
        guard let host = row.host, let pid = row.pid, let started = row.processStarted, let bootID = row.bootID else {
            return nil
        }
        self.init(host: host, pid: pid, started: started, bootID: bootID, namespace: row.processNamespace ?? "")
    }
}
