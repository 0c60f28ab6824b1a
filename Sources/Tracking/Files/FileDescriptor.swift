import Foundation

/// An open file or folder, which stays the same one whatever its path leads to later; closed at its end.
final class FileDescriptor: Sendable {
    let number: Int32

    /// - Throws: what `failure` makes of `errno`.
    init(_ number: Int32, orThrow failure: @autoclosure () -> FileError) throws(FileError) {
        guard number >= 0 else { throw failure() }
        self.number = number
    }

    deinit {
        close(number)
    }

    /// A folder, to which a symbolic link may lead.
    convenience init(folder url: URL) throws(FileError) {
        try self.init(open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), orThrow: .cannotRead(url.relativePath))
    }

    /// Its kind, size and rights; nil where the system does not tell.
    var status: stat? {
        var status = stat()
        return fstat(number, &status) == 0 ? status : nil
    }

    /// Of what has a name in this folder, symbolic links themselves; nil where there is nothing.
    func status(of name: String) -> stat? {
        var status = stat()
        return fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// The names in this folder.
    var names: [String] {
        guard let folder = fdopendir(openat(number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Writes all of the bytes; if not, `errno` says why.
    func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { $0.write(to: number) }
    }
}

extension UnsafeRawBufferPointer {
    /// Writes all of the bytes to an open file or stream; if not, `errno` says why.
    package func write(to descriptor: Int32) -> Bool {
        var rest = self[...]
        while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
            let count = Foundation.write(descriptor, start, rest.count)
            if count < 0, errno != EINTR { return false }
            rest = rest.dropFirst(Swift.max(0, count))
        }
        return true
    }
}

extension stat {
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }

    /// What it is, with its article.
    var kindName: String {
        switch st_mode & S_IFMT {
        case S_IFDIR: "a folder"
        case S_IFLNK: "a symbolic link"
        case S_IFIFO: "a named pipe"
        case S_IFSOCK: "a socket"
        case S_IFREG: "a file"
        default: "a device"
        }
    }

    func isSameFile(as other: stat) -> Bool { st_dev == other.st_dev && st_ino == other.st_ino }
}
