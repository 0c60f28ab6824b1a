import TextFormats
import Tracking

/// What was found, in a few sentences that claim nothing beyond what was tested.
struct SummarySection {
    let data: ReportData
    let comparison: Comparison
    let claims: Claims
    let checks: [FairnessCheck]
    let options: ReportOptions

    /// So many claims are read; all of them stand in `data/claims.csv`.
    private static let shownCount = 8

    var blocks: [Document.Block] {
        let seeds = Set(data.runs.map(\.seed)).count
        let ended = data.runs.count { $0.isDone }
        let diverged = data.runs.count { $0.run.state == .diverged }
        let steps = data.runs.reduce(0) { $0 + $1.stepCount }
        return [
            .heading(level: 1, Prose(text: data.title)),
            .paragraph(
                """
                \(data.groups.count.counted("configuration")) on \(seeds.counted("seed")): \
                \(data.runs.count.counted("planned run")), \(ended) done, \(diverged) diverged; \
                \(steps.counted("recorded step")).
                """),
        ] + provenance + [.heading(level: 2, "Verdict")] + doubts + [.list(verdict)]
    }

    /// What a reader must know before any number.
    private var doubts: [Document.Block] {
        let failed = checks.filter { !$0.passes }
        guard !failed.isEmpty, comparison.arms.count > 1 else { return [] }
        return [
            .alert(
                .caution, ["Not met of the conditions of a fair comparison:"],
                list: failed.map { "\(words: $0.name): \($0.finding)" })
        ]
    }

    /// Found differences first, then how each arm did, then what is undecided.
    private var verdict: [Prose] {
        let decided = zip(comparison.pairs, claims.pairs).filter { $0.0.winner != nil || $0.0.verdict == .tie }.map(\.1)
        let open = zip(comparison.pairs, claims.pairs).filter { $0.0.winner == nil && $0.0.verdict != .tie }.map(\.1)
        // Where arms are many, what tells them apart comes before what each did.
        let arms = claims.arms.prefix(max(3, Self.shownCount - decided.count - open.count))
        let ordered = decided.prefix(Self.shownCount - min(arms.count, 3)) + arms + open
        let shown = ordered.prefix(Self.shownCount)
        var lines = shown.map { Prose(text: $0.sentence) }
        if comparison.arms.count > 1, comparison.pairs.allSatisfy({ $0.winner == nil }) {
            lines.insert("\(strong: "No winner is claimed:") no difference is more than chance may be.", at: 0)
        }
        let hidden = claims.all.count - shown.count
        if hidden > 0 { lines.append("\(hidden.counted("further claim")): \(code: "data/claims.csv").") }
        return lines
    }

    private var provenance: [Document.Block] {
        guard !options.isReproducible, let last = data.runs.compactMap(\.run.finishedAt).max() else { return [] }
        let versions = Set(data.runs.map(\.run.version)).sorted().joined(separator: ", ")
        return [.paragraph("Made by gradbook \(versions); the last run ended at \(words: last).")]
    }
}
