import Statistics
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
        let steps = data.runs.reduce(0) { $0 + $1.stepCount }
        return [
            .heading(level: 1, Prose(text: data.title)),
            .paragraph(
                """
                \(data.triedCount(data.runs).counted("configuration")) on \(seeds.counted("seed")): \
                \(data.runs.count.counted("planned run")), \(words: outcomes); \(steps.counted("recorded step")).
                """),
        ] + provenance + NotesSection(notes: data.notes, isReproducible: options.isReproducible).blocks + withoutFiles
            + [.heading(level: 2, "Verdict")] + doubts + [.list(verdict)]
    }

    /// What became of the runs.
    private var outcomes: String {
        let count = { (condition: (ReportedRun) -> Bool) in data.runs.count(where: condition) }
        let (unstable, failed) = (count(\.isUnstable), count { $0.run.state == .failed })
        let (open, lower) = (count { !$0.hasResult && !$0.isUnpromoted }, count(\.isUnpromoted))
        return [
            "\(count(\.isDone)) done", "\(count { $0.run.state == .diverged }) diverged",
            failed > 0 ? "\(failed) failed" : nil,
            unstable > 0
                ? "\(unstable) unstable: \(unstable == 1 ? "it" : "they") ended higher than \(unstable == 1 ? "it" : "they") began"
                : "0 unstable",
            lower > 0 ? "\(lower) in rungs below the last one, which count as no result" : nil,
            open > 0 ? "\(open) without a result" : nil,
        ].compactMap(\.self).joined(separator: ", ")
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
        let decided = zip(comparison.pairs, claims.pairs).filter { $0.0.winner != nil || $0.0.verdict == .tied }.map(
            \.1)
        let open = zip(comparison.pairs, claims.pairs).filter { $0.0.winner == nil && $0.0.verdict != .tied }.map(\.1)
        // Where arms are many, what tells them apart comes before what each did.
        let arms = claims.arms.prefix(max(3, Self.shownCount - decided.count - open.count))
        let ordered = decided.prefix(Self.shownCount - min(arms.count, 3)) + arms + open
        let shown = ordered.prefix(Self.shownCount)
        var lines = shown.map { Prose(text: $0.sentence) }
        lines.insert(contentsOf: noWinner, at: 0)
        let hidden = claims.all.count - shown.count
        if hidden > 0 { lines.append("\(hidden.counted("further claim")): \(code: "data/claims.csv").") }
        return lines
    }

    /// Why nothing is better, one sentence for each cause, if nothing is.
    private var noWinner: [Prose] {
        let pairs = comparison.pairs
        guard !pairs.isEmpty, pairs.allSatisfy({ $0.winner == nil }) else { return [] }
        var causes: [String] = []
        for pair in pairs {
            let cause = pair.absence(isOnly: pairs.count == 1)
            if !causes.contains(cause) { causes.append(cause) }
        }
        guard causes.count > 1 else { return ["\(strong: "No winner is claimed:") \(text: causes[0])."] }
        return causes.map { cause in
            let count = pairs.count { $0.absence(isOnly: false) == cause }
            return "\(strong: "No winner is claimed") for \(count.counted("pair")): \(text: cause)."
        }
    }

    /// What a reader must know who looks for a file that the text names.
    private var withoutFiles: [Document.Block] {
        guard !options.formats.contains(.csv) else { return [] }
        return [
            .paragraph("This report was written without its CSV files, to which names under \(code: "data/") refer.")
        ]
    }

    private var provenance: [Document.Block] {
        guard !options.isReproducible, let last = data.runs.compactMap(\.run.finishedAt).max() else { return [] }
        let versions = Set(data.runs.map(\.run.version)).sorted().joined(separator: ", ")
        return [.paragraph("Made by gradbook \(versions); the last run ended at \(last).")]
    }
}

extension ReportedPair {
    /// Why neither is better, without naming the two.
    fileprivate func absence(isOnly: Bool) -> String {
        switch obstacle {
        case .otherProblem: return "data, model, loss or number type differ"
        case .budgets: return "the numbers of steps differ, and the loss over all data is known after the last one only"
        case .evaluations: return "one optimizer computes the loss several times a step"
        case .targetAtFloor: return "the target is below two noise floors, where luck decides who holds it"
        case nil: break
        }
        switch verdict {
        case .firstIsBetter, .secondIsBetter: return "one is better"
        case .tied: return "the difference is too small to matter: the whole interval lies where it does not"
        case .undecided(let cause):
            switch cause {
            case .noResults: return "an arm has no result yet"
            case .deterministic: return "the seed has no effect, so there is one comparison and no sample"
            case .nothingTellsThemApart: return "on every seed both fail or both are equal"
            case .tooFewSeeds:
                let p = NumberText.rounded(min(1, (result.smallestP ?? 1) * Double(result.familySize)), digits: 2)
                let among = result.familySize > 1 ? " among \(result.familySize) pairs" : ""
                let seeds = result.pairCount > 0 ? result.usedCount.counted("seed") : "so few runs"
                let fewest = result.fewestSeeds
                let inAll = ConfigurationChoice.seedsInAll(comparing: fewest)
                return "\(seeds) can at best give p = \(p)\(among); the fewest that can decide are \(fewest)"
                    + (choosesSeeds ? ", which takes \(inAll) with those that choose" : "")
            case .chosenOnTheSameSeeds:
                return "differences are beyond chance, but configurations were chosen on the same seeds (optimistic); "
                    + "from \(ConfigurationChoice.smallestSplit) seeds on some of them choose"
            case .tooSmallToMatter: return "the difference is beyond chance, but too small to matter"
            case .notBeyondChance, .notBeyondChanceAmongAll: return "no difference is more than chance may be"
            }
        }
    }
}
