/// What merging another notebook changed in this one, and where the two still differ.
package struct MergeSummary: Sendable, Equatable {
    /// What can be counted; the raw value is the name of a column.
    package enum Kind: String, Sendable, CaseIterable {
        /// Runs that this notebook did not know.
        case runsAdded = "runs_added"
        /// Runs of which the other notebook knew more: they were planned here and had ended there, or were given up here.
        case runsCompleted = "runs_completed"
        /// Runs that have not ended in either, and have more steps now.
        case runsContinued = "runs_continued"
        /// Runs that both have, with the same numbers.
        case runsUnchanged = "runs_unchanged"
        case steps = "steps_added"
        case sweeps = "sweeps_added"
        /// Sweeps that were known and ended, or have choosing seeds now.
        case sweepsUpdated = "sweeps_updated"
        case experiments = "experiments_added"
        case datasets = "datasets_added"
        /// Data sets that were known and have samples or minima now that they lacked.
        case datasetsCompleted = "datasets_completed"
        /// Models whose steps this notebook can keep now.
        case models = "models_added"
        case tags = "tags_added"
        case notes = "notes_added"
        /// Names of runs that had none here.
        case names = "names_added"
        /// Runs that were here without the run they were forked from.
        case parents = "parents_added"
        case verdicts = "verdicts_added"
        case rungs = "rungs_added"
        case jobs = "jobs_added"
        case events = "events_added"
        /// Runs and sweeps that are called otherwise there: the name here stays.
        case namesKept = "names_kept"
        /// Runs that are deleted here and not there.
        case deletedHere = "deleted_here"
        /// Runs that are deleted there and not here.
        case deletedThere = "deleted_there"

        /// Whether something of this kind is no change.
        package var isUnchanged: Bool {
            [.runsUnchanged, .namesKept, .deletedHere, .deletedThere].contains(self)
        }
    }

    /// Those that are more than 0.
    private var counts: [Kind: Int] = [:]
    /// A sentence, without its period, for each kind in which the two differ still.
    package internal(set) var remarks: [String] = []

    package subscript(kind: Kind) -> Int {
        get { counts[kind] ?? 0 }
        set { counts[kind] = newValue == 0 ? nil : newValue }
    }

    /// Whether anything at all is in this notebook that was not.
    package var changedSomething: Bool { counts.keys.contains { !$0.isUnchanged } }

    /// Whether runs or their steps came, which who reproduces them has to know.
    var broughtRuns: Bool {
        counts.keys.contains { [.runsAdded, .runsCompleted, .runsContinued, .steps].contains($0) }
    }
}

extension MergeSummary: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (Kind, Int)...) {
        for (kind, count) in elements { self[kind] += count }
    }
}
