import Crypto
import Statistics
import TextFormats
import Tracking

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
