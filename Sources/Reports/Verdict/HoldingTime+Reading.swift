import Statistics
import Theory
import Tracking

extension HoldingTime {
    /// Reads when a run that is done holds an excess, within `cut` steps; no step after that is read.
    ///
    /// `final` are the parameters after the last update. The steps of a fork begin with its parent's.
    init(
        of run: Run, at target: Double, on objective: Objective, final: [Double]?, window: Int = Self.defaultWindow,
        cut: Int? = nil, in store: Store
    ) throws {
        self.init(window: window)
        // After so many updates the parameters stand in the row of that step.
        let rows = 0..<(cut.map { $0 + 1 } ?? .max)
        let isMet = { (parameters: [Double]) in objective.excess(at: parameters).map { $0 <= target } ?? false }
        for (holder, steps) in try store.runs.holders(ofStepsOf: run) where held == nil {
            try store.steps.forEachParameters(ofRun: holder, in: steps.clamped(to: rows)) { step, parameters in
                append(step: step, isMet: isMet(parameters))
                return held == nil
            }
        }
        guard held == nil, rows.contains(run.stepsDone) else { return }
        append(step: run.stepsDone, isMet: final.map(isMet) ?? false)
        if run.stepsDone < run.plan.steps { endEarly() }
    }
}
