import TextFormats
import Tracking

/// What was planned and what became of it.
struct CompletenessSection {
    static let title = "Completeness"

    let data: ReportData

    var blocks: [Document.Block] {
        var table = Document.Table([("optimizer", .left)] + Completeness.names.map { (Prose(words: $0), .right) })
        for count in Completeness.all(data) {
            table.append(["\(count.optimizer)"] + count.values.map { "\($0)" })
        }
        let warnings = warnings
        return [.heading(level: 2, Prose(words: Self.title))] + (warnings.isEmpty ? [] : [.alert(.warning, warnings)])
            + [
                .table(table),
                .paragraph(
                    """
                    \(em: "Unstable") runs are done, but the median loss of their last tenth is above twice the larger of their initial \
                    loss and that of the best constant answer: they count as failures. \(em: "Not promoted") runs are of a lower rung of \
                    a halving sweep. \(em: "Interrupted") runs lost their process, \(em: "missing") ones are queued or still running. \
                    \(em: "Duplicates") repeat another run's whole configuration, seed included. \(em: "Distinct trajectories") \
                    counts the different SHA-256 sums of all steps (\(code: "data/runs.csv")) of the runs that are done or diverged.
                    """),
            ]
    }

    private var warnings: [Prose] {
        let missing = data.optimizers.compactMap { name, runs -> Prose? in
            let open = runs.filter { !$0.hasResult && !$0.isUnpromoted }
            let seeds = Set(open.map(\.seed)).sorted().map(String.init)
            let count = open.count
            return count == 0
                ? nil : "\(name): \(count) (seeds \(seeds.joined(separator: ", ")))"
        }
        let duplicates = Completeness.duplicateCount(data.runs)
        var sentences: [Prose] = []
        if !missing.isEmpty {
            sentences.append(
                "Of \(data.runs.count.counted("planned run")), these have no result: \(missing.joined(separator: "; ")). They are in no test and in no rate below."
            )
        }
        if duplicates > 0 {
            sentences.append(
                """
                \(duplicates.counted("run")) with the configuration and seed of another one: counted as replicates, they make \
                every spread look too small.
                """)
        }
        if data.absentRunCount > 0 {
            sentences.append(
                """
                The sweep's plan has \(data.absentRunCount.counted("run")) more than the notebook shows: deleted, or never \
                merged. Nothing below counts them.
                """)
        }
        return sentences
    }
}

/// What was planned for one optimizer, and what became of it.
struct Completeness: Sendable, Equatable {
    static let names = [
        "planned", "done", "diverged", "failed", "unstable", "not promoted", "pruned or cancelled", "interrupted",
        "missing", "duplicates",
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
                    runs.count, count([.done]), count([.diverged]), count([.failed]), runs.count { $0.isUnstable },
                    runs.count { $0.isUnpromoted }, count([.pruned, .cancelled]),
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
