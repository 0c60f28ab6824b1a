import TextFormats
import Tracking

/// What was planned and what became of it.
struct CompletenessSection {
    let data: ReportData

    var text: String {
        var table = MarkdownTable([("optimizer", .left)] + Completeness.names.map { ($0, .right) })
        for count in Completeness.all(data) {
            table.append([MarkdownText.escaped(count.optimizer)] + count.values.map(String.init))
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
        let duplicates = Completeness.duplicateCount(data.runs)
        var sentences: [String] = []
        if !missing.isEmpty {
            sentences.append(
                "Of \(data.runs.count.counted("planned run")), these have no result: "
                    + "\(missing.joined(separator: "; ")). They rank behind every other run below.")
        }
        if duplicates > 0 {
            sentences.append(
                "\(duplicates.counted("run")) with the configuration and seed of another one: counted as "
                    + "replicates, they make every spread look too small.")
        }
        if data.absentRunCount > 0 {
            sentences.append(
                "The sweep's plan has \(data.absentRunCount.counted("run")) more than the notebook shows: deleted, "
                    + "or never merged. Nothing below counts them.")
        }
        guard !sentences.isEmpty else { return "" }
        return (["> [!WARNING]"] + sentences.map { "> \($0)" }).joined(separator: "\n") + "\n\n"
    }
}
