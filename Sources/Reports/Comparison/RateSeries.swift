import Statistics
import Tracking

/// The configurations that differ in nothing but the learning rate.
struct RateSeries: Sendable {
    /// What tells it from other series, such as "sgd, momentum 0.9".
    let name: String
    /// By learning rate, lowest first.
    let groups: [ConfigurationGroup]
    private let measure: ReportMeasure

    static func all(_ data: ReportData, _ measure: ReportMeasure) -> [RateSeries] {
        let names = data.fields.varying.filter { $0 != "optimizer.lr" && $0 != "optimizer.name" }
        var series: [String: [ConfigurationGroup]] = [:]
        for group in data.groups {
            let settings = names.compactMap { name in
                group.configuration[name].map { "\(ConfigurationFields.label(of: name)) \($0)" }
            }
            series[([group.optimizer] + settings).joined(separator: ", "), default: []].append(group)
        }
        return series.sorted { $0.key < $1.key }.map { name, groups in
            RateSeries(name: name, groups: groups.sorted { rate($0) < rate($1) }, measure: measure)
        }
    }

    /// The same of the groups that pass a test.
    func filter(_ isIncluded: (ConfigurationGroup) -> Bool) -> RateSeries {
        RateSeries(name: name, groups: groups.filter(isIncluded), measure: measure)
    }

    static func rate(_ group: ConfigurationGroup) -> Double { group.best.run.plan.learningRate }

    /// The learning rate that is best by the verdict's measure, over all seeds; nil without a result.
    var best: ConfigurationGroup? {
        let ended = groups.filter { $0.resultCount > 0 }
        return ended.map { group in
            (
                group,
                ConfigurationChoice.Score(group.runs.map { $0.outcome(measure.quantity, after: nil) }, measure.measure)
            )
        }.min { $0.1 < $1.1 }?.0
    }

    /// The highest learning rate below the first unstable one; nil if the first is unstable already.
    var lastStable: Double? {
        groups.prefix { Self.isStable($0) }.last.map(Self.rate)
    }

    /// The lowest learning rate at which a run diverged or grew more than tenfold; nil if none did.
    var firstUnstable: Double? {
        groups.first { !Self.isStable($0) }.map(Self.rate)
    }

    /// Nil where there is no exact theory, or problems differ.
    var theoreticalEdge: Double? {
        let edges = Set(
            groups.flatMap(\.runs).map { run in
                run.theoreticalEdge
            })
        guard edges.count == 1, let edge = edges.first else { return nil }
        return edge
    }

    /// Over how many decades of learning rates the expected time to the target is at most twice the best one; nil
    /// without a success.
    var width: Double? {
        let times = groups.map { (Self.rate($0), ArmStatistics($0.runs).expectedTime ?? .infinity) }
        guard let best = times.map(\.1).min(), best.isFinite else { return nil }
        let good = times.filter { $0.1 <= 2 * best }.map(\.0)
        guard let low = good.first, let high = good.last, low > 0 else { return nil }
        return Log10.of(high / low)
    }

    private static func isStable(_ group: ConfigurationGroup) -> Bool {
        group.divergedCount == 0 && !group.runs.contains { $0.hasGrown || $0.isUnstable }
    }
}
