import Foundation
package import TextFormats

/// A file of somebody that is read: a regular file, or a pipe that is open already, such as standard input or that of a
/// shell's `<(...)`, and nothing that could keep the reader waiting for ever.
package enum InputFile {
    /// The bytes of the file at `path`, which may be a symbolic link, and no more of them than `limit`.
    ///
    /// `fix` says what to give instead. A named pipe, a socket, a device and a folder are refused, but `/dev/stdin` and
    /// `/dev/fd/N` may be any pipe or socket: somebody has its other end, or has closed it.
    package static func read(_ path: String, upTo limit: Int = .max, fix: MessageText) throws(FileError) -> [UInt8] {
        let openNumber = openNumber(at: path)
        let name = openNumber == STDIN_FILENO ? "standard input" : "'\(path)'"
        let number =
            openNumber.map { fcntl($0, F_DUPFD_CLOEXEC, 0) } ?? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        if number < 0, errno == ENOENT || errno == ENOTDIR || errno == EBADF || openNumber != nil {
            throw FileError("there is no file '\(path)'", advice: fix)
        }
        if number < 0, errno == ENXIO { throw FileError("\(name) is a socket or a device", advice: fix) }
        if number < 0, errno == EACCES { throw FileError("\(name) cannot be read", advice: "check its permissions") }
        let file = try FileDescriptor(number, orThrow: .cannotRead(path))
        guard let status = file.status else { throw .cannotRead(path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFIFO where openNumber != nil, S_IFSOCK where openNumber != nil: break
        case S_IFIFO where file.isShellPipe:
            // Somebody has its other end, or has closed it.
            _ = fcntl(file.number, F_SETFL, fcntl(file.number, F_GETFL) & ~O_NONBLOCK)
        case S_IFIFO: throw FileError("\(name) is a named pipe", advice: fix)
        case S_IFDIR: throw FileError("\(name) is a directory", advice: fix)
        case S_IFCHR where isatty(file.number) == 1: throw FileError("\(name) is a terminal", advice: fix)
        default: throw FileError("\(name) is a socket or a device", advice: fix)
        }
        guard let bytes = file.bytes(upTo: limit) else { throw .cannotRead(path) }
        return bytes
    }

    /// Which open file of this process a path means; nil for any other path.
    package static func openNumber(at path: String) -> Int32? {
        if path == "/dev/stdin" { return STDIN_FILENO }
        for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
            return Int32(path.dropFirst(folder.count)).flatMap { $0 >= 0 ? $0 : nil }
        }
        return nil
    }

    /// The bytes of a regular file that is no symbolic link and not larger than `limit`; nil of anything else.
    package static func small(_ path: String, atMost limit: Int) -> [UInt8]? {
        let flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY
        guard let file = try? FileDescriptor(open(path, flags), orThrow: .cannotRead(path)),
            let status = file.status, status.isRegular
        else { return nil }
        return file.bytes(upTo: limit + 1).flatMap { $0.count <= limit ? $0 : nil }
    }
}

extension FileDescriptor {
    /// What is left to read, and no more of it than `limit`; nil if that fails.
    func bytes(upTo limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(number, &piece, piece.count)
            if count == 0 { return bytes }
            if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
                // A pipe that whoever opened it does not wait for.
                var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
                _ = poll(&waiting, 1, -1)
                continue
            }
            guard count > 0 || errno == EINTR else { return nil }
            bytes += piece.prefix(max(0, count))
            if bytes.count >= limit { return Array(bytes.prefix(limit)) }
        }
    }

    /// Whether it has no name in any folder, and so was made by the process that started this one.
    fileprivate var isShellPipe: Bool {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
        return path?.hasPrefix("pipe:[") ?? false
    }
}
