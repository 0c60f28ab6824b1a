import Foundation
import GRDB
import TextFormats

/// A copy of a notebook, made while others write to it.
enum Backup {
    /// Copies what `source` sees into a new file at `path`, in one moment of the notebook's history.
    ///
    /// The file appears when it is complete and on the disk. One that is there already is never replaced: that is a
    /// `conflict`.
    static func write(_ source: DatabaseQueue, to path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw TrackingError.fileExists(path) }
        try DatabaseFile.checkFile(at: path, mayCreate: true)
        let target = URL(filePath: path)
        let partial = target.deletingLastPathComponent().appending(
            path: ".\(target.lastPathComponent).\(UUID().uuidString)"
        ).path
        defer { try? FileManager.default.removeItem(atPath: partial) }
        do {
            let copy = try DatabaseQueue(path: partial)
            // Nobody sees the file before it is whole and on the disk.
            try copy.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            }
            try source.backup(to: copy)
            // One file that can be read from anywhere, also where nothing can be written beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            let file = try FileHandle(forUpdating: URL(filePath: partial))
            try file.synchronize()
            try file.close()
        } catch {
            throw TrackingError(error, path: path)
        }
        // Unlike a renaming, a second name fails where there is a file of that name.
        if link(partial, path) == 0 { return }
        guard errno != EEXIST, rename(partial, path) == 0 else { throw TrackingError.fileExists(path) }
    }

    /// `path` with `suffix`, and a number if there are such copies already.
    static func freePath(of path: String, suffix: String) -> String {
        let first = "\(path).\(suffix)"
        if !FileManager.default.fileExists(atPath: first) { return first }
        let number = (2...).first { !FileManager.default.fileExists(atPath: "\(first)-\($0)") } ?? 2
        return "\(first)-\(number)"
    }
}

extension MaintenanceStore {
    /// Copies the notebook, as it is now, into a new file at `path`, while others write to it.
    ///
    /// The copy is one file, complete and on the disk when it appears. A file that is there already is a `conflict`.
    package func backUp(to path: String) throws(TrackingError) {
        try file.translatingErrors {
            let reader = try DatabaseFile.makeReader(path: file.path, busyTimeout: file.busyTimeout)
            defer { try? reader.close() }
            try Backup.write(reader, to: path)
        }
    }
}

extension TrackingError {
    fileprivate static func fileExists(_ path: String) -> TrackingError {
        TrackingError(.conflict, "there is a file '\(path)' already", advice: "give the copy another name")
    }
}
