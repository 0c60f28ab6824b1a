import Learning
package import TextFormats
package import Tracking

/// What is stored of a sweep's plan, compared with what its search space gives when it is laid out again.
///
/// Not compared: its name, times and notes, and the ranking of a halving sweep's rungs.
package struct SweepVerification: Sendable {
    /// A column of `sweeps` that is not what the plan has.
    package struct Difference: Sendable, Equatable {
        package let column: String
        /// The beginning of a sentence, without the sweep's name.
        package let description: String
    }

    package let differences: [Difference]
    /// Why the plan could not be laid out again; nil if it could.
    package let obstacle: MessageText?

    /// `runs` are those of the sweep that have a row, all of them or some; the data are those of the notebook, where `store`
    /// still has all their samples.
    package init(_ sweep: Sweep, runs: [Run], in store: Store) throws {
        let plan = sweep.plan
        guard let space = try? SearchSpace(json: plan.searchSpace) else {
            differences = [Difference(column: "search_space", description: "its search space cannot be read")]
            obstacle = nil
            return
        }
        var found = [
            Self.difference("sampler", plan.sampler, space.search.method.rawValue),
            Self.difference("sweep_seed", "\(plan.seed)", "\(space.search.seed)"),
            Self.difference("target", plan.target ?? "none", space.target ?? "none"),
        ]
        if let choosing = plan.choosingSeeds, !choosing.isSubset(of: space.seeds) {
            found.append(
                Difference(column: "choosing_seeds", description: "it has not all of the seeds that are said to choose")
            )
        }
        do {
            let again = try SweepPlanner.plan(space, on: try? RecordedFiles(ofSweep: sweep.id, in: store))
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
        if stored == planned { return nil }
        return Difference(
            column: column,
            description: "its \(column) is stored as '\(stored)', but its search space gives '\(planned)'")
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
            column: "search_space",
            description:
                "its search space does not give the configurations of \(strangers.count.counted("run")), the first of "
                + "which is run \(first.id)")
    }
}
