package import Foundation
import TextFormats

/// A private folder in which files are made, on the same disk, before they appear where they belong.
///
/// Nobody else can reach into it, so no symbolic link laid by others is followed. Its name cannot be guessed:
/// `.gradbook-work-` and 32 digits. It holds a file `lock` that this process has locked: what a killed process left is
/// known by a lock that nobody holds, and is removed by the next process that works in the same folder. All that was not
/// moved out is gone with it.
package final class WorkFolder {
    /// Where the folder is.
    package let url: URL
    private let name: String
    /// In which it stands, and where its files appear.
    private let parent: FileDescriptor
    private let folder: FileDescriptor
    /// Held as long as the folder is in use.
    private let lock: FileDescriptor
    private let replacesDatabases: Bool

    static let prefix = ".gradbook-work-"
    static let lockName = "lock"

    /// Makes one in `parent`, after removing there what dead processes left.
    ///
    /// An error calls `target` what cannot be written. No file takes the place of a SQLite database, unless
    /// `replacesDatabases` is set by who made sure which one it is.
    package init(in parent: URL, for target: String, replacesDatabases: Bool = false) throws(FileError) {
        self.replacesDatabases = replacesDatabases
        self.parent = try FileDescriptor(
            open(parent.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), orThrow: .cannotWrite(target))
        Self.removeAbandoned(in: self.parent)
        // Another process may take a folder that is not locked yet for abandoned.
        while true {
            let name = Self.prefix + UUID().uuidString.filter { $0 != "-" }.lowercased()
            let url = parent.appending(path: name, directoryHint: .isDirectory)
            guard mkdirat(self.parent.number, name, 0o700) == 0 else {
                let error = FileError.cannotWrite(target)
                let isTemporary = parent.path == FileManager.default.temporaryDirectory.path
                throw isTemporary ? error.advising("set TMPDIR to a folder that can be written") : error
            }
            guard let (folder, lock) = try Self.locked(name, in: self.parent, for: target) else { continue }
            (self.name, self.url, self.folder, self.lock) = (name, url, folder, lock)
            return
        }
    }

    deinit {
        remove()
    }

    /// Ends it, with all that is in it; until then it must be kept alive: `defer { work.remove() }`.
    package func remove() {
        Self.remove(name, folder, in: parent)
    }

    /// Waits until no other process has the folder in which this one stands for itself, and has it until this one ends.
    ///
    /// Only who asks for it is kept waiting. Where the file system has no locks, nobody is.
    package func reserveParent() {
        while flock(parent.number, LOCK_EX) != 0, errno == EINTR {}
    }

    /// A file of this folder, by a name without slashes.
    package func file(_ name: String) -> URL { url.appending(path: name) }

    /// Makes an empty file with these rights; an error calls it `target`.
    package func makeFile(_ name: String, rights: AccessRights, for target: String) throws(FileError) {
        _ = try newFile(name, rights: rights, for: target)
    }

    /// Makes a file of what `body` hands out piece by piece, as usual or with `rights`.
    package func write<Value>(
        _ name: String, rights: AccessRights = .usual, for target: String,
        _ body: (@escaping ([UInt8]) throws -> Void) throws -> Value
    ) throws -> Value {
        let file = try newFile(name, rights: rights, for: target)
        return try body { bytes in
            guard file.write(bytes) else { throw FileError.cannotWrite(target) }
        }
    }

    /// Waits until the file is on the disk; an error calls it `target`.
    package func sync(_ name: String, for target: String) throws(FileError) {
        let file = try FileDescriptor(
            openat(folder.number, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), orThrow: .cannotWrite(target))
        guard fsync(file.number) == 0 else { throw .cannotWrite(target) }
    }

    /// Gives the file the name `target` in the folder `path` of the parent (itself if
    /// nil), in one moment.
    ///
    /// `replaces` says whether a file of that name goes, which may also be a symbolic link, but nothing else. No folder of
    /// `path` may be a symbolic link.
    package func publish(_ name: String, as target: String, in path: String? = nil, replaces: Bool) throws(FileError) {
        let shown = shownPath(target, path)
        let place = try path.map { path throws(FileError) in try subfolder(path) } ?? parent
        if replaces {
            try check(target, in: place, shown)
            guard renameat(folder.number, name, place.number, target) == 0 else { throw .cannotWrite(shown) }
        } else if linkat(folder.number, name, place.number, target, 0) != 0 {
            // Unlike a renaming, a second name fails where there is a file of that name; some file systems have none.
            guard errno != EEXIST, place.status(of: target) == nil else { throw .cannotWrite(shown, EEXIST) }
            guard renameat(folder.number, name, place.number, target) == 0 else { throw .cannotWrite(shown) }
        }
    }

    /// Takes away a file of the folder in which this one stands.
    package func removeBeside(_ name: String) { unlinkat(parent.number, name, 0) }

    /// Refuses to replace anything but a file or a symbolic link, and every database; see
    /// ``init(in:for:replacesDatabases:)``.
    package func check(_ target: String, in path: String? = nil) throws(FileError) {
        guard let path else { return try check(target, in: parent, shownPath(target, nil)) }
        guard let status = parent.status(of: path) else { return }
        guard status.isFolder else {
            throw FileError("'\(shownPath(path, nil))' is \(status.kindName), but a folder is to be there")
        }
        try check(target, in: try subfolder(path), shownPath(target, path))
    }

    // MARK: - Internals

    private func check(_ target: String, in place: FileDescriptor, _ shown: String) throws(FileError) {
        if let status = place.status(of: target), !status.isRegular, !status.isLink {
            throw FileError("'\(shown)' is \(status.kindName), which a file cannot replace")
        }
        if !replacesDatabases, DatabaseInTheWay.stands(at: "/proc/self/fd/\(place.number)/\(target)") {
            throw FileError(
                "'\(shown)' is a notebook, another SQLite database or a part of one, which a file must not replace",
                advice: "give another name")
        }
    }

    private func shownPath(_ target: String, _ path: String?) -> String {
        let folder = url.deletingLastPathComponent()
        let path = (path.map { folder.appending(path: $0) } ?? folder).appending(path: target).relativePath
        return path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }

    private func subfolder(_ path: String) throws(FileError) -> FileDescriptor {
        try FileDescriptor(
            openat(parent.number, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
            orThrow: .cannotWrite(shownPath(path, nil)))
    }

    private func newFile(
        _ name: String, rights: AccessRights, for target: String
    ) throws(FileError) -> FileDescriptor {
        let file = try FileDescriptor(
            openat(folder.number, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, rights.initialMode),
            orThrow: .cannotWrite(target))
        guard rights.apply(to: file) else { throw .cannotWrite(target) }
        return file
    }

    /// Nil if somebody removed the folder meanwhile.
    private static func locked(
        _ name: String, in parent: FileDescriptor, for target: String
    ) throws(FileError) -> (FileDescriptor, FileDescriptor)? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        guard let folder = try? FileDescriptor(openat(parent.number, name, flags), orThrow: .cannotWrite(name)) else {
            return nil
        }
        let number = openat(folder.number, lockName, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if number < 0, errno == ENOENT { return nil }
        let failure = errno
        guard let lock = try? FileDescriptor(number, orThrow: .cannotWrite(name)) else {
            unlinkat(parent.number, name, AT_REMOVEDIR)
            throw .cannotWrite(target, failure)
        }
        // Where there are no locks, nobody can take the folder for abandoned.
        if flock(lock.number, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return nil }
        guard let own = lock.status, let standing = folder.status(of: lockName), own.isSameFile(as: standing),
            parent.status(of: name) != nil
        else { return nil }
        return (folder, lock)
    }
}
