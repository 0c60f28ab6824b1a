import Foundation
import GRDB
import TextFormats

/// A copy of a notebook, made while others write to it.
enum Backup {
    /// Copies what `source` sees into a new file at `path`, in one moment of the notebook's history.
    ///
    /// The file appears when it is complete and on the disk, and allows nobody what the notebook does not. One that is
    /// there already is never replaced: that is a `conflict`.
    static func write(_ source: DatabaseQueue, to path: String) throws {
        guard !isTaken(path) else { throw TrackingError.fileExists(path) }
        try DatabaseFile.checkFile(at: path, mayCreate: true)
        let target = URL(filePath: path)
        do {
            let work = try WorkFolder(in: target.deletingLastPathComponent(), for: path)
            defer { work.remove() }
            let notebook = try source.read { try Row.fetchOne($0, sql: "PRAGMA database_list")?["file"] as String? }
            try work.makeFile("copy.db", rights: AccessRights(ofCopyOf: notebook ?? ""), for: path)
            let copy = try DatabaseQueue(path: work.file("copy.db").path)
            // Nobody sees the file before it is whole and on the disk.
            try copy.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            }
            try source.backup(to: copy)
            // One file that can be read from anywhere, also where nothing can be written beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            try work.sync("copy.db", for: path)
            try work.publish("copy.db", as: target.lastPathComponent, replaces: false)
        } catch let error as FileError where error.number == EEXIST {
            throw TrackingError.fileExists(path)
        } catch {
            throw TrackingError(error, path: path)
        }
    }

    /// `path` with `suffix`, and a number if there are such copies already.
    static func freePath(of path: String, suffix: String) -> String {
        let first = "\(path).\(suffix)"
        if !isTaken(first) { return first }
        let number = (2...).first { !isTaken("\(first)-\($0)") } ?? 2
        return "\(first)-\(number)"
    }

    /// Also by a symbolic link that leads nowhere.
    private static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}

extension MaintenanceStore {
    /// Copies the notebook, as it is now, into a new file at `path`, while others write to it.
    ///
    /// The copy is one file, complete and on the disk when it appears. A file that is there already is a `conflict`.
    package func backUp(to path: String) throws(TrackingError) {
        try file.translatingErrors {
            let reader = try DatabaseFile.makeReader(path: file.path, waiting: file.waiting)
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
