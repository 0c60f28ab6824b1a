package import Tracking

/// The configuration of a sweep that did best over its seeds, and the one of its runs that did best.
package struct BestConfiguration: Sendable {
    /// What is best: always the lowest.
    package enum Criterion: String, Sendable, CaseIterable {
        /// The median over seeds of the final loss over all data.
        case finalLoss = "final_loss"
        /// The median over seeds of log10(final loss - its exact minimum).
        case excess
        /// The expected running time to the sweep's target: all steps spent divided by the number of successes.
        case expectedRunningTime = "ert"
    }

    /// The settings that tell it from the others, such as "lr 0.1, momentum 0.9".
    package let settings: String
    /// By which it is best.
    package let value: Double
    /// What counts as a success.
    package let target: String
    /// Seeds that have ended, and how many of them are done or diverged.
    package let seedCount: Int
    package let doneCount: Int
    package let divergedCount: Int
    /// Of the configuration's runs the best by the same criterion; of equals the one with the lowest seed.
    package let run: StoredRun

    /// Compares a sweep's configurations on the runs that have ended; a run that is not done ranks behind every other.
    ///
    /// Without a `target` the sweep's own counts, else an excess of 1 % of the smallest loss. Reads every step. Throws
    /// where no configuration has anything to be ranked by.
    package init(
        ofSweep name: String, by criterion: Criterion, target: ReportTarget? = nil, in store: Store
    ) throws {
        let selection = try ReportSelection(.sweep(name), in: store, isAlive: { _ in true })
        var curves = CurvesFile(stride: 1) { _ in }
        let data = try ReportData(
            selection, in: store, options: ReportOptions(target: target, formats: []), curves: &curves)
        let ranked = data.groups.compactMap { group -> (group: ConfigurationGroup, value: Double)? in
            let ended = group.runs.filter(\.run.state.isFinal)
            guard !ended.isEmpty else { return nil }
            let group = ConfigurationGroup(id: group.id, runs: ended)
            return Self.value(of: group, by: criterion).map { (group, $0) }
        }
        guard let best = ranked.min(by: { ($0.value, $0.group.id) < ($1.value, $1.group.id) }), best.value < .infinity
        else {
            throw ReportError(
                .nothingToReport,
                "no configuration of the sweep '\(name)' can be ranked by \(criterion.rawValue): "
                    + Self.reason(criterion, target: data.target))
        }
        settings = data.label(of: best.group)
        value = best.value
        self.target = data.target.text
        seedCount = best.group.plannedCount
        doneCount = best.group.doneCount
        divergedCount = best.group.divergedCount
        run = Self.bestRun(of: best.group, by: criterion).run
    }

    // MARK: - Internals

    private static func value(of group: ConfigurationGroup, by criterion: Criterion) -> Double? {
        switch criterion {
        case .finalLoss: group.losses.median
        case .excess: group.logExcesses?.median
        case .expectedRunningTime:
            group.runs.allSatisfy { $0.time != nil } ? ExpectedRunningTime.of(group.runs.compactMap(\.time)) : nil
        }
    }

    private static func bestRun(of group: ConfigurationGroup, by criterion: Criterion) -> ReportedRun {
        let rank = { (run: ReportedRun) -> Double in
            switch criterion {
            case .finalLoss: run.rankedLoss
            case .excess: run.rankedLogExcess ?? .infinity
            case .expectedRunningTime: run.time?.reached.map(Double.init) ?? .infinity
            }
        }
        // `group.runs` begins with the lowest final loss.
        return group.runs.min { (rank($0), $0.seed) < (rank($1), $1.seed) } ?? group.best
    }

    private static func reason(_ criterion: Criterion, target: ReportTarget) -> String {
        switch criterion {
        case .finalLoss: "in each at least half of the runs have ended without a final loss"
        case .excess:
            "in each at least half of the runs have ended without a final loss, or the minimum is not unique"
        case .expectedRunningTime: "no run has reached the target \(target.text); give a larger one with --target"
        }
    }
}
