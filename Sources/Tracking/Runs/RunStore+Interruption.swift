import GRDB
import TextFormats

extension RunStore {
    /// The runs that are called running although their process is gone, in the order of ids.
    ///
    /// `isAlive` says whether a process still exists, and nil of one it cannot know, on another host: such a run is
    /// interrupted when its lease has ended.
    package func interrupted(
        isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> [Run] {
        let running = try file.read {
            try $0.runs(where: "state = 'running' ORDER BY id", [], toleratingDamage: true)
        }
        let survey = WorkerSurvey(of: running, now: file.now(), isAlive: isAlive)
        let gone = running.filter { survey.isInterrupted($0) }
        if gone.isEmpty { return [] }
        // One that ended between the look at its state and the look for its process is not interrupted.
        let stillRunning = try file.read { database in
            try Dictionary(
                uniqueKeysWithValues: database.runs(where: "state = 'running'", []).map { ($0.id, $0.attempt) })
        }
        return gone.filter { stillRunning[$0.id] == $0.attempt }
    }

    /// Queues runs again whose workers are gone, or whose heartbeat stopped until their lease ended, and returns their
    /// ids in order.
    ///
    /// Without a `sweep`, those of the whole file; runs of the process `caller` are left alone. `isAlive` is that of
    /// ``interrupted(isAlive:)``. The rows they wrote stay: the next attempt replays the run, and the step writer holds
    /// what it computes against them bit for bit.
    package func requeueInterrupted(
        ofSweep sweep: Int64? = nil, caller: ProcessIdentity? = nil, isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> [Int64] {
        let running = try file.read { database in
            try sweep.map { try database.runs(where: "sweep_id = ? AND state = 'running' ORDER BY id", [$0]) }
                ?? database.runs(where: "state = 'running' ORDER BY id", [])
        }
        let survey = WorkerSurvey(of: running, now: file.now(), isAlive: isAlive)
        let interrupted = running.filter { ($0.process == nil || $0.process != caller) && survey.isReclaimable($0) }
        if interrupted.isEmpty { return [] }
        return try file.write { database in
            let time = file.now()
            return try interrupted.compactMap { try database.requeue($0, now: time) ? $0.id : nil }
        }
    }

    /// Starts an interrupted or queued run in this process, and returns it with its new attempt number.
    ///
    /// A run that has ended, or whose worker may still be at work, is a `conflict`. `isAlive` is that of
    /// ``interrupted(isAlive:)``. The rows it has stay, as with ``requeueInterrupted(ofSweep:caller:isAlive:)``.
    package func resume(
        _ id: Int64, as provenance: Provenance, isAlive: (ProcessIdentity) -> Bool?
    ) throws(TrackingError) -> Run {
        let run = try find(id: id)
        let survey = WorkerSurvey(of: [run], now: file.now(), isAlive: isAlive)
        if run.state == .running, !survey.isInterrupted(run) {
            let worker = run.process.map { " by process \($0.pid) on \($0.host)" } ?? ""
            throw TrackingError(
                .conflict, "run \(id) is being trained\(worker)", advice: "wait for it, or end that process first")
        }
        return try file.write { database in
            if run.state == .running { _ = try database.requeue(run, now: file.now()) }
            return try database.startRun(id, for: file.leaseHolder(provenance), path: file.path)
        }
    }

    /// How a run ended, or nil if it has not.
    package func outcome(of run: Run) throws(TrackingError) -> RunOutcome? {
        guard run.state.isFinal else { return nil }
        return RunOutcome(
            state: run.state, stepsDone: run.stepsDone, divergedStep: run.divergedStep, stateReason: run.stateReason,
            stopReason: run.stopReason, evaluations: run.evaluations, initialLoss: run.initialLoss,
            finalLoss: run.finalLoss ?? .nan,
            bestLoss: run.bestLoss ?? .nan, bestStep: run.bestStep, parameters: try parameters(ofRun: run.id))
    }
}

extension Database {
    /// Queues an interrupted run again; false if somebody was quicker, or its worker has given a heartbeat.
    fileprivate func requeue(_ run: Run, now: String) throws -> Bool {
        try execute(
            sql: """
                UPDATE runs SET state = 'queued' WHERE id = ? AND attempt = ? AND state = 'running' AND lease_until IS ?
                """,
            arguments: [run.id, run.attempt, run.leaseUntil])
        guard changesCount == 1 else { return false }
        try insertEvent(
            .run(run.id), kind: "interrupted", message: "attempt \(run.attempt) ended without a result", now: now)
        return true
    }
}

/// Which workers of some runs are still at work; each process is asked for once.
private struct WorkerSurvey {
    private let now: String
    private var answers: [ProcessIdentity: Bool] = [:]

    init(of runs: [Run], now: String, isAlive: (ProcessIdentity) -> Bool?) {
        self.now = now
        for process in Set(runs.compactMap(\.process)) {
            answers[process] = isAlive(process)
        }
    }

    func isInterrupted(_ run: Run) -> Bool {
        guard let process = run.process else { return true }
        return answers[process].map { !$0 } ?? hasExpired(run)
    }

    /// A process that is alive but gives no heartbeat, because it was stopped or hangs, keeps nobody waiting.
    func isReclaimable(_ run: Run) -> Bool {
        isInterrupted(run) || hasExpired(run)
    }

    private func hasExpired(_ run: Run) -> Bool {
        run.leaseUntil.map { $0 < now } ?? false
    }
}
