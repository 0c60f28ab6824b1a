import Hashing
import Statistics
import TextFormats
package import Tracking

/// The arms of a report, each against each other.
struct Comparison: Sendable {
    let measure: ReportMeasure
    /// Best first, by what was seen; whether the order means anything is said by `pairs`.
    let arms: [Arm]
    /// On which the configurations were chosen; empty where nothing was, or on the same seeds.
    let choosingSeeds: Set<Int64>
    /// The smallest budget of a run with a result, at which the arms are ordered; nil where all were given the same.
    let cut: Int?
    /// Every pair that is shown, the better-looking arm first.
    let pairs: [ReportedPair]
    /// The only one that is compared with all others, if there is one.
    let baseline: String?
    /// Of everything that is drawn: the same runs draw the same.
    let seed: UInt64

    /// More configurations of a single optimizer than this have too many pairs to say anything of each.
    static let largestArmCount = 12

    /// Throws if the baseline is no arm, or a seed that is to choose does not exist.
    init(_ data: ReportData, options: ReportOptions) throws(ReportError) {
        seed = Self.seed(data.runs)
        measure = ReportMeasure(of: data.runs, isTargetAsked: data.isTargetAsked)
        if case .named(let named) = options.tuningSeeds {
            let all = Set(data.runs.map(\.seed))
            guard !named.isSuperset(of: all) else { throw ReportError(noSeedIsLeftOf: data.title) }
            let missing = named.subtracting(all).sorted()
            guard missing.isEmpty else {
                throw ReportError(
                    .badSeeds, "no run has the seed \(missing.map(String.init).joined(separator: ", "))",
                    advice: "name seeds that these runs have with \(option: "tuning-seeds")")
            }
        }
        let quantity = measure.quantity
        let choice = ArmChoice(
            data.runs.map { MeasuredRun(run: $0.run, outcome: $0.outcome(quantity, after: nil)) }, measure.measure,
            seeds: options.tuningSeeds, stored: data.sweep?.plan.choosingSeeds, isHalving: data.isHalving)
        choosingSeeds = choice.choosingSeeds
        let chosen = Self.arms(choice, data)
        cut = Self.cut(chosen)
        arms = Self.ranked(chosen, measure, after: cut)
        baseline = try options.baseline.map { [arms] name throws(ReportError) in
            guard let arm = arms.first(where: { $0.name == name || $0.group.id == name }) else {
                throw ReportError(
                    .badBaseline,
                    "the baseline '\(name)' is not in this report",
                    advice: "it has \(arms.map(\.name).joined(separator: ", "))")
            }
            return arm.name
        }
        pairs = Self.pairs(arms, measure, data, baseline: baseline)
    }

    /// Every configuration against each other, with nothing chosen.
    init(everyConfigurationOf data: ReportData) {
        seed = Self.seed(data.runs)
        measure = ReportMeasure(of: data.runs, isTargetAsked: data.isTargetAsked)
        (choosingSeeds, baseline) = ([], nil)
        arms = data.groups.map { group in
            let label = data.label(of: group)
            return Arm(
                name: label.count <= 60 ? label : group.id, group: group, runs: group.runs.sorted { $0.seed < $1.seed },
                candidates: [group], triedCount: 1, choice: .onlyOne)
        }
        cut = Self.cut(arms)
        pairs = Self.pairs(arms, measure, data, baseline: nil)
    }

    /// Between which ranks an arm stands: only a found difference puts one arm before another.
    func ranks(of arm: Arm) -> ClosedRange<Int> {
        let better = pairs.count { $0.loser == arm.name }
        let worse = pairs.count { $0.winner == arm.name }
        return 1 + better...arms.count - worse
    }

    /// How sure the time to the target is; nil where the seeds have no effect.
    func timePrecision(_ statistics: ArmStatistics) -> ExpectedRunningTime.Precision? {
        statistics.isDeterministic ? nil : ExpectedRunningTime.precision(statistics.times, seed: seed)
    }

    /// Of the interquartile mean of log10 excess; nil for fewer than ten seeds, or where they have no effect.
    func excessInterval(_ statistics: ArmStatistics) -> Interval? {
        statistics.isDeterministic ? nil : statistics.logExcesses.interquartileMeanInterval(seed: seed)
    }

    /// All configurations, those that are compared first and best first, the others by median final loss.
    func leaderboard(_ data: ReportData) -> [ConfigurationGroup] {
        let ids = Set(arms.map(\.group.id))
        return arms.map(\.group) + data.groups.filter { !ids.contains($0.id) }
    }

    // MARK: - Internals

    /// The first eight bytes of the SHA-256 of the runs' ids: the same runs draw the same resamples.
    private static func seed(_ runs: [ReportedRun]) -> UInt64 {
        let text = runs.map { String($0.run.id) }.joined(separator: ",")
        return SHA256.hash(text.utf8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func pairs(
        _ arms: [Arm], _ measure: ReportMeasure, _ data: ReportData, baseline: String?
    ) -> [ReportedPair] {
        guard arms.count <= largestArmCount || baseline != nil else { return [] }
        var pairs: [ReportedPair] = []
        for (index, first) in arms.enumerated() {
            for second in arms[(index + 1)...] {
                guard baseline == nil || first.name == baseline || second.name == baseline else { continue }
                pairs.append(ReportedPair(first, second, measure, in: data))
            }
        }
        return ReportedPair.corrected(pairs)
    }

    private static func cut(_ arms: [Arm]) -> Int? {
        // A lower rung of halving has no result, and so no say.
        let budgets = Set(arms.flatMap(\.runs).filter(\.hasResult).map(\.run.plan.steps))
        return budgets.count > 1 ? budgets.min() : nil
    }

    /// Where budgets differ, in the order at the smallest one; else as they were chosen.
    private static func ranked(_ arms: [Arm], _ measure: ReportMeasure, after cut: Int?) -> [Arm] {
        guard let cut else { return arms }
        let scores = arms.map { arm in
            ConfigurationChoice.Score(
                arm.runs.map { $0.outcome(measure.quantity, after: cut) }, measure.measure)
        }
        return arms.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.map { arms[$0] }
    }

    private static func arms(_ choice: ArmChoice, _ data: ReportData) -> [Arm] {
        let groups = Dictionary(uniqueKeysWithValues: data.groups.map { ($0.id, $0) })
        let runs = Dictionary(uniqueKeysWithValues: data.runs.map { ($0.run.id, $0) })
        let tried = Dictionary(uniqueKeysWithValues: data.optimizers.map { ($0.name, data.triedCount($0.runs)) })
        let isSingle = data.optimizers.count == 1
        return choice.arms.compactMap { chosen in
            groups[chosen.groupID].map { group in
                Arm(
                    name: isSingle ? name(of: group, in: data) : chosen.optimizer, group: group,
                    runs: chosen.compared.compactMap { runs[$0.run.id] },
                    candidates: chosen.candidates.compactMap { groups[$0] },
                    triedCount: tried[chosen.optimizer] ?? 0,
                    choice: chosen.kind)
            }
        }
    }

    /// What a configuration is called in sentences: a run that was named by its number, short settings, or its id.
    private static func name(of group: ConfigurationGroup, in data: ReportData) -> String {
        if data.sweep == nil, group.runs.count == 1 { return "run \(group.best.run.id)" }
        let label = data.label(of: group)
        return label.count <= 60 ? label : group.id
    }
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
        // No curve is written, so all but a few rows of them are skipped. A sweep's own target counts as in its report.
        let sweeps = Set(runs.map(\.sweepID))
        let sweep = try sweeps.count == 1 ? sweeps.first?.flatMap { try store.sweeps.find(id: $0) } : nil
        let planned = sweep?.plan.target.flatMap { try? ReportTarget(text: $0) }
        var reader = MeasureReader(store, isTargetDemanded: false)
        let target = try planned.flatMap { planned in
            try runs.allSatisfy { try reader.excess(of: planned, for: $0) != nil } ? planned : nil
        }
        let options = ReportOptions(stride: Int.max, target: target)
        var curves = CurvesFile(stride: options.stride, parameters: selection.parameters) { _ in }
        let data = try ReportData(selection, in: store, options: options, curves: &curves)
        let comparison = Comparison(everyConfigurationOf: data)
        sentences = comparison.pairs.map { Claims.sentence(of: $0, data.target) }
    }
}
