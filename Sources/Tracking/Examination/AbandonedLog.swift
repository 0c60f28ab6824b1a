import Foundation

/// The write-ahead log that a killed process leaves beside a notebook.
///
/// It is part of the notebook: whoever copies or moves the file without it loses what was committed last.
package enum AbandonedLog {
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
