import Foundation
import GRDB
import TextFormats

extension TrackingError {
    /// What `error` means to the owner of the file at `path`; a ``TrackingError`` stays what it is.
    ///
    /// Of a lock it says who has it, and that the call has `waited` for it.
    init(_ error: any Error, path: String, waited: Duration? = nil) {
        switch error {
        case let error as TrackingError:
            self = error
        case let error as FileError:
            self.init(
                error.number == ENOSPC || error.number == EDQUOT ? .diskFull : .cannotOpen, error.message,
                advice: error.advice, underlying: error)
        case let error as DatabaseError:
            self.init(sqlite: error, path: path, waited: waited)
        case is DecodingError, is RowDecodingError:
            self.init(
                .damaged, "'\(path)' is damaged: a row does not hold what it must", advice: "restore it from a backup",
                underlying: error)
        default:
            self.init(.sqlite, "'\(path)': \(error)", underlying: error)
        }
    }

    private init(sqlite error: DatabaseError, path: String, waited: Duration?) {
        let (code, message, advice): (Code, MessageText, MessageText?) =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                Self.ofLock(path, waited)
            case .SQLITE_NOTADB:
                (.notADatabase, "'\(path)' is not an SQLite database", "give another path with \(option: "db")")
            case .SQLITE_CORRUPT:
                // SQLite says so of a page that the disk refuses to read, too.
                (
                    .damaged,
                    "'\(path)' is damaged, or its disk fails to read it (\(error.message ?? "no details"))",
                    "restore it from a backup"
                )
            case .SQLITE_FULL:
                (.diskFull, "'\(path)' cannot grow: the disk is full", "everything committed before is safe")
            case .SQLITE_IOERR where Self.isOfSharedMemory(error):
                (
                    .diskFull,
                    "'\(path)' cannot be used: the disk, a quota or a limit on file sizes refuses the file '\(path)-shm' beside it",
                    "everything committed before is safe"
                )
            case .SQLITE_IOERR where Self.isOfWriting(error):
                (
                    .diskFull, "'\(path)' cannot be written: the disk, a quota or a limit on file sizes refuses it",
                    "everything committed before is safe"
                )
            case .SQLITE_IOERR:
                (
                    .cannotOpen, "'\(path)' cannot be read: the disk or its file system fails",
                    "copy it to another disk, and ask gradbook doctor what is left of the copy"
                )
            case .SQLITE_READONLY where Self.isLogUnwritable(beside: path),
                .SQLITE_CANTOPEN where Self.isLogUnwritable(beside: path):
                (
                    .cannotOpen,
                    "'\(path)' cannot be used because of the file '\(path)-wal' beside it, which cannot be written",
                    "check its permissions, and move it away only if it is no file of SQLite's"
                )
            case .SQLITE_READONLY:
                (.readOnly, "'\(path)' cannot be written", "check the permissions of the file and its folder")
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
                (.cannotOpen, "'\(path)' cannot be opened", "check the permissions of the file and its folder")
            default:
                (.sqlite, "'\(path)': SQLite says \(error.message ?? "\(error.resultCode)")", nil)
            }
        self.init(code, message, advice: advice, underlying: error)
    }

    /// Who has the file locked, as far as that is known, and how long that was waited for, if it is worth a word.
    private static func ofLock(_ path: String, _ waited: Duration?) -> (Code, MessageText, MessageText?) {
        let holder = LockHolder(ofFileAt: path)
        let seconds = waited.map { Int(($0 / .seconds(1)).rounded()) } ?? 0
        let time = seconds > 0 ? ", which did not release it in \(seconds) s" : ""
        var advice: MessageText = "try again when it has finished writing"
        if let holder, holder.isStopped { advice = "`kill -CONT \(holder.pid)` lets it continue" }
        return (.busy, "'\(path)' is locked by \(holder?.description ?? "another program")\(time)", advice)
    }

    private static func isOfSharedMemory(_ error: DatabaseError) -> Bool {
        [.SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_SHMMAP].contains(error.extendedResultCode)
    }

    private static func isOfWriting(_ error: DatabaseError) -> Bool {
        switch error.extendedResultCode {
        case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE,
            .SQLITE_IOERR_DELETE, .SQLITE_IOERR_CLOSE:
            true
        default: false
        }
    }

    /// Whether the write-ahead log is a file that SQLite cannot write to, although it may write to the notebook.
    private static func isLogUnwritable(beside path: String) -> Bool {
        let log = URL(filePath: path).resolvingSymlinksInPath().path + "-wal"
        return FileManager.default.fileExists(atPath: log) && FileManager.default.isWritableFile(atPath: path)
            && !FileManager.default.isWritableFile(atPath: log)
    }
}
