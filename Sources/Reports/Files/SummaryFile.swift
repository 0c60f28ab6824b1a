import Statistics
import TextFormats
import Tracking

/// `data/summary.csv`: every statistic of the leaderboard in full precision.
struct SummaryFile {
    static let columns = [
        "optimizer", "group_id", "metric", "unit", "n_planned", "n_done", "n_diverged", "n_unstable", "n_distinct",
        "estimate",
        "ci_low", "ci_high", "ci_method", "level",
    ]

    private var csv = CSVText(columns: columns)

    init(_ data: ReportData, _ comparison: Comparison) {
        for group in comparison.leaderboard(data) {
            append(group)
            append(group, comparison)
        }
        for arm in comparison.arms where arm.runs.count < arm.group.plannedCount { append(arm, comparison) }
        let budgets = BudgetRanks.all(comparison.arms)
        for (index, arm) in comparison.arms.enumerated() {
            for budget in budgets {
                append(
                    arm.group, "median_log10_excess_after_\(budget.steps)_steps", unit: "decades",
                    budget.medians[index])
            }
            append(arm.group, "ecdf_area", unit: "fraction", RuntimeDistribution(arm).area)
        }
    }

    var bytes: [UInt8] { csv.bytes }

    private mutating func append(_ group: ConfigurationGroup) {
        let rate = WilsonInterval(successes: group.doneCount, trials: group.plannedCount)
        append(
            group, "done_rate", unit: "fraction", Double(group.doneCount) / Double(group.plannedCount),
            (rate.low, rate.high, "approximate: Wilson", 0.95))
        append(group, "final_loss", unit: "loss", group.losses)
        if let excesses = group.logExcesses { append(group, "log10_excess", unit: "decades", excesses) }
    }

    /// What depends on the target, and the interquartile mean's interval.
    private mutating func append(_ group: ConfigurationGroup, _ comparison: Comparison) {
        append(group, ArmStatistics(group.runs), comparison, suffix: "")
    }

    /// The same of the seeds on which nothing was chosen.
    private mutating func append(_ arm: Arm, _ comparison: Comparison) {
        append(arm.group, arm.statistics, comparison, suffix: "_on_evaluation_seeds")
    }

    private mutating func append(
        _ group: ConfigurationGroup, _ statistics: ArmStatistics, _ comparison: Comparison, suffix: String
    ) {
        if !statistics.times.isEmpty {
            let count = statistics.resultCount
            let rate = WilsonInterval(successes: statistics.successCount, trials: count)
            append(
                group, "success_rate" + suffix, unit: "fraction", Double(statistics.successCount) / Double(count),
                (rate.low, rate.high, "approximate: Wilson", 0.95))
            append(group, statistics, comparison.timePrecision(statistics), suffix: suffix)
            if let expected = statistics.expectedTime, group.optimizer != "lbfgs" {
                let samples = Double(group.best.run.plan.batchSize)
                append(group, "ert_samples" + suffix, unit: "sample gradients", expected * samples)
            }
            append(
                group, "median_time" + suffix, unit: "steps", statistics.medianTime,
                statistics.medianTimeInterval.map { ($0.low, $0.high, "order statistics", $0.coverage) })
        }
        let values = statistics.logExcesses
        guard !values.values.isEmpty else { return }
        let interval = comparison.excessInterval(statistics).map {
            ($0.low, $0.high, "approximate: percentiles of resampled seeds", 0.95)
        }
        append(group, "iqm_log10_excess" + suffix, unit: "decades", values.interquartileMean, interval)
        guard !suffix.isEmpty else { return }
        append(group, "median_log10_excess" + suffix, unit: "decades", values.median)
        append(group, "worst_log10_excess" + suffix, unit: "decades", values.values.last)
    }

    /// The expected running time, with an interval or beside the mean time of a run that succeeds.
    private mutating func append(
        _ group: ConfigurationGroup, _ statistics: ArmStatistics, _ precision: ExpectedRunningTime.Precision?,
        suffix: String
    ) {
        let name = "ert" + suffix
        switch precision {
        case nil: append(group, name, unit: "steps", statistics.expectedTime, none: "none")
        case .ofAll(let interval):
            append(
                group, name, unit: "steps", statistics.expectedTime,
                (interval.low, interval.high, "approximate: widened percentiles of resampled seeds", 0.95))
        case .ofSuccesses(let mean, let interval, let bound):
            append(
                group, name, unit: "steps", statistics.expectedTime, none: "none: fewer than 3 failures or successes")
            append(
                group, "mean_time_of_successes" + suffix, unit: "steps", mean,
                interval.map { ($0.low, $0.high, "approximate: bootstrap t on the logarithm", 0.95) })
            append(
                group, "failure_rate_upper_bound" + suffix, unit: "fraction", bound,
                none: "approximate: Wilson, upper end at 95 %")
        }
    }

    private mutating func append(
        _ group: ConfigurationGroup, _ name: String, unit: String, _ statistics: OrderStatistics
    ) {
        let interval = statistics.medianInterval()
        let none = group.isDeterministic ? "none: deterministic" : "none: fewer than 6 seeds"
        append(
            group, "median_" + name, unit: unit, statistics.median,
            interval.map { ($0.low, $0.high, "order statistics", $0.coverage) }, none: none)
        append(group, "q25_" + name, unit: unit, statistics.quartile(1))
        append(group, "q75_" + name, unit: unit, statistics.quartile(3))
        if unit != "decades" { append(group, "iqm_" + name, unit: unit, statistics.interquartileMean) }
        append(group, "best_" + name, unit: unit, statistics.values.first)
        append(group, "worst_" + name, unit: unit, statistics.values.last)
    }

    private mutating func append(
        _ group: ConfigurationGroup, _ metric: String, unit: String, _ estimate: Double?,
        _ interval: (low: Double, high: Double, method: String, level: Double)? = nil, none: String = ""
    ) {
        csv.append(group.optimizer)
        csv.append(group.id)
        csv.append(metric)
        csv.append(unit)
        csv.append(group.plannedCount)
        csv.append(group.doneCount)
        csv.append(group.divergedCount)
        csv.append(group.unstableCount)
        csv.append(group.distinctCount)
        csv.append(estimate)
        csv.append(interval?.low)
        csv.append(interval?.high)
        csv.append(interval?.method ?? none)
        csv.append(interval?.level)
        csv.endRow()
    }
}
