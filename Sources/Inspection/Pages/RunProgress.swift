import Tracking

/// How far a run is: what is stored when it has ended, and what its rows say until then.
struct RunProgress {
    /// The stored state, or "interrupted".
    let state: String
    let rowCount: Int
    /// Steps whose rows are there, in this run or in that of which it is a fork.
    let recordedSteps: Int
    let stepsDone: Int

    init(_ run: StoredRun, isInterrupted: Bool, in store: Store) throws {
        state = isInterrupted ? "interrupted" : run.state.rawValue
        rowCount = try store.stepCount(ofRun: run.id)
        recordedSteps = (run.plan.parentStep ?? 0) + rowCount
        stepsDone = run.state.isFinal ? run.stepsDone : recordedSteps
    }
}
