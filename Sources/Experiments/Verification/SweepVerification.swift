import Learning
package import TextFormats
package import Tracking

/// What is stored of a sweep's plan, compared with what its search space gives when it is laid out again.
///
/// Not compared: its name, times and notes, and the ranking of a halving sweep's rungs.
package struct SweepVerification: Sendable {
    /// A column of `sweeps`.
    package struct Difference: Sendable, Equatable {
        package let column: String
        package let stored: String
        package let planned: String
    }

    package let differences: [Difference]
    /// Why the plan could not be laid out again; nil if it could.
    package let obstacle: MessageText?

    /// `runs` are those of the sweep that have a row, all of them or some.
    package init(_ sweep: Sweep, runs: [Run]) throws {
        let plan = sweep.plan
        guard let space = try? SearchSpace(json: plan.searchSpace) else {
            differences = [Difference(column: "search_space", stored: plan.searchSpace, planned: "a search space")]
            obstacle = nil
            return
        }
        var found = [
            Self.difference("sampler", plan.sampler, space.search.method.rawValue),
            Self.difference("sweep_seed", "\(plan.seed)", "\(space.search.seed)"),
            Self.difference("target", plan.target ?? "none", space.target ?? "none"),
        ]
        if let choosing = plan.choosingSeeds, !choosing.isSubset(of: space.seeds) {
            let list = choosing.sorted().map { "\($0)" }.joined(separator: ",")
            found.append(Difference(column: "choosing_seeds", stored: list, planned: "some of the sweep's seeds"))
        }
        do {
            let again = try SweepPlanner.plan(space)
            found.append(
                Self.difference("budget_steps", Self.text(plan.budgetSteps), Self.text(again.budgetSteps)))
            found.append(try Self.strangers(among: runs, to: again))
            obstacle = nil
        } catch let error as any MessageError {
            obstacle = error.message
        }
        differences = found.compactMap { $0 }
    }

    private static func difference(_ column: String, _ stored: String, _ planned: String) -> Difference? {
        stored == planned ? nil : Difference(column: column, stored: stored, planned: planned)
    }

    private static func text(_ steps: Int?) -> String { steps.map { "\($0)" } ?? "none" }

    /// Runs with a configuration that the search space does not have; of halving, whose later rungs have other numbers of
    /// steps, the plan says too little.
    private static func strangers(among runs: [Run], to plan: SweepPlanner.Plan) throws -> Difference? {
        guard plan.space.search.method != .halving else { return nil }
        let hashes = Set(try plan.runs.map { ContentHash.sha256(of: try $0.configuration.canonicalJSON()) })
        let strangers = runs.filter { !hashes.contains($0.plan.configHash) }
        guard let first = strangers.first else { return nil }
        return Difference(
            column: "search_space", stored: "not the configuration of run \(first.id), and \(strangers.count) in all",
            planned: "the configurations of all runs")
    }
}
