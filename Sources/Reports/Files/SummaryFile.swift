/// `data/summary.csv`: the leaderboard's numbers in full precision.
struct SummaryFile {
    static let columns = [
        "optimizer", "config_id", "metric", "unit", "n_planned", "n_done", "n_diverged", "n_distinct", "estimate",
        "ci_low", "ci_high", "ci_method", "level",
    ]

    private(set) var csv = CSVText(columns: columns)

    init(_ data: ReportData) {
        for group in data.groups {
            append(group, metric: "median_final_loss", unit: "loss", group.losses)
            append(group, metric: "median_log10_excess", unit: "decades", group.logExcesses)
            append(group, metric: "best_final_loss", unit: "loss", value: group.best?.rankedLoss)
            append(group, metric: "worst_final_loss", unit: "loss", value: group.worst?.rankedLoss)
        }
    }

    private mutating func append(
        _ group: ConfigurationGroup, metric: String, unit: String, _ statistics: OrderStatistics
    ) {
        let interval = statistics.medianInterval()
        append(
            group, metric: metric, unit: unit, value: statistics.median,
            interval: [
                CSVText.number(interval?.low), CSVText.number(interval?.high),
                interval == nil ? "none: fewer than 6 seeds" : "order statistics",
                CSVText.number(interval?.coverage),
            ])
    }

    private mutating func append(
        _ group: ConfigurationGroup, metric: String, unit: String, value: Double?,
        interval: [String] = ["", "", "", ""]
    ) {
        csv.append(
            [
                group.optimizer, group.id, metric, unit, String(group.runs.count), String(group.doneCount),
                String(group.divergedCount), String(group.distinctCount), CSVText.number(value),
            ] + interval)
    }
}
