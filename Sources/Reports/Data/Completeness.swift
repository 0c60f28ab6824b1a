import Tracking

/// What was planned for one optimizer, and what became of it.
struct Completeness: Sendable, Equatable {
    static let names = [
        "planned", "done", "diverged", "failed", "pruned or cancelled", "interrupted", "missing", "duplicates",
        "distinct trajectories",
    ]

    let optimizer: String
    /// One per name.
    let values: [Int]

    static func all(_ data: ReportData) -> [Completeness] {
        data.optimizers.map { name, runs in
            let count = { (states: Set<RunState>) in runs.count { states.contains($0.run.state) } }
            let interrupted = runs.count { $0.isInterrupted }
            return Completeness(
                optimizer: name,
                values: [
                    runs.count, count([.done]), count([.diverged]), count([.failed]), count([.pruned, .cancelled]),
                    interrupted, count([.queued, .running]) - interrupted, duplicateCount(runs),
                    runs.distinctTrajectoryCount,
                ])
        }
    }

    /// How many runs repeat another one's whole configuration, seed included.
    static func duplicateCount(_ runs: [ReportedRun]) -> Int {
        runs.count - Set(runs.map(\.run.plan.configHash)).count
    }
}
