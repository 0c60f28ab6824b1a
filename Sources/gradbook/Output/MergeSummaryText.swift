import TextFormats
import Tracking

extension MergeSummary {
    /// What came, for a person: only what is more than nothing, and where the two notebooks still differ.
    func text(isDryRun: Bool) -> String {
        let start = changedSomething ? (isDryRun ? "would bring " : "") + counts(isDryRun: isDryRun) : "nothing new"
        return ([start] + remarks).joined(separator: "; ")
    }

    private func counts(isDryRun: Bool) -> String {
        let runs = Self.runs.filter { self[$0.kind] > 0 }.enumerated().map { index, part in
            let number = index == 0 ? self[part.kind].counted("run") : "\(self[part.kind])"
            return isDryRun && part.kind == .runsAdded ? number : "\(number) \(part.word)"
        }
        let others = Self.others.filter { self[$0.kind] > 0 }.map { part in
            self[part.kind].counted(part.noun, plural: part.plural) + part.word
        }
        return [runs, others].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }.joined(separator: "; ")
    }

    private static let runs: [(kind: Kind, word: String)] = [
        (.runsAdded, "added"), (.runsCompleted, "completed"), (.runsContinued, "continued"),
        (.runsUnchanged, "unchanged"),
    ]

    private static let others: [(kind: Kind, noun: String, plural: String?, word: String)] = [
        (.steps, "step", nil, ""), (.sweeps, "sweep", nil, ""), (.sweepsUpdated, "sweep", nil, " updated"),
        (.experiments, "experiment", nil, ""), (.datasets, "data set", nil, ""),
        (.datasetsCompleted, "data set", nil, " completed"), (.models, "model", nil, ""), (.tags, "tag", nil, ""),
        (.notes, "note", nil, ""), (.names, "name", nil, ""), (.parents, "parent of a fork", "parents of forks", ""),
        (.verdicts, "verdict", nil, ""), (.rungs, "rung", nil, ""), (.jobs, "Slurm job", nil, ""),
        (.events, "event", nil, ""),
    ]
}
