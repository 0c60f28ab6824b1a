import Foundation
import GRDB
import Migrations
import TextFormats

/// What merging another notebook changed in this one.
package struct MergeSummary: Sendable, Equatable {
    /// Runs that this notebook did not know.
    package var runsAdded = 0
    /// Runs that were planned or interrupted here and had ended there.
    package var runsCompleted = 0
    /// Runs that both have, with the same numbers.
    package var runsUnchanged = 0
    package var stepsAdded = 0

    package init(runsAdded: Int = 0, runsCompleted: Int = 0, runsUnchanged: Int = 0, stepsAdded: Int = 0) {
        self.runsAdded = runsAdded
        self.runsCompleted = runsCompleted
        self.runsUnchanged = runsUnchanged
        self.stepsAdded = stepsAdded
    }

    /// Whether the other notebook held anything new.
    package var changedSomething: Bool { runsAdded + runsCompleted + stepsAdded > 0 }
}

extension MaintenanceStore {
    /// Takes over everything another notebook holds, in one transaction.
    ///
    /// A run of a sweep is known by its sweep's name and its trial number, any other run by its identity. What both notebooks have must be equal: every number of a run bit for bit, the plan of a sweep word for
    /// word. A difference is a `conflict` that names the first one, and then nothing is merged. So merging twice changes
    /// nothing, and the order in which notebooks are merged decides nothing but the numbers by which runs are called.
    /// Times, hosts and versions are not compared; those of the run that was here first stay.
    ///
    /// Runs that were deleted there are left out, and what was deleted here stays deleted.
    ///
    /// A run that had not ended there is queued here, with the rows it has. The other file is only read, and is checked
    /// first: it must be undamaged and hold all rows of the runs that it calls done. Of a file of an older version, a
    /// temporary copy is brought up to date.
    ///
    /// A `command` is recorded as an event of every sweep of the other notebook, and of its runs outside of sweeps, if
    /// anything was new.
    package func merge(_ other: String, command: String? = nil) throws(TrackingError) -> MergeSummary {
        guard FileManager.default.fileExists(atPath: other) else {
            throw TrackingError(.missingFile, "'\(other)' was not merged: there is no such file")
        }
        guard try !Self.isSameFile(file.path, other) else {
            throw TrackingError(
                .conflict, "'\(other)' is the notebook itself", advice: "name another file to merge into it")
        }
        do {
            return try merge(other, from: other, command)
        } catch {
            guard error.code == .olderSchema else { throw error }
            return try file.translatingErrors {
                try Self.withUpdatedCopy(of: other, file) { try merge(other, from: $0, command) }
            }
        }
    }

    /// Merges the notebook at `source`, which is called `other` in messages.
    private func merge(
        _ other: String, from source: String, _ command: String?
    ) throws(TrackingError) -> MergeSummary {
        let uri = try DatabaseFile.checkedReadOnlyURI(path: source, busyTimeout: file.busyTimeout)
        return try file.translatingErrors {
            try file.writeGuarded(attaching: uri) { database in
                // Nobody can have changed it since: this transaction reads it.
                try SchemaComparison(database, file: "other", version: Migrations.all.count).mustBeKnown(path: other)
                return try Merge(of: other, into: database, command: command, now: file.now()).run()
            }
        }
    }

    /// Hands out a copy of the notebook at `path`, of this version, that goes away afterwards.
    private static func withUpdatedCopy<Value>(
        of path: String, _ file: DatabaseFile, _ body: (String) throws -> Value
    ) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-merge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "other.db").path
        let reader = try DatabaseFile.makeReader(path: path, busyTimeout: file.busyTimeout)
        defer { try? reader.close() }
        try Backup.write(reader, to: copy)
        try DatabaseFile(at: copy, mustExist: true, busyTimeout: file.busyTimeout, now: file.now).close()
        return try body(copy)
    }

    private static func isSameFile(_ first: String, _ second: String) throws(TrackingError) -> Bool {
        let identities = [first, second].map { path in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: URL(filePath: path).resolvingSymlinksInPath().path)
            return [attributes?[.systemNumber] as? Int, attributes?[.systemFileNumber] as? Int]
        }
        return identities[0] == identities[1]
    }
}

extension DatabaseFile {
    /// What `ATTACH` needs to read the notebook at `path`, after a look at the whole of it.
    fileprivate static func checkedReadOnlyURI(
        path: String, busyTimeout: TimeInterval
    ) throws(TrackingError) -> String {
        try checkFile(at: path, mayCreate: false)
        do {
            let reader = try makeReader(path: path, busyTimeout: busyTimeout)
            defer { try? reader.close() }
            try reader.read { database in
                try DatabaseHeader(database).mustBeReadable(in: database, path: path)
                let finding = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "nothing was checked"
                guard finding == "ok" else {
                    throw TrackingError(.damaged, "'\(path)' is damaged and was not merged: \(finding)")
                }
            }
            let uri = URL(filePath: path).absoluteString
            return uri + (FileManager.default.isWritableFile(atPath: path) ? "?mode=ro" : "?immutable=1")
        } catch {
            throw TrackingError(error, path: path)
        }
    }
}
