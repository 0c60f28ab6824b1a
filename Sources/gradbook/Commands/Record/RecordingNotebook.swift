import Experiments
import Foundation
import TextFormats
import Tracking

/// The notebook that a run is recorded into: the one that was asked for, or, where that is on a network file system, one of its own on
/// a local disk, which is merged into it at the end.
struct RecordingNotebook {
    let store: Store
    private let database: DatabaseOptions
    /// The folder of the local notebook; nil where the notebook itself is written.
    private let folder: URL?

    /// The notebook of a new run, or, with `mustExist`, of one that is there.
    init(_ database: DatabaseOptions, mustExist: Bool) throws {
        self.database = database
        guard !mustExist, let type = database.networkType else {
            store = try database.openForWriting(mustExist: mustExist)
            folder = nil
            return
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-record-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let file = folder.appending(path: "recorded.db").path
        Terminal.printNote(
            "gradbook: '\(database.file)' is on a network file system (\(type)), so the run is recorded into '\(file)' and merged at the end"
        )
        store = try OpenNotebooks.add(Store.open(at: file, now: Clock.timestamp))
        self.folder = folder
    }

    /// Brings the run to where it was asked for, and says where it is; false if it stays in the local notebook.
    func finish(_ run: Run) -> Bool {
        guard let folder else {
            RecordNotes.tellResult(run, in: store)
            return true
        }
        let local = store.path
        store.close()
        do {
            let lock = try NetworkLock(besideFileAt: database.file)
            defer { lock.release() }
            let target = try Store.open(at: database.file, now: Clock.timestamp)
            _ = try target.maintenance.merge(local, MergeRequest(command: Provenance.current.command))
            RecordNotes.tellResult(run, in: target)
            // Without a log beside it, which needs memory that machines do not share.
            try target.seal()
            try? FileManager.default.removeItem(at: folder)
            return true
        } catch {
            let reason = (error as? any MessageError)?.text.spelled ?? error.localizedDescription
            Terminal.printError(
                "gradbook: the run is in '\(local)' and not in '\(database.file)': \(reason); "
                    + CommandText("merge", [local], options: [.init("db", database.file)]).spelled(
                        MessageText.optionSpelling)
                    + " brings it there")
            return false
        }
    }
}

/// A file that only one process of all machines can have made, so that their recorders write one after the other.
///
/// To make a file that must not be there is safe on NFS too, unlike the locks of SQLite.
private struct NetworkLock {
    private let path: String
    /// Seconds.
    private static let patience = 600.0

    init(besideFileAt file: String) throws {
        path = file + "-recording"
        let end = Date(timeIntervalSinceNow: Self.patience)
        while true {
            let number = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if number >= 0 {
                let owner = Array("\(ProcessIdentity.current.host) \(getpid())\n".utf8)
                _ = owner.withUnsafeBytes { $0.write(to: number) }
                close(number)
                return
            }
            guard errno == EEXIST, Date() < end else {
                throw FileError(
                    "'\(path)' cannot be made: \(String(cString: strerror(errno)))",
                    advice: "remove it if no other recorder is at work")
            }
            Thread.sleep(forTimeInterval: 0.5)
        }
    }

    func release() {
        unlink(path)
    }
}
