package import Foundation

extension WorkFolder {
    /// Removes what dead processes of this user left in `folder`, and returns how many work folders those were.
    ///
    /// What a living process works in is locked, on any host, and stays. So does everything with another name, another
    /// owner or without the lock file inside: it belongs to somebody else.
    @discardableResult
    package static func removeAbandoned(in folder: URL) -> Int {
        (try? FileDescriptor(folder: folder)).map { removeAbandoned(in: $0) } ?? 0
    }

    @discardableResult
    static func removeAbandoned(in parent: FileDescriptor) -> Int {
        parent.names.count { name in
            guard isOwnName(name), let status = parent.status(of: name), status.isFolder, status.st_uid == geteuid()
            else { return false }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            guard let folder = try? FileDescriptor(openat(parent.number, name, flags), orThrow: .cannotRead(name))
            else {
                return false
            }
            let number = openat(folder.number, lockName, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard let lock = try? FileDescriptor(number, orThrow: .cannotRead(name)) else {
                // Killed before it could make the file; one that is just being made is made again.
                return unlinkat(parent.number, name, AT_REMOVEDIR) == 0
            }
            guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { return false }
            remove(name, folder, in: parent)
            return true
        }
    }

    /// With all that is in it; symbolic links go, and what they lead to stays.
    static func remove(_ name: String, _ folder: FileDescriptor, in parent: FileDescriptor) {
        // The lock last: without it a folder that is not empty is nobody's.
        for entry in folder.names where entry != lockName && unlinkat(folder.number, entry, 0) != 0 {
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let inner = try? FileDescriptor(openat(folder.number, entry, flags), orThrow: .cannotRead(entry))
            if let inner { remove(entry, inner, in: folder) }
        }
        unlinkat(folder.number, lockName, 0)
        unlinkat(parent.number, name, AT_REMOVEDIR)
    }

    private static func isOwnName(_ name: String) -> Bool {
        let digits = name.utf8.dropFirst(prefix.utf8.count)
        return name.hasPrefix(prefix) && digits.count == 32
            && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
