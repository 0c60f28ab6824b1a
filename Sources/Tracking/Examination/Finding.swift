/// Something in a notebook that is not as it should be.
package struct Finding: Sendable, Equatable {
    /// What kind of flaw it is, which decides how it is mended.
    package enum Kind: Sendable, Equatable {
        /// SQLite's own structures contradict each other.
        case damage
        /// Rows of this table refer to rows that are not there.
        case orphans(table: String)
        /// A run that has ended has not the rows, or not the results, that belong to it.
        case incompleteRun(Int64)
        /// A run is called running, but nobody works on it.
        case interruptedRun(Int64)
        /// All runs of a sweep have ended, but it is called open.
        case openSweep(Int64)
        /// Samples of a data set are missing: runs on it cannot be computed again.
        case incompleteDataset(Int64)
        /// A write-ahead log was left behind by a process that is gone.
        case abandonedLog

        /// In one word, for a program.
        package var name: String {
            switch self {
            case .damage: "damage"
            case .orphans: "orphans"
            case .incompleteRun: "incomplete_run"
            case .interruptedRun: "interrupted_run"
            case .openSweep: "open_sweep"
            case .incompleteDataset: "incomplete_dataset"
            case .abandonedLog: "abandoned_log"
            }
        }
    }

    package let kind: Kind
    /// What was found, as the beginning of a sentence.
    package let description: String
    /// What a person can do, and whether ``Store/mend(_:)`` does it.
    package let remedy: String

    package init(kind: Kind, description: String, remedy: String) {
        self.kind = kind
        self.description = description
        self.remedy = remedy
    }

    /// Whether ``Store/mend(_:)`` knows what to do.
    package var isMendable: Bool {
        if case .incompleteDataset = kind { false } else { true }
    }
}
