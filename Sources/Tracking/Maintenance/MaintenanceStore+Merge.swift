import Foundation
import GRDB
import Migrations
import TextFormats

extension MaintenanceStore {
    /// Takes over everything another notebook holds, in one transaction.
    ///
    /// A run of a sweep is known by its sweep and its trial number, any other run by its identity. What both notebooks have must
    /// be equal: every number of a run bit for bit, the plan of a sweep word for word. Where it is not, nothing is merged, and
    /// the error has ``MergeClashes`` below it, with all that differs. So merging twice changes nothing, and the order in
    /// which notebooks are merged decides nothing of runs, steps, data, sweeps, tags, notes and verdicts but the numbers by
    /// which runs are called. Times, hosts, versions, commands and descriptions are not compared; those that were here first stay.
    ///
    /// What depends on the order: of two names that people gave to one run or sweep the one here stays, and a run that is
    /// deleted in one of two notebooks is deleted in the one and not in the other. The summary says where it is so. A run that
    /// is deleted there brings nothing, neither numbers nor notes; one that is deleted here gets what it has there, and
    /// stays deleted.
    ///
    /// A run that had not ended there is queued here, with the rows it has; a recorded one, which only its program can go on
    /// with, is interrupted. Of a recorded run the later copy says how it stands, and the rows of both are kept.
    ///
    /// The other file is only read, and is checked first: it must be undamaged and hold all rows of the runs that it calls done. Of a file of an older version, a
    /// temporary copy is brought up to date.
    ///
    /// The command of the request is recorded as an event of every sweep of the other notebook, and of its runs outside of
    /// sweeps, if runs or steps came.
    package func merge(_ other: String, _ request: MergeRequest = MergeRequest()) throws(TrackingError) -> MergeSummary
    {
        guard FileManager.default.fileExists(atPath: other) else {
            throw TrackingError(.missingFile, "'\(other)' was not merged: there is no such file")
        }
        guard FileIdentity(atPath: file.path) != FileIdentity(atPath: other) else {
            throw TrackingError(
                .conflict, "'\(other)' is the notebook itself", advice: "name another file to merge into it")
        }
        do {
            return try merge(other, from: other, request)
        } catch {
            guard error.code == .olderSchema else { throw error }
            return try file.translatingErrors {
                try Self.withUpdatedCopy(of: other, file) { try merge(other, from: $0, request) }
            }
        }
    }

    /// Merges the notebook at `source`, which is called `other` in messages.
    private func merge(
        _ other: String, from source: String, _ request: MergeRequest
    ) throws(TrackingError) -> MergeSummary {
        let identity = FileIdentity(atPath: source)
        identity.map(OpenFiles.add)
        defer {
            // A connection that cannot write has to leave the log that it made.
            if let identity, OpenFiles.remove(identity) {
                WriteAheadLog.settle(beside: source, of: identity, waiting: file.waiting.of(source))
            }
        }
        let uri = try DatabaseFile.checkedReadOnlyURI(path: source, waiting: file.waiting.of(source))
        return try file.translatingErrors {
            do {
                return try file.writeGuarded(attaching: uri) { database in
                    // Nobody can have changed it since: this transaction reads it.
                    try SchemaComparison(database, file: "other", version: Migrations.all.count)
                        .mustBeKnown(path: other)
                    let summary = try Merge(of: other, into: database, request, now: file.now()).run()
                    if request.isDryRun { throw RolledBack(summary: summary) }
                    return summary
                }
            } catch let dryRun as RolledBack {
                return dryRun.summary
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                // Ours has rules for every row, and theirs has a row that breaks one. Of a file that cannot be written no check has
                // found it: a connection that cannot write forgets the rules.
                let rule = error.message?.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                throw TrackingError(
                    .damaged,
                    "'\(other)' was not merged: it holds what no notebook can hold (\(rule ?? "no details"))",
                    underlying: error)
            }
        }
    }

    /// Ends the transaction of a dry run.
    private struct RolledBack: Error {
        let summary: MergeSummary
    }

    /// Hands out a copy of the notebook at `path`, of this version, that goes away afterwards.
    private static func withUpdatedCopy<Value>(
        of path: String, _ file: DatabaseFile, _ body: (String) throws -> Value
    ) throws -> Value {
        let temporary = FileManager.default.temporaryDirectory
        let work = try WorkFolder(in: temporary, for: temporary.path)
        defer { work.remove() }
        let copy = work.file("other.db").path
        let reader = try DatabaseFile.makeReader(path: path, waiting: file.waiting.of(path))
        defer { try? reader.close() }
        try Backup.write(reader, to: copy)
        try DatabaseFile(at: copy, mustExist: true, waiting: file.waiting.of(copy), now: file.now).close()
        return try body(copy)
    }
}

extension DatabaseFile {
    /// What `ATTACH` needs to read the notebook at `path`, after a look at the whole of it.
    fileprivate static func checkedReadOnlyURI(
        path: String, waiting: LockWait
    ) throws(TrackingError) -> String {
        try checkFile(at: path, mayCreate: false)
        do {
            let reader = try makeExaminer(path: path, waiting: waiting)
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
