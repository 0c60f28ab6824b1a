import Dispatch
import Foundation
import Learning
import Synchronization
import TextFormats
package import Tracking

/// Trains a planned sweep with several workers that share one writer, beside any number of other processes.
///
/// What is computed depends on each run's configuration alone; how many workers there are, and which one takes
/// which run, changes no bit.
package final class SweepRunner: Sendable {
    /// How far this process is.
    package struct Progress: Sendable, Equatable {
        /// Runs that ended, however they did.
        package var runsDone = 0
        package var runsDiverged = 0
        package var runsFailed = 0
        package var stepsDone = 0
        /// Steps that will not be trained, because their runs ended before.
        package var stepsSpared = 0
        /// The loss over all data at the end of the run that ended last, and the lowest of those that are done; NaN before.
        package var lastLoss = Double.nan
        package var bestLoss = Double.nan
        /// Those that ended since the last report.
        package var ended: [EndedRun] = []
    }

    /// A run that this process has trained.
    package struct EndedRun: Sendable, Equatable {
        package let id: Int64
        package let outcome: RunOutcome
    }

    /// Seconds between two looks at other processes.
    private static let pause = 0.05

    private let store: Store
    private let writer: StepWriter
    private let context: ProcessContext
    private let sweep: Int64
    private let progress = Mutex(Progress())
    private let failures: Mutex<FailureMonitor>
    private let error = Mutex<(any Error)?>(nil)
    private let datasets = Mutex<[Int64: TrainingData]>([:])
    /// Set when no worker shall continue, for whatever reason.
    private let isHalted = Atomic(false)

    init(store: Store, writer: StepWriter, context: ProcessContext, sweep: Int64, policy: FailurePolicy) {
        self.store = store
        self.writer = writer
        self.context = context
        self.sweep = sweep
        failures = Mutex(FailureMonitor(policy))
    }

    /// Trains everything that is queued, and waits for what other processes train, to take it over if they die; `report`
    /// is called now and then from this thread.
    ///
    /// The first error of any worker is thrown after all have stopped.
    func run(workers: Int, report: (Progress) -> Void) throws -> Progress {
        let group = DispatchGroup()
        for number in 1...max(1, workers) {
            group.enter()
            do throws(TrackingError) {
                try OwnThread.start("worker \(number)") { [self] in
                    work()
                    group.leave()
                }
            } catch {
                group.leave()
                halt(because: missingThread(error))
                break
            }
        }
        while group.wait(timeout: .now() + Self.pause) == .timedOut {
            report(takeProgress())
            takeOver()
        }
        report(takeProgress())
        // Also what a failed run left is committed before anybody hears of it.
        let committed = Result { try writer.flush() }
        if let error = error.withLock({ $0 }) { throw error }
        try committed.get()
        return try conclusion()
    }

    // MARK: - Internals

    /// How far it is, with the runs that ended since this was asked last.
    private func takeProgress() -> Progress {
        progress.withLock { progress in
            defer { progress.ended = [] }
            return progress
        }
    }

    private func missingThread(_ error: TrackingError) -> any Error {
        guard let name = try? store.sweeps.find(id: sweep).plan.name else { return error }
        return ExperimentError(
            .trainingFailed, error.message,
            advice:
                "raise the limit on processes or on memory, or give fewer \(option: "workers"); "
                + "\(command: "sweep resume", name) resumes the sweep", underlying: error)
    }

    /// Has all workers end; the first reason is told.
    private func halt(because error: any Error) {
        self.error.withLock { $0 = $0 ?? error }
        isHalted.store(true, ordering: .relaxed)
    }

    private var isStopping: Bool {
        isHalted.load(ordering: .relaxed) || context.isStopping()
    }

    /// One worker: trains runs until none is left.
    private func work() {
        let execution = RunExecution(writer: writer, clock: context.clock) { [self] in isStopping }
        var runs = ClaimedRuns(ofSweep: sweep, writer: writer, context: context)
        do {
            while !isStopping {
                if let run = try runs.next() {
                    try train(run, with: execution)
                } else if try !waitForRuns() {
                    break
                }
            }
            try runs.releaseUnused()
        } catch {
            halt(because: error)
        }
    }

    private func train(_ run: Run, with execution: RunExecution) throws {
        do {
            var counted = 0
            let outcome = try execution.execute(run, data: try data(run.trainingData)) { done in
                progress.withLock { $0.stepsDone += done.stepsDone - counted }
                counted = done.stepsDone
            }
            guard let outcome else { return }
            progress.withLock { $0.count(outcome, of: run) }
            if failures.withLock({ $0.shouldStop(after: outcome) }) { isHalted.store(true, ordering: .relaxed) }
        } catch let error as TrackingError where error.code == .superseded {
            // The run is another worker's now, and so are its rows.
        }
    }

    /// Waits while other processes train the last runs; false when nothing can become ready any more.
    private func waitForRuns() throws -> Bool {
        while !isStopping {
            switch try store.sweeps.queue(ofSweep: sweep, caller: context.origin.process) {
            case .ready: return true
            case .empty: return false
            case .elsewhere: Thread.sleep(forTimeInterval: Self.pause)
            }
        }
        return false
    }

    /// Queues the runs of dead workers again.
    private func takeOver() {
        do {
            _ = try store.runs.requeueInterrupted(
                ofSweep: sweep, caller: context.origin.process, isAlive: context.isAlive)
        } catch {
            halt(because: error)
        }
    }

    /// What there is to say when all workers have ended without an error.
    private func conclusion() throws -> Progress {
        let progress = progress.withLock { $0 }
        if let reason = failures.withLock({ $0.reasonToStop }) {
            let name = try store.sweeps.stop(sweep, because: reason).plan.name
            throw ExperimentError(
                .trainingFailed,
                "sweep '\(name)' was stopped: \(reason)",
                advice: "\(command: "sweep retry", name) tries again")
        }
        let sweep = try store.sweeps.find(id: sweep)
        if sweep.state == .cancelled {
            throw ExperimentError(
                .conflict,
                "sweep '\(sweep.plan.name)' was cancelled")
        }
        if sweep.state == .open && context.isStopping() {
            throw ExperimentError(
                .interrupted,
                "sweep '\(sweep.plan.name)' was interrupted",
                advice: "everything is recorded, and \(command: "sweep resume", sweep.plan.name) "
                    + "resumes it")
        }
        return progress
    }

    private func data(_ id: Int64) throws -> TrainingData {
        if let data = datasets.withLock({ $0[id] }) { return data }
        let data = try TrainingData(store.datasets.find(id: id))
        datasets.withLock { $0[id] = data }
        return data
    }
}

extension SweepRunner.Progress {
    fileprivate mutating func count(_ outcome: RunOutcome, of run: Run) {
        runsDone += 1
        stepsSpared += max(0, run.plan.steps - outcome.stepsDone)
        lastLoss = outcome.finalLoss
        if outcome.state == .done, !(outcome.finalLoss >= bestLoss) { bestLoss = outcome.finalLoss }
        ended.append(SweepRunner.EndedRun(id: run.id, outcome: outcome))
        if outcome.state == .diverged { runsDiverged += 1 }
        if outcome.state == .failed { runsFailed += 1 }
    }
}

/// The queued runs that one worker takes, one after another.
///
/// While a short run is trained, the next one is claimed already: waiting for the writing thread would cost as much as
/// the training. What follows a long run is left to whoever is ready first, here or in another process.
private struct ClaimedRuns {
    /// Nanoseconds of training below which a run is short.
    private static let shortRun = 50_000_000

    let sweep: Int64
    let writer: StepWriter
    let context: ProcessContext
    private var ahead: PendingClaim?
    /// When the worker was given its last run.
    private var given: Int?

    init(ofSweep sweep: Int64, writer: StepWriter, context: ProcessContext) {
        self.sweep = sweep
        self.writer = writer
        self.context = context
    }

    /// The next run to train, or nil when none is queued.
    mutating func next() throws -> Run? {
        let lastWasShort = given.map { context.clock() - $0 < Self.shortRun } ?? false
        let run = try (ahead.take() ?? request()).wait()
        if run != nil && lastWasShort { ahead = try request() }
        given = context.clock()
        return run
    }

    /// Queues again what was claimed and will not be trained.
    mutating func releaseUnused() throws {
        guard let run = try ahead.take()?.wait() else { return }
        try writer.release(run.id, attempt: run.attempt)
    }

    private func request() throws -> PendingClaim {
        try writer.requestNextRun(ofSweep: sweep, as: context.origin)
    }
}

/// Whether a sweep continues when a run fails.
package enum FailurePolicy: String, Sendable, CaseIterable {
    /// Keeps the failure and trains the other runs, unless runs keep failing in the same way.
    case `continue`
    /// Stops at the first failure.
    case stop
}

/// Notices when failures are not those of single runs.
private struct FailureMonitor {
    /// So many equal failures in a row stop a sweep whatever the policy.
    private static let limit = 3

    private let policy: FailurePolicy
    private var reason: String?
    private var count = 0
    /// Why the sweep is to stop; nil while it may continue.
    private(set) var reasonToStop: String?

    init(_ policy: FailurePolicy) {
        self.policy = policy
    }

    /// Takes what came out of a run, in the order in which runs end; true when the sweep is to stop.
    mutating func shouldStop(after outcome: RunOutcome) -> Bool {
        guard outcome.state == .failed, let failure = outcome.stateReason else {
            (reason, count) = (nil, 0)
            return reasonToStop != nil
        }
        count = failure == reason ? count + 1 : 1
        reason = failure
        if policy == .stop {
            reasonToStop = reasonToStop ?? "a run failed: \(failure)"
        } else if count == Self.limit {
            reasonToStop = reasonToStop ?? "\(Self.limit) runs in a row failed in the same way: \(failure)"
        }
        return reasonToStop != nil
    }
}
