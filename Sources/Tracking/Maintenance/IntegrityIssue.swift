package import TextFormats

/// Something in a notebook that is not as it should be.
package struct IntegrityIssue: Sendable, Equatable {
    /// What kind of flaw it is, which decides how it is repaired.
    package enum Kind: Sendable, Equatable {
        /// SQLite's own structures contradict each other.
        case damage
        /// The file's header does not say that it is a notebook of this version, whose tables it has.
        case header(version: Int)
        /// A table, view, index or trigger of this name is missing, or is not one that gradbook makes.
        case schema(name: String, isRepairable: Bool)
        /// The tables of steps that every notebook has are not registered as gradbook does it.
        case registry
        /// A table of logged numbers has other columns than `series` registers.
        case series(table: String)
        /// Something cannot be read, so that it cannot be examined either.
        case unreadable
        /// A table, view or index that somebody has put beside the notebook's, and which is left alone.
        case addition(name: String)
        /// Rows of this table refer to rows that are not there.
        case orphans(table: String, parent: String)
        /// A run that has ended has not the rows, or not the results, that belong to it.
        case incompleteRun(RunAttempt)
        /// A run is called running, but nobody works on it.
        case interruptedRun(RunAttempt)
        /// All runs of a sweep have ended, but it is called open.
        case openSweep(Int64)
        /// The seeds that choose a sweep's configurations cannot be read.
        case unreadableSeeds(Int64)
        /// A sweep says that fewer runs were planned than it has.
        case plannedRuns(Int64)
        /// What is stored of a sweep's plan is not what its search space gives.
        case plan(Int64)
        /// Samples of a data set are missing, or are not those that were stored: runs on it cannot be computed again.
        case incompleteDataset(Int64)
        /// What is said of a recorded run is not what its rows or its configuration say.
        case recordedRun(RunAttempt)
        /// A recorded run is called running, but its recorder is gone; its program may be gone on with.
        case interruptedRecording(RunAttempt)
        /// Rows of this table belong to runs of the other kind.
        case strayRows(table: String)
        /// The bytes of NaNs in this table contradict its columns.
        case loggedBytes(table: String)
        /// Something in this table of numbers is none.
        case loggedText(table: String, isMovable: Bool)
        /// A write-ahead log was left behind by a process that is gone.
        case orphanedWAL

        /// In one word, for a program.
        package var name: String {
            switch self {
            case .damage: "damage"
            case .header: "header"
            case .schema: "schema"
            case .registry: "registry"
            case .series: "series"
            case .unreadable: "unreadable"
            case .addition: "addition"
            case .orphans: "orphans"
            case .incompleteRun: "incomplete_run"
            case .interruptedRun: "interrupted_run"
            case .openSweep: "open_sweep"
            case .unreadableSeeds: "unreadable_seeds"
            case .plannedRuns: "planned_runs"
            case .plan: "plan"
            case .incompleteDataset: "incomplete_dataset"
            case .recordedRun: "recorded_run"
            case .interruptedRecording: "interrupted_recording"
            case .strayRows: "stray_rows"
            case .loggedBytes: "logged_bytes"
            case .loggedText: "logged_text"
            case .orphanedWAL: "abandoned_log"
            }
        }
    }

    package let kind: Kind
    /// What was found, as the beginning of a sentence.
    package let description: String
    /// What a person can do, and whether ``MaintenanceStore/repair(_:copying:)`` does it.
    package let remedy: MessageText

    package init(kind: Kind, description: String, remedy: MessageText) {
        self.kind = kind
        self.description = description
        self.remedy = remedy
    }

    /// Whether ``MaintenanceStore/repair(_:copying:)`` knows what to do.
    package var isRepairable: Bool {
        switch kind {
        case .incompleteDataset, .plan, .addition, .unreadable, .interruptedRecording, .strayRows: false
        case .loggedText(_, let isMovable): isMovable
        // Without its data a run cannot be computed, but it is still a result, and so are samples without their data set.
        case .orphans(_, let parent): parent != "datasets"
        case .schema(_, let isRepairable): isRepairable
        default: true
        }
    }

    /// Whether it is only worth knowing, and nothing is to be done.
    package var isHarmless: Bool {
        switch kind {
        case .addition, .interruptedRecording: true
        default: false
        }
    }
}
