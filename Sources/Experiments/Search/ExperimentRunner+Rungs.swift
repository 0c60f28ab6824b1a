import Tracking

extension ExperimentRunner {
    /// A rung of a halving sweep with runs to train.
    package struct Rung: Sendable {
        /// Counted from 1.
        package let number: Int
        package let rungCount: Int
        package let configurationCount: Int
        package let runCount: Int
        package let steps: Int
    }

    /// The rung of a halving sweep that is to be trained now; nil when there is none left.
    ///
    /// When all runs of a rung have ended they are ranked, and the runs of the next rung are queued: in one transaction,
    /// and once, however many processes ask.
    package func nextRung(ofSweep id: Int64) throws -> Rung? {
        while let state = try HalvingState(ofSweep: id, in: store) {
            if let rung = state.openRung { return rung }
            let (rung, runs) = try state.conclusion()
            _ = try store.sweeps.addRung(rung, next: runs, toSweep: id, provenance: origin)
        }
        return nil
    }
}
