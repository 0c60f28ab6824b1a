import Statistics
import Tracking

/// A run with what a comparison needs of it.
struct MeasuredRun: Sendable {
    let run: Run
    let outcome: Outcome

    /// Nil for a failure, and without a result.
    var value: Double? {
        if case .value(let value) = outcome { value } else { nil }
    }
}

/// Which configuration of each optimizer is compared, and on which seeds: the one place that decides it, for `report`,
/// `sweep best`, `best:SWEEP` and `watch`.
struct ArmChoice: Sendable {
    /// What is known of a choice.
    enum Kind: Sendable, Equatable {
        /// There was one configuration.
        case onlyOne
        case onOtherSeeds
        /// On the seeds that are compared, because somebody wanted it so.
        case onTheSameSeeds
        /// On the seeds that are compared, because they are fewer than nine.
        case onTooFewSeeds
        /// By halving, which looks at all seeds.
        case byHalving

        /// Whether some seeds choose, or would if there were enough.
        var choosesSeeds: Bool { self == .onOtherSeeds || self == .onTooFewSeeds }
    }

    /// One side of a comparison.
    struct Chosen: Sendable {
        /// The configuration's id.
        let groupID: String
        let optimizer: String
        /// The ids of all configurations it was chosen from, the best first.
        let candidates: [String]
        let kind: Kind
        /// The runs that are compared.
        let compared: [MeasuredRun]
        /// The runs on which it was chosen; empty where nothing was.
        let choosing: [MeasuredRun]
    }

    /// Best first, by the runs that are compared: of one optimizer alone by those that choose.
    ///
    /// Each has a run that is compared.
    let arms: [Chosen]
    /// Empty where nothing was chosen on seeds of its own.
    let choosingSeeds: Set<Int64>

    /// `stored` are the choosing seeds that the sweep has.
    ///
    /// - Precondition: there is at least one run.
    init(
        _ runs: [MeasuredRun], _ measure: Measure, seeds: TuningSeeds, stored: Set<Int64>? = nil,
        isHalving: Bool = false
    ) {
        let optimizers = Dictionary(grouping: runs) { $0.run.plan.optimizer }.sorted { $0.key < $1.key }
        let isSingle = optimizers.count == 1
        let configurations = optimizers.map { name, runs in
            (name: name, groups: Dictionary(grouping: runs) { $0.run.plan.groupID }.sorted { $0.key < $1.key })
        }
        let isChoice = configurations.contains { $0.groups.count > 1 }
        let all = Set(runs.map(\.run.plan.seed))
        let choosing: Set<Int64>
        switch seeds {
        case .standard: choosing = Self.standardSeeds(stored: stored, among: all)
        case .named(let seeds): choosing = seeds
        case .same: choosing = []
        }
        // Halving has chosen on all seeds: none of them is left that did not.
        let isSplit = isChoice && !isHalving && !choosing.isDisjoint(with: all) && !choosing.isSuperset(of: all)
        choosingSeeds = isSplit ? choosing.intersection(all) : []
        let score = { (runs: [MeasuredRun]) in ConfigurationChoice.Score(runs.map(\.outcome), measure) }
        let part = { [choosingSeeds] (runs: [MeasuredRun], isChoosing: Bool) in
            runs.filter { choosingSeeds.contains($0.run.plan.seed) == isChoosing }
                .sorted { ($0.run.plan.seed, $0.run.id) < ($1.run.plan.seed, $1.run.id) }
        }
        let ranked = configurations.map { name, groups in
            (
                name: name,
                // A configuration with none but choosing seeds, such as a single fork, has nothing to be compared by.
                groups: groups.filter { !part($0.value, false).isEmpty }.map { id, runs in
                    (id: id, runs: runs, score: score(isSplit ? part(runs, true) : runs))
                }.sorted { ($0.score, $0.id) < ($1.score, $1.id) }
            )
        }
        let kind: Kind =
            isHalving ? .byHalving : isSplit ? .onOtherSeeds : seeds == .same ? .onTheSameSeeds : .onTooFewSeeds
        let arms = ranked.flatMap { name, groups -> [Chosen] in
            let ids = groups.map(\.id)
            return (isSingle ? groups : Array(groups.prefix(1))).map { group in
                Chosen(
                    groupID: group.id, optimizer: name, candidates: isSingle ? [group.id] : ids,
                    kind: isSingle || groups.count == 1 ? .onlyOne : kind, compared: part(group.runs, false),
                    choosing: part(group.runs, true))
            }
        }
        self.arms =
            isSingle
            ? arms
            : arms.map { ($0, score($0.compared)) }
                .sorted { ($0.1, $0.0.optimizer, $0.0.groupID) < ($1.1, $1.0.optimizer, $1.0.groupID) }.map(\.0)
    }

    /// The stored seeds that there are, else the first quarter of all; none of too few.
    static func standardSeeds(stored: Set<Int64>?, among all: Set<Int64>) -> Set<Int64> {
        let known = stored?.intersection(all) ?? []
        return known.isEmpty ? ConfigurationChoice.choosingSeeds(of: all) ?? [] : known
    }
}
