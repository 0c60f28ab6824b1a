import Crypto
import Statistics
import TextFormats
package import Tracking

/// The arms of a report, each against each other.
struct Comparison: Sendable {
    /// Best first, by what was seen; whether the order means anything is said by `pairs`.
    let arms: [Arm]
    /// Every pair that is shown, the better-looking arm first.
    let pairs: [PairComparison]
    /// Over the seeds, one for every number of seeds that occurs.
    let resamples: ResampleSets
    /// The only one that is compared with all others, if there is one.
    let baseline: String?

    /// More configurations of a single optimizer than this have too many pairs to say anything of each.
    static let largestArmCount = 12

    /// Throws if the baseline is no arm.
    init(_ data: ReportData, options: ReportOptions) throws(ReportError) {
        let seed = Self.seed(data.runs)
        let arms = Self.arms(data, tuningSeeds: options.tuningSeeds)
        baseline = try options.baseline.map { name throws(ReportError) in
            guard let arm = arms.first(where: { $0.name == name || $0.group.id == name }) else {
                throw ReportError(
                    .badBaseline,
                    "the baseline '\(name)' is not in this report",
                    advice: "it has \(arms.map(\.name).joined(separator: ", "))")
            }
            return arm.name
        }
        let resamples = ResampleSets(
            seed: seed, counts: data.groups.map(\.plannedCount) + arms.map(\.runs.count))
        var pairs: [PairComparison] = []
        if arms.count <= Self.largestArmCount || baseline != nil {
            for (index, first) in arms.enumerated() {
                for second in arms[(index + 1)...] {
                    guard baseline == nil || first.name == baseline || second.name == baseline else { continue }
                    pairs.append(PairComparison(first, second, resamples))
                }
            }
        }
        self.arms = arms
        self.resamples = resamples
        self.pairs = PairComparison.corrected(pairs)
    }

    /// Between which ranks an arm stands: only a found difference puts one arm before another.
    func ranks(of arm: Arm) -> ClosedRange<Int> {
        let better = pairs.count { $0.loser == arm.name }
        let worse = pairs.count { $0.winner == arm.name }
        return 1 + better...arms.count - worse
    }

    /// Of the expected running time, over resampled seeds; nil for fewer than six, or where they have no effect.
    func timeInterval(_ statistics: ArmStatistics) -> BootstrapInterval? {
        guard statistics.times.count >= PairComparison.smallestCount, !statistics.isDeterministic,
            statistics.successCount > 0
        else { return nil }
        return ExpectedRunningTime.interval(statistics.times, resamples[statistics.times.count])
    }

    /// Of the interquartile mean of log10 excess; nil for fewer than ten seeds, or where they have no effect.
    func excessInterval(_ statistics: ArmStatistics) -> BootstrapInterval? {
        let values = statistics.logExcesses.values
        guard values.count >= 10, !statistics.isDeterministic else { return nil }
        return resamples[values.count].interval { draws in
            OrderStatistics(draws.map { values[Int($0)] }).interquartileMean ?? .infinity
        }
    }

    /// The first eight bytes of the SHA-256 of the runs' ids: the same runs draw the same resamples.
    private static func seed(_ runs: [ReportedRun]) -> UInt64 {
        let text = runs.map { String($0.run.id) }.joined(separator: ",")
        return SHA256.hash(data: Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func arms(_ data: ReportData, tuningSeeds: Set<Int64>) -> [Arm] {
        let optimizers = Dictionary(grouping: data.groups, by: \.optimizer).sorted { $0.key < $1.key }
        let arms =
            optimizers.count == 1
            ? data.groups.map { arm(name(of: $0, in: data), [$0], tuningSeeds) }
            : optimizers.map { arm($0.key, $0.value, tuningSeeds) }
        return arms.sorted { first, second in
            let (a, b) = (first.statistics.score, second.statistics.score)
            return (a.0, a.1, first.name) < (b.0, b.1, second.name)
        }
    }

    /// What a configuration is called in sentences: a run that was named by its number, short settings, or its id.
    private static func name(of group: ConfigurationGroup, in data: ReportData) -> String {
        if data.sweep == nil, group.runs.count == 1 { return "run \(group.best.run.id)" }
        let label = data.label(of: group)
        return label.count <= 60 ? label : group.id
    }

    private static func arm(_ name: String, _ candidates: [ConfigurationGroup], _ tuningSeeds: Set<Int64>) -> Arm {
        let isTuning = { (run: ReportedRun) in tuningSeeds.contains(run.seed) }
        let scored = candidates.map { group in
            let tuning = group.runs.filter(isTuning)
            return (group: group, score: ArmStatistics(tuning.isEmpty ? group.runs : tuning).score)
        }
        let best = scored.min { ($0.score.0, $0.score.1, $0.group.id) < ($1.score.0, $1.score.1, $1.group.id) }
        let group = best?.group ?? candidates[0]
        let evaluation = group.runs.filter { !isTuning($0) }
        let runs = evaluation.isEmpty ? group.runs : evaluation
        return Arm(
            name: name, group: group, runs: runs.sorted { ($0.seed, $0.run.id) < ($1.seed, $1.run.id) },
            candidates: candidates,
            isOptimistic: candidates.count > 1 && (evaluation.isEmpty || evaluation.count == group.runs.count))
    }
}

/// Resamples by the number of seeds they are of.
struct ResampleSets: Sendable {
    let seed: UInt64
    private let sets: [Int: Resamples]

    /// Draws those of `counts` seeds at once; too few seeds have no interval and need none.
    init(seed: UInt64, counts: [Int]) {
        self.seed = seed
        let counts = Set(counts.filter { $0 >= PairComparison.smallestCount })
        sets = Dictionary(uniqueKeysWithValues: counts.map { ($0, Resamples(of: $0, seed: seed)) })
    }

    subscript(count: Int) -> Resamples { sets[count] ?? Resamples(of: count, seed: seed) }
}

/// One side of a comparison: an optimizer at the best of its configurations, or one configuration of the only optimizer.
struct Arm: Sendable {
    /// Tells it from the other arms.
    let name: String
    let group: ConfigurationGroup
    /// The runs that are reported, in the order of their seeds: not those on which the configuration was chosen.
    let runs: [ReportedRun]
    /// All configurations of this optimizer, among which the best one was chosen.
    let candidates: [ConfigurationGroup]
    /// Whether the choice was made on the very runs that are reported.
    let isOptimistic: Bool

    var statistics: ArmStatistics { ArmStatistics(runs) }

    /// The learning rates that were tried, in ascending order.
    var learningRates: [Double] {
        Set(candidates.map { $0.best.run.plan.learningRate }).sorted()
    }

    /// Whether the chosen learning rate is the smallest or the largest that was tried: a better one may lie beyond.
    var isAtEdge: Bool {
        let rates = learningRates
        guard candidates.count > 1, rates.count > 1 else { return false }
        let rate = group.best.run.plan.learningRate
        return rate == rates[0] || rate == rates[rates.count - 1]
    }
}

/// What a set of runs of one configuration amounts to.
struct ArmStatistics: Sendable {
    /// Empty without a target.
    let times: [RunningTime]
    /// log10 of the final excess, infinite for what is not done; empty where a minimum is not unique.
    let logExcesses: OrderStatistics
    /// Final losses, likewise.
    let losses: OrderStatistics
    let plannedCount: Int
    let doneCount: Int
    let divergedCount: Int
    let distinctCount: Int

    init(_ runs: [ReportedRun]) {
        let times = runs.compactMap(\.time)
        self.times = times.count == runs.count ? times : []
        let excesses = runs.compactMap(\.rankedLogExcess)
        logExcesses = OrderStatistics(excesses.count == runs.count ? excesses : [])
        losses = OrderStatistics(runs.map(\.rankedLoss))
        plannedCount = runs.count
        doneCount = runs.count { $0.isDone }
        divergedCount = runs.count { $0.run.state == .diverged }
        distinctCount = runs.distinctTrajectoryCount
    }

    var successCount: Int { times.count { !$0.isCensored } }
    /// Nil without a target.
    var expectedTime: Double? { ExpectedRunningTime.of(times) }
    /// Steps to the target, infinite for a run that never got there; nil without a target.
    var medianTime: Double? {
        OrderStatistics(times.map { $0.reached.map(Double.init) ?? .infinity }).median
    }
    /// Whether the seed made no difference at all.
    var isDeterministic: Bool { plannedCount > 1 && doneCount == plannedCount && distinctCount == 1 }

    /// The order in which configurations are preferred: less expected time to the target, then a lower median excess, or
    /// loss where that is unknown.
    var score: (Double, Double) { (expectedTime ?? .infinity, logExcesses.median ?? losses.median ?? .infinity) }
}

/// Configurations on the seeds that they share, each pair with a report's statistics.
package struct SeedComparison {
    /// One sentence per pair of configurations, the better-looking one first.
    package let sentences: [String]

    /// Nil unless the runs are of several configurations with at least two seeds each.
    ///
    /// Linear in the number of their steps; the intervals take some milliseconds per pair.
    package init?(_ runs: [Run], in store: Store) throws {
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
