import Foundation
package import TextFormats

/// Something in a notebook that is not as it should be.
package struct IntegrityIssue: Sendable, Equatable {
    /// What kind of flaw it is, which decides how it is repaired.
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
        /// The seeds that choose a sweep's configurations cannot be read.
        case unreadableSeeds(Int64)
        /// Samples of a data set are missing: runs on it cannot be computed again.
        case incompleteDataset(Int64)
        /// A write-ahead log was left behind by a process that is gone.
        case orphanedWAL

        /// In one word, for a program.
        package var name: String {
            switch self {
            case .damage: "damage"
            case .orphans: "orphans"
            case .incompleteRun: "incomplete_run"
            case .interruptedRun: "interrupted_run"
            case .openSweep: "open_sweep"
            case .unreadableSeeds: "unreadable_seeds"
            case .incompleteDataset: "incomplete_dataset"
            case .orphanedWAL: "abandoned_log"
            }
        }
    }

    package let kind: Kind
    /// What was found, as the beginning of a sentence.
    package let description: String
    /// What a person can do, and whether ``MaintenanceStore/repair(_:)`` does it.
    package let remedy: MessageText

    package init(kind: Kind, description: String, remedy: MessageText) {
        self.kind = kind
        self.description = description
        self.remedy = remedy
    }

    /// Whether ``MaintenanceStore/repair(_:)`` knows what to do.
    package var isRepairable: Bool {
        if case .incompleteDataset = kind { false } else { true }
    }
}

/// The write-ahead log that a killed process leaves beside a notebook.
///
/// It is part of the notebook: whoever copies or moves the file without it loses what was committed last.
package enum OrphanedWAL {
    /// Every connection in write-ahead mode holds a shared lock on this byte of the `-shm` file:
    /// <https://www.sqlite.org/walformat.html>, under "Locks", there called the dead-man switch.
    private static let deadManSwitch: off_t = 128

    /// The number of bytes in the log beside the file at `path`, if no process has the file open; nil otherwise.
    ///
    /// To be asked while this process has not opened the file either: closing the `-shm` file, which this does, gives up
    /// all locks of the process on it.
    package static func size(beside path: String) -> Int? {
        let path = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        guard let size = attributes?[.size] as? Int, size > 0, !isInUse(path + "-shm") else { return nil }
        return size
    }

    private static func isInUse(_ sharedMemory: String) -> Bool {
        let descriptor = open(sharedMemory, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = deadManSwitch
        lock.l_len = 1
        guard fcntl(descriptor, F_GETLK, &lock) == 0 else { return true }
        return lock.l_type != Int16(F_UNLCK)
    }
}
