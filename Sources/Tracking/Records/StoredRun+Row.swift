import Foundation
import GRDB

extension StoredRun {
    /// What ``init(_:)`` reads, in its order.
    static let columns = """
        id, name, dataset_id, parent_run_id, parent_step, model, recipe, optimizer, learning_rate, batch_size, seed, loss, dtype,
        gradients, steps, config, config_hash, config_id,
        (SELECT experiments.name FROM experiments WHERE experiments.id = experiment_id), sweep_id, sweep_position, state,
        steps_done, first_bad_step, reason, stop_reason, evaluations, bits, final_loss, best_loss, best_step, attempt,
        host, pid, process_started, boot_id, lease_until, version, git_commit, command, created_at, started_at,
        finished_at, deleted_at
        """

    init(_ reader: inout RowReader) throws {
        id = try reader.next()
        plan = try PlannedRun(&reader)
        experiment = try reader.nextIfPresent()
        sweepID = try reader.nextIfPresent()
        sweepPosition = try reader.nextIfPresent()
        let stateName: String = try reader.next()
        guard let state = RunState(rawValue: stateName) else {
            throw TrackingError(.damaged, "run \(id) has the unknown state '\(stateName)'")
        }
        self.state = state
        stepsDone = try reader.next()
        firstBadStep = try reader.nextIfPresent()
        reason = try reader.nextIfPresent()
        stopReason = try reader.nextIfPresent()
        evaluations = try reader.nextIfPresent()
        let bits: Data? = try reader.nextIfPresent()
        let exact = bits.flatMap { ExactReals.decode($0, count: 2) }
        let losses: (final: Double?, best: Double?) = try (reader.nextIfPresent(), reader.nextIfPresent())
        finalLoss = exact?[0] ?? losses.final
        bestLoss = exact?[1] ?? losses.best
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

extension PlannedRun {
    fileprivate init(_ reader: inout RowReader) throws {
        name = try reader.nextIfPresent()
        datasetID = try reader.next()
        parentRunID = try reader.nextIfPresent()
        parentStep = try reader.nextIfPresent()
        model = try reader.next()
        recipe = try reader.nextIfPresent()
        optimizer = try reader.next()
        learningRate = try reader.next()
        batchSize = try reader.next()
        seed = try reader.next()
        loss = try reader.next()
        dtype = try reader.next()
        gradients = try reader.next()
        steps = try reader.next()
        config = try reader.next()
        configHash = try reader.next()
        configID = try reader.next()
    }
}

extension ProcessIdentity {
    fileprivate init?(_ reader: inout RowReader) throws {
        let host: String? = try reader.nextIfPresent()
        let pid: Int? = try reader.nextIfPresent()
        let started: Int? = try reader.nextIfPresent()
        let bootID: String? = try reader.nextIfPresent()
        guard let host, let pid, let started, let bootID else { return nil }
        self.init(host: host, pid: pid, started: started, bootID: bootID)
    }
}
