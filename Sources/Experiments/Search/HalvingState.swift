import Tracking

/// How far a halving sweep has come: the rungs that are ranked, and the runs of the one that is not.
struct HalvingState {
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
