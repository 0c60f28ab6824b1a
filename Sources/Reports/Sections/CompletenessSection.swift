import Tracking

/// What was planned and what became of it.
struct CompletenessSection {
    let data: ReportData

    var text: String {
        var table = MarkdownTable([
            ("optimizer", .left), ("planned", .right), ("done", .right), ("diverged", .right), ("failed", .right),
            ("missing", .right), ("distinct trajectories", .right),
        ])
        for (name, runs) in data.optimizers {
            let count = { (state: RunState) in runs.count { $0.run.state == state } }
            let ended = count(.done) + count(.diverged) + count(.failed)
            table.append(
                [MarkdownText.escaped(name)]
                    + [
                        runs.count, count(.done), count(.diverged), count(.failed), runs.count - ended,
                        Set(runs.map(\.trajectoryHash).filter { !$0.isEmpty }).count,
                    ].map(String.init))
        }
        return "## Completeness\n\n\(warning)\(table.text)\n"
    }

    /// Runs that are neither done nor diverged, by seed.
    private var warning: String {
        let missing = data.runs.filter { $0.run.state != .done && $0.run.state != .diverged }
        guard !missing.isEmpty else { return "" }
        let seeds = Set(missing.map(\.seed)).sorted().map(String.init).joined(separator: ", ")
        return """
            > [!WARNING]
            > \(missing.count) of \(data.runs.count) planned runs have no result (seeds \(seeds)). They rank behind every \
            other run below.


            """
    }
}
