import Tracking

/// The rungs of synchronous successive halving: all configurations train for a few steps, and of each rung one in so many
/// is promoted to the next, for so many times longer.
///
/// K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization" (2016). A rung
/// trains its configurations from their first step: what a shorter run computes is the beginning of what the longer one
/// computes, so a run stays a function of its configuration.
package struct Halving: Sendable, Equatable {
    /// How many configurations train, and for how many steps.
    package struct Rung: Sendable, Equatable {
        package let configurationCount: Int
        package let steps: Int
    }

    package let rungs: [Rung]

    /// The last rung trains for `steps`, each before it for a `factor`-th of the next; there are as many as configurations
    /// and steps allow.
    init(configurationCount: Int, steps: Int, factor: Int) {
        var counts = [configurationCount]
        var divisor = 1
        while let count = counts.last, count >= factor, steps / factor >= divisor {
            counts.append(count / factor)
            divisor *= factor
        }
        rungs = counts.map { count in
            defer { divisor /= factor }
            return Rung(configurationCount: count, steps: steps / divisor)
        }
    }
}

extension ExperimentRunner {
    /// A rung of a halving sweep with runs to train.
    package struct Rung: Sendable {
        /// Counted from 1.
        package let number: Int
        package let rungCount: Int
        package let configurationCount: Int
        package let runCount: Int
        package let steps: Int
    }

    /// The rung of a halving sweep that is to be trained now; nil when there is none left.
    ///
    /// When all runs of a rung have ended they are ranked, and the runs of the next rung are queued: in one transaction,
    /// and once, however many processes ask.
    package func nextRung(ofSweep id: Int64) throws -> Rung? {
        while let state = try HalvingState(ofSweep: id, in: store) {
            if let rung = state.openRung { return rung }
            let (rung, runs) = try state.conclusion()
            _ = try store.sweeps.addRung(rung, next: runs, toSweep: id, provenance: origin)
        }
        return nil
    }
}

/// How far a halving sweep has come: the rungs that are ranked, and the runs of the one that is not.
private struct HalvingState {
    private let rungs: [Halving.Rung]
    private let ranked: [StoredRung]
    /// Of the last rung that was queued.
    private let runs: [Run]

    /// Nil for a sweep that is not halving, that is closed, or whose last rung is ranked.
    init?(ofSweep id: Int64, in store: Store) throws {
        let sweep = try store.sweeps.find(id: id)
        guard sweep.plan.sampler == Search.Method.halving.rawValue, sweep.state == .open || sweep.state == .done,
            let steps = sweep.plan.budgetSteps
        else { return nil }
        let space = try SearchSpace(json: sweep.plan.searchSpace)
        ranked = try store.sweeps.rungs(ofSweep: id)
        // Each rung trains for longer than those before it; a deleted run has no part in any.
        let all = try store.runs.all(ofSweep: id)
        guard let longest = all.map(\.plan.steps).max(), longest > ranked.last?.steps ?? 0 else { return nil }
        runs = all.filter { $0.plan.steps == longest }
        rungs =
            try Halving(
                configurationCount: store.runs.shortestConfigurationCount(ofSweep: id), steps: steps,
                factor: space.search.factor ?? Search.usualFactor
            ).rungs
    }

    /// The last rung, while not all of its runs have ended.
    var openRung: ExperimentRunner.Rung? {
        guard let steps = runs.first?.plan.steps, runs.contains(where: { !$0.state.isFinal }) else { return nil }
        return ExperimentRunner.Rung(
            number: ranked.count + 1, rungCount: rungs.count, configurationCount: Set(runs.map(\.plan.groupID)).count,
            runCount: runs.count, steps: steps)
    }

    /// What the last rung came to, and the runs of the next one, none when there is no next one.
    func conclusion() throws -> (rung: StoredRung, nextRuns: [NewRun]) {
        let next = ranked.count + 1 < rungs.count ? rungs[ranked.count + 1] : nil
        let rung = StoredRung(number: ranked.count + 1, runs: runs, places: next?.configurationCount ?? 0)
        guard let next else { return (rung, []) }
        let survivors = Set(rung.results.filter(\.isPromoted).map(\.groupID))
        var builder = RunRowBuilder()
        let planned = try runs.filter { survivors.contains($0.plan.groupID) }.map { run in
            try builder.plannedRun(run.plan, lengthenedTo: next.steps)
        }
        return (rung, planned)
    }
}

extension StoredRung {
    /// Ranks the runs of a rung, of which the best `places` are promoted if they have a median.
    ///
    /// A pure function of the rung's stored runs, so any number of workers and any restart gives the same one. The best
    /// configuration comes first; of equal medians the one that was planned first.
    init(number: Int, runs: [Run], places: Int) {
        let replicates = Dictionary(grouping: runs, by: \.plan.groupID)
        let medians = runs.map(\.plan.groupID).withoutRepeats().map { id in
            (id: id, median: Self.median(of: replicates[id] ?? []))
        }
        let ranked = medians.enumerated().sorted { first, second in
            let (a, b) = (first.element.median ?? .infinity, second.element.median ?? .infinity)
            return a == b ? first.offset < second.offset : a < b
        }
        self.init(
            number: number, steps: runs.first?.plan.steps ?? 0, runs: runs.count,
            results: ranked.enumerated().map { place, candidate in
                let (id, median) = candidate.element
                return RungResult(groupID: id, median: median, isPromoted: place < places && median != nil)
            })
    }

    private static func median(of runs: [Run]) -> Double? {
        let losses = runs.map { $0.state == .done ? $0.finalLoss ?? .infinity : .infinity }.sorted()
        let middle = losses.count / 2
        let median = losses.count.isMultiple(of: 2) ? losses[middle - 1] / 2 + losses[middle] / 2 : losses[middle]
        return median.isFinite ? median : nil
    }
}
