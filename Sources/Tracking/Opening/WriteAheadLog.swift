import Foundation
import GRDB

/// The write-ahead log beside a notebook, which is a part of it: whoever copies or moves the file without it loses what was
/// committed last and does not stand in the file yet.
package enum WriteAheadLog {
    package enum State: Sendable, Equatable {
        /// Everything stands in the file.
        case inFile
        /// So many bytes were left by a process that is gone.
        case abandoned(bytes: Int)
        /// Another process has the file open, and the log holds what the file does not.
        case inUse
    }

    /// Every connection in write-ahead mode holds a shared lock on this byte of the `-shm` file:
    /// <https://www.sqlite.org/walformat.html>, under "Locks", there called the dead-man switch.
    private static let deadManSwitch: off_t = 128
    /// Where the `-shm` file says how many frames the log has, and how many of them stand in the file: ibidem, under
    /// "WAL-Index Format".
    private static let frameCount = 16
    private static let copiedCount = 96

    /// What the log beside the file at `path` holds.
    ///
    /// To be asked while this process has not opened the file: closing the `-shm` file, which this does, gives up all locks of
    /// the process on it.
    package static func state(beside path: String) -> State {
        let path = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
        guard attributes?[.type] as? FileAttributeType == .typeRegular, let size = attributes?[.size] as? Int, size > 0
        else { return .inFile }
        let descriptor = open(path + "-shm", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return .abandoned(bytes: size) }
        defer { close(descriptor) }
        guard isInUse(descriptor) else { return .abandoned(bytes: size) }
        return isCopied(descriptor) ? .inFile : .inUse
    }

    /// Puts what a process that is gone has left in the log into the file, and takes an empty log away, which a connection that
    /// cannot write has to make and must leave behind.
    ///
    /// `file` is the one that was read: of another one that stands there now nothing is touched, and neither of one that
    /// somebody has open.
    static func settle(beside path: String, of file: FileIdentity?, waiting: LockWait) {
        guard FileKind(atPath: path) == .regular(names: 1), FileIdentity(atPath: path) == file,
            FileManager.default.isWritableFile(atPath: path)
        else { return }
        let log = URL(filePath: path).resolvingSymlinksInPath().path + "-wal"
        guard FileKind(atPath: log) == .regular(names: 1), state(beside: path) != .inUse else { return }
        // Closing the last connection does it.
        let last = try? DatabaseQueue(
            path: DatabaseFile.literal(path), configuration: DatabaseFile.configuration(waiting))
        _ = try? last?.read { try DatabaseHeader($0) }
        try? last?.close()
    }

    private static func isInUse(_ sharedMemory: CInt) -> Bool {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = deadManSwitch
        lock.l_len = 1
        guard fcntl(sharedMemory, F_GETLK, &lock) == 0 else { return true }
        return lock.l_type != Int16(F_UNLCK)
    }

    private static func isCopied(_ sharedMemory: CInt) -> Bool {
        func number(at offset: Int) -> UInt32? {
            var number: UInt32 = 0
            return pread(sharedMemory, &number, 4, off_t(offset)) == 4 ? number : nil
        }
        guard let frames = number(at: frameCount), let copied = number(at: copiedCount) else { return false }
        return frames == copied
    }
}
