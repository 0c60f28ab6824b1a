import TextFormats
import Tracking

/// What was planned and what became of it.
struct CompletenessSection {
    let data: ReportData

    var blocks: [Document.Block] {
        var table = Document.Table([("optimizer", .left)] + Completeness.names.map { (Prose(words: $0), .right) })
        for count in Completeness.all(data) {
            table.append(["\(count.optimizer)"] + count.values.map { "\($0)" })
        }
        let warnings = warnings
        return [.heading(level: 2, "Completeness")] + (warnings.isEmpty ? [] : [.alert(.warning, warnings)]) + [
            .table(table),
            .paragraph(
                """
                \(em: "Interrupted") runs lost their process, \(em: "missing") ones are queued or still running. \
                \(em: "Duplicates") repeat another run's whole configuration, seed included. \(em: "Distinct trajectories") \
                counts the different SHA-256 sums of all steps (\(code: "data/runs.csv")) of the runs that are done or diverged.
                """),
        ]
    }

    private var warnings: [Prose] {
        let missing = data.optimizers.compactMap { name, runs -> Prose? in
            let seeds = Set(runs.filter { !$0.hasResult }.map(\.seed)).sorted().map(String.init)
            let count = runs.count { !$0.hasResult }
            return count == 0
                ? nil : "\(name): \(count) (seeds \(seeds.joined(separator: ", ")))"
        }
        let duplicates = Completeness.duplicateCount(data.runs)
        var sentences: [Prose] = []
        if !missing.isEmpty {
            sentences.append(
                "Of \(data.runs.count.counted("planned run")), these have no result: \(missing.joined(separator: "; ")). They rank behind every other run below."
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
