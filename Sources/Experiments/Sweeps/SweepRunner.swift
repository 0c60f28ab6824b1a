import Dispatch
import Foundation
import Learning
import Synchronization
package import Tracking

/// Carries out a planned sweep with several workers that share one writer.
///
/// What is computed depends on each run's configuration alone; how many workers there are, and which one takes
/// which run, changes no bit.
package final class SweepRunner: Sendable {
    /// How far the sweep is.
    package struct Progress: Sendable, Equatable {
        package var runsDone = 0
        package var runsDiverged = 0
        package var stepsDone = 0
    }

    private let store: Store
    private let writer: StepWriter
    private let worker: Provenance
    private let clock: @Sendable () -> Int
    private let progress = Mutex(Progress())
    private let failure = Mutex<(any Error)?>(nil)
    private let datasets = Mutex<[Int64: TrainingData]>([:])

    package init(
        store: Store, writer: StepWriter, worker: Provenance, clock: @escaping @Sendable () -> Int
    ) {
        self.store = store
        self.writer = writer
        self.worker = worker
        self.clock = clock
    }

    /// Runs everything that is queued, while `report` is called now and then from this thread.
    ///
    /// The first error of any worker is thrown after all have stopped.
    package func run(sweep: Int64, workers: Int, report: (Progress) -> Void) throws -> Progress {
        let group = DispatchGroup()
        for number in 1...max(1, workers) {
            let thread = Thread { [self] in
                work(on: sweep)
                group.leave()
            }
            thread.name = "worker \(number)"
            group.enter()
            thread.start()
        }
        while group.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
            report(progress.withLock { $0 })
        }
        // Also what a failed run left is committed before anybody hears of it.
        let committed = Result { try writer.flush() }
        if let error = failure.withLock({ $0 }) { throw error }
        try committed.get()
        return progress.withLock { $0 }
    }

    /// One worker: claims runs until none is left, or until some worker has failed.
    private func work(on sweep: Int64) {
        let execution = RunExecution(writer: writer, clock: clock)
        do {
            while failure.withLock({ $0 == nil }), let run = try writer.claimNextRun(ofSweep: sweep, as: worker) {
                let outcome = try execution.execute(run, data: try data(run.plan.datasetID)) { steps in
                    progress.withLock { $0.stepsDone += steps }
                }
                progress.withLock {
                    $0.runsDone += 1
                    if outcome.state == .diverged { $0.runsDiverged += 1 }
                }
            }
        } catch {
            failure.withLock { $0 = $0 ?? error }
        }
    }

    private func data(_ id: Int64) throws -> TrainingData {
        if let data = datasets.withLock({ $0[id] }) { return data }
        let data = TrainingData(try store.dataset(id: id))
        datasets.withLock { $0[id] = data }
        return data
    }
}
