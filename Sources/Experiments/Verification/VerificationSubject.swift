import TextFormats
package import Tracking

/// What is to be verified: a sweep by its name, else a run.
package struct VerificationSubject: Sendable {
    package let title: String
    /// In the order of ids.
    package let runs: [Run]

    /// Finds the sweep with this name, or else the run that is meant.
    ///
    /// Of a sweep with more than `sample` runs so many are taken: those with the lowest configuration hashes, which is
    /// as good as drawn at random, and always the same.
    package init(_ reference: String, sample: Int? = nil, in store: Store) throws(TrackingError) {
        let sweeps = try store.sweeps.all()
        guard let sweep = sweeps.first(where: { $0.plan.name == reference }) else {
            let run = try store.runs.find(meantBy: reference)
            title = "run \(run.id)"
            runs = [run]
            return
        }
        let all = try store.runs.all(ofSweep: sweep.id)
        guard !all.isEmpty else { throw TrackingError(.notFound, "the sweep '\(reference)' has no runs to verify") }
        let sampled = all.sorted { ($0.plan.configHash, $0.id) < ($1.plan.configHash, $1.id) }
            .prefix(sample ?? all.count)
        title =
            sampled.count < all.count
            ? "\(sampled.count) of the \(all.count.counted("run")) of the sweep \(reference)" : "the sweep \(reference)"
        runs = sampled.sorted { $0.id < $1.id }
    }
}
