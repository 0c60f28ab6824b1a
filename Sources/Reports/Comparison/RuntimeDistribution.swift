import Statistics
import Tracking

/// How many of 51 targets the runs of an arm reached within how many steps.
struct RuntimeDistribution: Sendable {
    private let hits: [[Int]]
    private let budget: Int

    /// Of the runs with a result; failures reach nothing.
    init(_ arm: Arm) {
        hits = arm.runs.filter(\.hasResult).map { $0.hasValue ? $0.hits.steps : [] }
        budget = arm.runs.map { $0.run.plan.steps }.max() ?? 1
    }

    /// The fraction of runs that reached the target with this index within `budget` steps.
    func fraction(target: Int, budget: Int) -> Double {
        hits.isEmpty ? 0 : Double(hits.count { target < $0.count && $0[target] <= budget }) / Double(hits.count)
    }

    /// The mean fraction of all targets over log10 of the steps, from 1 to the budget.
    var area: Double {
        guard !hits.isEmpty else { return 0 }
        let pairs = Double(hits.count * TargetHits.targets.count)
        guard budget > 1 else { return Double(hits.joined().count { $0 <= 1 }) / pairs }
        let width = Log10.of(Double(budget))
        return hits.joined().reduce(0) { $0 + (width - Log10.of(Double(max(1, $1)))) / width } / pairs
    }

    /// The fraction of all targets over log10 of the steps, as the corners of a stair.
    var curve: [(decades: Double, fraction: Double)] {
        let pairs = Double(max(1, hits.count) * TargetHits.targets.count)
        var corners: [(decades: Double, fraction: Double)] = [(0, 0)]
        var reached = 0
        for step in hits.joined().sorted() {
            let place = Log10.of(Double(max(1, step)))
            let before = Double(reached) / pairs
            reached += 1
            if let last = corners.last, last.decades == place {
                corners[corners.count - 1].fraction = Double(reached) / pairs
            } else {
                corners += [(place, before), (place, Double(reached) / pairs)]
            }
        }
        return corners + [(Log10.of(Double(max(1, budget))), Double(reached) / pairs)]
    }
}
