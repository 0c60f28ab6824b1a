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
    /// Claimed by a process. If that process is gone, the run was interrupted: see `Store.interruptedRuns(isAlive:)`.
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

extension Run {
    /// What ``init(_:_:)`` reads, in its order.
    static let columns = """
        id, name, identity, dataset_id, parent_run_id, parent_step, model, recipe, optimizer, \(learningRate), batch_size,
        seed, loss, dtype, gradients, steps, config, config_hash, group_id,
        (SELECT experiments.name FROM experiments WHERE experiments.id = experiment_id), sweep_id, trial_number, state,
        steps_done, diverged_step, state_reason, stop_reason, evaluations, ieee_bytes, final_loss, best_loss, initial_loss,
        best_step, attempt, host, pid, process_started, boot_id, process_namespace, lease_until, version, git_commit,
        command, created_at, started_at, finished_at, deleted_at
        """

    /// As the configuration's text has it: what SQLite reads of a decimal number may be off by a last bit.
    private static let learningRate = "CASE WHEN json_valid(config) THEN config -> '$.optimizer.lr' END"

    init(_ reader: inout RowReader, _ tables: StepTables) throws {
        id = try reader.next()
        plan = try NewRun(&reader, tables)
        experiment = try reader.nextIfPresent()
        sweepID = try reader.nextIfPresent()
        trialNumber = try reader.nextIfPresent()
        let stateName: String = try reader.next()
        guard let state = RunState(rawValue: stateName) else {
            throw TrackingError(.damaged, "run \(id) has the unknown state '\(stateName)'")
        }
        self.state = state
        stepsDone = try reader.next()
        divergedStep = try reader.nextIfPresent()
        stateReason = try reader.nextIfPresent()
        stopReason = try reader.nextIfPresent()
        evaluations = try reader.nextIfPresent()
        let bytes: Data? = try reader.nextIfPresent()
        let exact = bytes.flatMap { ExactReals.decode($0, count: 3) ?? ExactReals.decode($0, count: 2) }
        let losses: [Double?] = try [reader.nextIfPresent(), reader.nextIfPresent(), reader.nextIfPresent()]
        finalLoss = exact?[0] ?? losses[0]
        bestLoss = exact?[1] ?? losses[1]
        initialLoss = exact?.dropFirst(2).first ?? losses[2]
        bestStep = try reader.nextIfPresent()
        attempt = try reader.next()
        process = try ProcessIdentity(&reader)
        leaseUntil = try reader.nextIfPresent()
        version = try reader.next()
        gitCommit = try reader.nextIfPresent()
        command = try reader.next()
        createdAt = try reader.next()
        startedAt = try reader.nextIfPresent()
        finishedAt = try reader.nextIfPresent()
        deletedAt = try reader.nextIfPresent()
    }
}

extension NewRun {
    /// Of a configuration that cannot be read any more, what it says is empty: the run itself can still be examined.
    fileprivate init(_ reader: inout RowReader, _ tables: StepTables) throws {
        name = try reader.nextIfPresent()
        identity = try reader.next()
        datasetID = try reader.next()
        parentRunID = try reader.nextIfPresent()
        parentStep = try reader.nextIfPresent()
        stepSchema = tables.schema(ofModel: try reader.nextIfPresent())
        recipe = try reader.nextIfPresent()
        optimizer = try reader.nextIfPresent() ?? ""
        learningRate = try (reader.nextIfPresent() as String?).flatMap { Double($0) } ?? .nan
        batchSize = try reader.next()
        seed = try reader.nextIfPresent() ?? 0
        loss = try reader.nextIfPresent() ?? ""
        dtype = try reader.nextIfPresent() ?? ""
        gradients = try reader.nextIfPresent() ?? ""
        steps = try reader.nextIfPresent() ?? 0
        config = try reader.next()
        configHash = try reader.next()
        groupID = try reader.next()
    }
}

extension ProcessIdentity {
    fileprivate init?(_ reader: inout RowReader) throws {
        let host: String? = try reader.nextIfPresent()
        let pid: Int? = try reader.nextIfPresent()
        let started: Int? = try reader.nextIfPresent()
        let bootID: String? = try reader.nextIfPresent()
        let namespace: String? = try reader.nextIfPresent()
        guard let host, let pid, let started, let bootID else { return nil }
        self.init(host: host, pid: pid, started: started, bootID: bootID, namespace: namespace ?? "")
    }
}
