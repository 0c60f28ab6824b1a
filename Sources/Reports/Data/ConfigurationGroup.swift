import Statistics
import Tracking

/// The runs of one configuration: seeds as replicates.
struct ConfigurationGroup: Sendable {
    let id: String
    /// From the lowest final loss to the highest, then failures, then what has no result; equals in the order of their seeds.
    let runs: [ReportedRun]
    /// Those with a result, in that order; of several that did exactly the same the first.
    let results: [ReportedRun]
    /// Final losses of `results`; failures stand there as infinity.
    let losses: OrderStatistics
    /// log10 of the final excess of these runs, likewise; nil where a minimum is not unique.
    let logExcesses: OrderStatistics?

    init(id: String, runs: [ReportedRun]) {
        precondition(!runs.isEmpty, "the configuration \(id) has no run")
        self.id = id
        let order = { (run: ReportedRun) in (run.hasResult ? 0 : 1, run.rankedLoss, run.seed, run.run.id) }
        self.runs = runs.sorted { order($0) < order($1) }
        results = self.runs.distinctResults
        losses = OrderStatistics(results.map(\.rankedLoss))
        let logExcesses = results.compactMap(\.rankedLogExcess)
        self.logExcesses = logExcesses.count == results.count ? OrderStatistics(logExcesses) : nil
    }

    var optimizer: String { best.run.plan.optimizer }
    var configuration: ConfigurationFields { best.configuration }
    var plannedCount: Int { runs.count }
    var doneCount: Int { runs.count { $0.isDone } }
    /// How many have ended, well or not, each trajectory once.
    var resultCount: Int { results.count }
    var unstableCount: Int { runs.count { $0.isUnstable } }
    /// Whether halving gave it fewer steps than the last rung.
    var isUnpromoted: Bool { best.isUnpromoted }
    var divergedCount: Int { runs.count { $0.run.state == .diverged } }
    /// How many different trajectories there are among the runs with a result.
    var distinctCount: Int { runs.distinctTrajectoryCount }

    /// Whether the seed made no difference at all: the seeds are no sample then, and have no interval.
    var isDeterministic: Bool { resultCount == 1 && runs.count(where: \.hasResult) > 1 }

    var best: ReportedRun { runs[0] }
    /// Of those with a result, if there is any.
    var worst: ReportedRun { results.last ?? runs[0] }

    /// What a person reads where a statistic falls on a run without a final loss: those are all tied.
    var wordForFailure: String {
        let failures = runs.filter { $0.hasResult && !$0.hasValue }
        let words = Set(failures.map { $0.isUnstable ? "unstable" : $0.run.state.rawValue }).sorted()
        return words.isEmpty ? "no result" : words.joined(separator: " or ")
    }

    /// The median over seeds at each cell of the curve, in which a seed that has diverged is infinite.
    var medianCurve: [Sparkline.Cell] {
        (0..<Sparkline.cellCount).map { index in
            let values = runs.compactMap { run -> Double? in
                switch run.cell(index) {
                case .value(let value): value
                case .diverged: .infinity
                case .missing: nil
                }
            }
            guard values.count == runs.count, let median = OrderStatistics(values).median else { return .missing }
            return median == .infinity ? .diverged : .value(median)
        }
    }
}

extension Collection<ReportedRun> {
    /// Those with a result, of several that did exactly the same the first.
    var distinctResults: [ReportedRun] { filter(\.hasResult).distinct(by: \.trajectoryHash) }

    /// How many different trajectories there are among the runs with a result: others have yet to show theirs.
    var distinctTrajectoryCount: Int {
        Set(lazy.filter(\.hasResult).compactMap(\.trajectoryHash)).count
    }
}

/// In which fields configurations differ, and in which they agree.
struct FieldComparison: Sendable, Equatable {
    /// A setting that no two configurations disagree on.
    struct Constant: Sendable, Equatable {
        let name: String
        let value: String
        /// False for a setting that only some configurations have, such as one optimizer's.
        let isEverywhere: Bool
    }

    /// The names of the fields with different values: optimizer, learning rate and batch size first, the others in
    /// alphabetical order.
    ///
    /// A field that only some configurations have varies only if those differ.
    let varying: [String]
    /// The fields with one value in all configurations that have them, in alphabetical order.
    let constant: [Constant]

    init(of configurations: [ConfigurationFields]) {
        var values: [String: (distinct: Set<String>, count: Int)] = [:]
        for (name, value) in configurations.lazy.flatMap(\.values) {
            values[name, default: ([], 0)].distinct.insert(value)
            values[name, default: ([], 0)].count += 1
        }
        var varying: [String] = []
        var constant: [Constant] = []
        for (name, found) in values.sorted(by: { $0.key < $1.key }) {
            if let value = found.distinct.first, found.distinct.count == 1 {
                constant.append(
                    Constant(name: name, value: value, isEverywhere: found.count == configurations.count))
            } else {
                varying.append(name)
            }
        }
        let first = ["optimizer.name", "optimizer.lr", "batch_size"].filter(varying.contains)
        self.varying = first + varying.filter { !first.contains($0) }
        self.constant = constant
    }

    /// The settings by which a configuration differs from the others, such as "lr 0.1, momentum 0.9"; its optimizer if
    /// none does.
    func label(of configuration: ConfigurationFields) -> String {
        let settings = varying.compactMap { name in
            configuration[name].map { "\(ConfigurationFields.label(of: name)) \($0)" }
        }
        return settings.isEmpty ? configuration["optimizer.name"] ?? "" : settings.joined(separator: ", ")
    }
}
