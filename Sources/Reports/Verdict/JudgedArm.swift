import Statistics
import TextFormats
import Tracking

/// One side of a comparison: the runs of one configuration.
struct JudgedArm: Sendable {
    /// How the configuration came to be the one that is compared.
    struct Choice: Sendable {
        /// The settings that tell it from the others, such as "lr 0.1, momentum 0.9".
        let settings: String
        let candidateCount: Int
        let kind: ArmChoice.Kind
        /// The seeds that chose; empty where none did alone.
        let seeds: [Int64]
        /// Whether it is the best of several optimizers, which the seeds that compare have ranked.
        let isRanked: Bool
    }

    /// As it was named.
    let name: String
    /// What is compared, in the order of seeds.
    let runs: [Run]
    /// Nil where there was one configuration.
    let choice: Choice?
    /// Whether halving promoted it on the seeds that are compared.
    let isPromoted: Bool

    /// Whether nothing may be called better because of how it was chosen.
    var isOptimistic: Bool { choice.map { $0.kind == .onTooFewSeeds || $0.isRanked } ?? false || isPromoted }

    var groupIDs: Set<String> { Set(runs.map(\.plan.groupID)) }

    /// What a reader has to know of the choice; nil where there was none.
    var note: String? {
        guard let choice else {
            return isPromoted ? "\(name) was promoted by halving on the same seeds (optimistic)" : nil
        }
        let how =
            switch choice.kind {
            case .onlyOne where choice.isRanked, .onOtherSeeds where choice.isRanked:
                "of several optimizers, ranked on the same seeds (optimistic)"
            case .onlyOne, .onOtherSeeds:
                "chosen on the \(choice.seeds.count == 1 ? "seed" : "seeds") "
                    + "\(choice.seeds.map { String($0) }.joined(separator: ", ")) and compared on the others"
            case .onTheSameSeeds: "chosen on the same seeds (optimistic)"
            case .byHalving: "chosen by halving on the same seeds (optimistic)"
            case .onTooFewSeeds:
                "chosen on the same seeds, which are fewer than \(ConfigurationChoice.smallestSplit) (optimistic)"
            }
        return "\(name) is at \(choice.settings), of \(choice.candidateCount.counted("configuration")) \(how)"
    }
}

extension JudgedArm {
    /// Chooses the configuration of an arm that has several, by what is compared.
    init(
        _ reference: ArmReference, seeds: TuningSeeds, _ reader: inout MeasureReader,
        measure: (_ runs: [Run], _ reader: inout MeasureReader) throws -> (runs: [JudgedRun], measure: Measure)
    ) throws {
        name = reference.text
        let inLastRung = reference.runs.filter { reference.sweep?.isUnpromoted($0) != true }
        let candidates = inLastRung.isEmpty ? reference.runs : inLastRung
        isPromoted = Self.isPromoted(candidates, among: reference.runs)
        var known: Set<String> = []
        let ids = candidates.map(\.plan.groupID).filter { known.insert($0).inserted }
        guard ids.count > 1 else {
            runs = candidates.sorted { ($0.plan.seed, $0.id) < ($1.plan.seed, $1.id) }
            choice = nil
            return
        }
        guard let sweep = reference.sweep else {
            throw ReportError(
                .badArm, "'\(name)' are runs of \(ids.count) configurations", advice: "name runs of one, or a sweep")
        }
        let all = Set(candidates.map(\.plan.seed))
        // Halving has chosen on all seeds.
        let choosing = sweep.isHalving ? [] : try Self.choosingSeeds(seeds, of: sweep, all, name: name)
        let isSplit = !choosing.isEmpty && !choosing.isSuperset(of: all)
        let kind: ArmChoice.Kind =
            isPromoted ? .byHalving : isSplit ? .onOtherSeeds : seeds == .same ? .onTheSameSeeds : .onTooFewSeeds
        let (measured, measure) = try measure(
            candidates.filter { !isSplit || choosing.contains($0.plan.seed) }, &reader)
        let outcomes = Dictionary(grouping: measured) { $0.run.plan.groupID }
        let scores = ids.map { ConfigurationChoice.Score((outcomes[$0] ?? []).map(\.outcome), measure) }
        // Of equal ones the same as in a report.
        let best = scores.indices.min { (scores[$0], ids[$0]) < (scores[$1], ids[$1]) }
        let chosen = ids[best ?? 0]
        runs = candidates.filter {
            $0.plan.groupID == chosen && !(isSplit && choosing.contains($0.plan.seed))
        }.sorted { ($0.plan.seed, $0.id) < ($1.plan.seed, $1.id) }
        choice = Choice(
            settings: Self.settings(of: chosen, among: candidates),
            candidateCount: Self.triedCount(candidates, of: sweep),
            kind: kind, seeds: isSplit ? choosing.sorted() : [], isRanked: false)
    }

    /// The best of a sweep by the rule that also orders its report, whatever is asked of it.
    init(bestOf reference: ArmReference, _ sweep: Sweep, seeds: TuningSeeds, in store: Store) throws {
        name = reference.text
        let best = try BestConfiguration(
            ofSweep: sweep.plan.name, choosingOn: seeds, among: Set(reference.runs.map(\.id)), in: store)
        runs = best.runs
        guard best.configurationCount > 1 else {
            (isPromoted, choice) = (false, nil)
            return
        }
        isPromoted = sweep.isHalving
        let kind: ArmChoice.Kind
        if sweep.isHalving {
            kind = .byHalving
        } else if best.kind == .onlyOne, !best.isRanked {
            // Of one optimizer a report shows every configuration, in the order on the choosing seeds.
            kind =
                !best.choosingSeeds.isEmpty ? .onOtherSeeds : seeds == .same ? .onTheSameSeeds : .onTooFewSeeds
        } else {
            kind = best.kind
        }
        choice = Choice(
            settings: best.settings, candidateCount: best.configurationCount, kind: kind, seeds: best.choosingSeeds,
            isRanked: best.isRanked)
    }

    /// One that halving trained in several rungs counts once.
    private static func triedCount(_ runs: [Run], of sweep: Sweep) -> Int {
        let configurations = Dictionary(runs.map { ($0.plan.groupID, $0.plan.config) }) { first, _ in first }.values
        return sweep.triedCount(configurations.map { ConfigurationFields(json: $0, without: "seed") })
    }

    private static func choosingSeeds(
        _ seeds: TuningSeeds, of sweep: Sweep, _ all: Set<Int64>, name: String
    ) throws -> Set<Int64> {
        switch seeds {
        case .same: return []
        case .standard: return ArmChoice.standardSeeds(stored: sweep.plan.choosingSeeds, among: all)
        case .named(let named):
            guard !named.isSuperset(of: all) else { throw ReportError(noSeedIsLeftOf: name) }
            let missing = named.subtracting(all).sorted()
            guard let first = missing.first else { return named }
            throw ReportError(seed: first, isNotOf: name, with: all)
        }
    }

    private static func isPromoted(_ candidates: [Run], among all: [Run]) -> Bool {
        guard candidates.count < all.count, let shortest = all.map(\.plan.steps).min() else { return false }
        return Set(all.filter { $0.plan.steps == shortest }.map(\.plan.groupID)).count > 1
    }

    private static func settings(of id: String, among runs: [Run]) -> String {
        let configurations = Dictionary(runs.map { ($0.plan.groupID, $0.plan.config) }) { first, _ in first }
            .mapValues { ConfigurationFields(json: $0, without: "seed") }
        return configurations[id].map(FieldComparison(of: Array(configurations.values)).label) ?? id
    }
}

extension TuningSeeds {
    /// Refuses seeds that no run has.
    func mustExist(in references: [ArmReference]) throws {
        guard case .named(let named) = self else { return }
        let all = Set(references.flatMap(\.runs).map(\.plan.seed))
        guard let first = named.subtracting(all).min() else { return }
        throw ReportError(seed: first, isNotOf: references[0].text, with: all)
    }
}

extension ReportError {
    fileprivate init(seed: Int64, isNotOf arm: String, with seeds: Set<Int64>) {
        let known = seeds.sorted().prefix(8).map { String($0) }.joined(separator: ", ")
        self.init(
            .badArm, "no run of '\(arm)' has the seed \(seed)",
            advice: "there are \(known)\(seeds.count > 8 ? ", ..." : "")")
    }
}
