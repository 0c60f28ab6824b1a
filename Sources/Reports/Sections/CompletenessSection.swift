import Tracking

/// What was planned and what became of it.
struct CompletenessSection {
    let data: ReportData

    var text: String {
        var table = MarkdownTable([
            ("optimizer", .left), ("planned", .right), ("done", .right), ("diverged", .right), ("failed", .right),
            ("pruned or cancelled", .right), ("interrupted", .right), ("missing", .right), ("duplicates", .right),
            ("distinct trajectories", .right),
        ])
        for (name, runs) in data.optimizers {
            let count = { (states: Set<RunState>) in runs.count { states.contains($0.run.state) } }
            let interrupted = runs.count { $0.isInterrupted }
            let counts = [
                runs.count, count([.done]), count([.diverged]), count([.failed]), count([.pruned, .cancelled]),
                interrupted, count([.queued, .running]) - interrupted, Self.duplicateCount(runs),
                runs.distinctTrajectoryCount,
            ]
            table.append([MarkdownText.escaped(name)] + counts.map(String.init))
        }
        return """
            ## Completeness

            \(warning)\(table.text)
            *Interrupted* runs lost their process, *missing* ones are queued or still running. *Duplicates* repeat another \
            run's whole configuration, seed included. *Distinct trajectories* counts the different SHA-256 sums of all \
            steps (`data/runs.csv`) of the runs that are done or diverged.


            """
    }

    private var warning: String {
        let missing = data.optimizers.compactMap { name, runs -> String? in
            let seeds = Set(runs.filter { !$0.hasResult }.map(\.seed)).sorted().map(String.init)
            let count = runs.count { !$0.hasResult }
            return count == 0
                ? nil : "\(MarkdownText.escaped(name)): \(count) (seeds \(seeds.joined(separator: ", ")))"
        }
        let duplicates = Self.duplicateCount(data.runs)
        var sentences: [String] = []
        if !missing.isEmpty {
            sentences.append(
                "Of \(MarkdownText.count(data.runs.count, "planned run")), these have no result: "
                    + "\(missing.joined(separator: "; ")). They rank behind every other run below.")
        }
        if duplicates > 0 {
            sentences.append(
                "\(MarkdownText.count(duplicates, "run")) with the configuration and seed of another one: counted as "
                    + "replicates, they make every spread look too small.")
        }
        guard !sentences.isEmpty else { return "" }
        return (["> [!WARNING]"] + sentences.map { "> \($0)" }).joined(separator: "\n") + "\n\n"
    }

    private static func duplicateCount(_ runs: [ReportedRun]) -> Int {
        runs.count - Set(runs.map(\.run.plan.configHash)).count
    }
}
