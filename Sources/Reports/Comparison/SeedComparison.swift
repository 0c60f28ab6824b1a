package import Tracking

/// Configurations on the seeds that they share, each pair with a report's statistics.
package struct SeedComparison {
    /// One sentence per pair of configurations, the better-looking one first.
    package let sentences: [String]

    /// Nil unless the runs are of several configurations with at least two seeds each.
    ///
    /// Linear in the number of their steps; the intervals take some milliseconds per pair.
    package init?(_ runs: [StoredRun], in store: Store) throws {
        let sizes = Dictionary(grouping: runs) { $0.plan.groupID }.values.map { Set($0.map(\.plan.seed)).count }
        guard sizes.count > 1, sizes.allSatisfy({ $0 > 1 }) else { return nil }
        let selection = try ReportSelection(.runs(runs.map(\.id)), in: store, isAlive: { _ in true })
        // No curve is written, so all but a few rows of them are skipped.
        let options = ReportOptions(stride: Int.max)
        var curves = CurvesFile(stride: options.stride, parameters: selection.parameters) { _ in }
        let data = try ReportData(selection, in: store, options: options, curves: &curves)
        let arms = data.groups.map { group in
            let label = data.label(of: group)
            return Arm(
                name: label.count <= 60 ? label : group.id, group: group, runs: group.runs.sorted { $0.seed < $1.seed },
                candidates: [group], isOptimistic: false)
        }
        let resamples = ResampleSets(seed: 0, counts: data.groups.map(\.plannedCount))
        var pairs: [PairComparison] = []
        for (index, first) in arms.enumerated() {
            for second in arms[(index + 1)...] { pairs.append(PairComparison(first, second, resamples)) }
        }
        sentences = PairComparison.corrected(pairs).map { Claims.sentence(of: $0, data.target) }
    }
}
