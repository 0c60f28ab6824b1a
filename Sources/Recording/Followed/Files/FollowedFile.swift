import Foundation
import TextFormats

/// A file that another program writes, read as it grows.
///
/// ``next()`` gives the new bytes, at most ``largestPiece`` of them, and nil where there are none for now; it never waits. The file need
/// not be there yet.
///
/// A file that has become smaller, or whose end before the last byte read is another, was written again: it starts over. Another
/// file under the path follows on the old one once it has a byte, behind the rest of the old one: until then the program may
/// still write to the old one. A file that was written again, with the same last bytes and no smaller, goes on: its
/// beginning is the old one for all that can be told.
package final class FollowedFile {
    package static let largestPiece = 1 << 20

    /// What happened to the file.
    package enum Piece: Sendable, Equatable {
        case bytes([UInt8])
        /// It was written again, and what follows is its beginning.
        case restarted
        /// Another file is under the path, and what follows is its beginning.
        case replaced
    }

    package let path: String
    /// How many bytes of the present file were read.
    package private(set) var offset = 0

    private let keepsOpen: Bool
    private var descriptor: Int32 = -1
    private var identity: FileIdentity?
    /// The last bytes before the offset.
    private var tail: [UInt8] = []
    private static let tailSize = 64

    /// Without `keepsOpen` the file is closed where it has nothing new: for many files at once, which nobody replaces.
    package init(path: String, keepsOpen: Bool = true) {
        (self.path, self.keepsOpen) = (path, keepsOpen)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// What is new, or nil for now; throws where the path is no file that can be read.
    package func next() throws(FollowError) -> Piece? {
        guard try open() else { return nil }
        guard let status = FileStatus(descriptor: descriptor) else { throw FollowError(path, errorNumber: errno) }
        if identity != nil, identity != status.identity {
            // Closed in between, and replaced.
            start(status.identity)
            return .replaced
        }
        identity = status.identity
        if status.size < offset { return restart() }
        if status.size > offset {
            guard try hasSameTail() else { return restart() }
            if let bytes = try rest(size: status.size) { return .bytes(bytes) }
        }
        return try replacement()
    }

    // MARK: - Internals

    /// Whether the file is open; false where it is not there yet.
    private func open() throws(FollowError) -> Bool {
        if descriptor >= 0 { return true }
        // Opening some devices does something, and a pipe's writer would go on.
        guard let status = FileStatus(path: path) else {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw FollowError(path, errorNumber: errno)
        }
        try check(status)
        descriptor = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw FollowError(path, errorNumber: errno)
        }
        guard let opened = FileStatus(descriptor: descriptor) else { throw FollowError(path, errorNumber: errno) }
        do throws(FollowError) {
            try check(opened)
        } catch {
            shut()
            throw error
        }
        return true
    }

    private func check(_ status: FileStatus) throws(FollowError) {
        let kind: String
        switch status.kind {
        case .regular: return
        case .folder: kind = "a folder"
        case .link: kind = "a link"
        case .other(let word): kind = word
        }
        throw FollowError("\(path.visible) is \(kind); a file that grows is needed")
    }

    private func shut() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private func start(_ identity: FileIdentity?) {
        (self.identity, offset, tail) = (identity, 0, [])
    }

    private func restart() -> Piece {
        start(identity)
        return .restarted
    }

    /// What is new in a file of this size, or nil.
    private func rest(size: Int) throws(FollowError) -> [UInt8]? {
        guard size > offset, let bytes = try read(at: offset, count: min(Self.largestPiece, size - offset)),
            !bytes.isEmpty
        else { return nil }
        offset += bytes.count
        tail.append(contentsOf: bytes.suffix(Self.tailSize))
        if tail.count > Self.tailSize { tail.removeFirst(tail.count - Self.tailSize) }
        return bytes
    }

    private func hasSameTail() throws(FollowError) -> Bool {
        if tail.isEmpty { return true }
        return try read(at: offset - tail.count, count: tail.count) == tail
    }

    /// Nil where a signal came in between.
    private func read(at place: Int, count: Int) throws(FollowError) -> [UInt8]? {
        var errorNumber: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            var result = pread(descriptor, buffer.baseAddress, count, off_t(place))
            while result < 0, errno == EINTR { result = pread(descriptor, buffer.baseAddress, count, off_t(place)) }
            if result < 0 { errorNumber = errno }
            used = max(0, result)
        }
        if errorNumber == EAGAIN { return nil }
        if errorNumber != 0 { throw FollowError(path, errorNumber: errorNumber) }
        return bytes
    }

    /// Nothing is new: another file may be under the path.
    private func replacement() throws(FollowError) -> Piece? {
        guard keepsOpen else {
            shut()
            return nil
        }
        guard let other = FileStatus(path: path), other.identity != identity, case .regular = other.kind, other.size > 0
        else { return nil }
        // What was written to the old one since.
        if let status = FileStatus(descriptor: descriptor), let bytes = try rest(size: status.size) {
            return .bytes(bytes)
        }
        shut()
        start(nil)
        return .replaced
    }
}
