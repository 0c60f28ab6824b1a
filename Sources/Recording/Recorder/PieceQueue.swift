package import Foundation
import Synchronization

/// Where a piece of bytes came from.
package enum PieceSource: UInt8, Sendable {
    /// The descriptor of the protocol, or the standard input of `log`.
    case descriptor
    case standardOutput
    case standardError
}

/// Bytes as they were read.
package struct Piece: Sendable, Equatable {
    package let source: PieceSource
    /// Seconds since 1970.
    package let time: Double
    package let bytes: [UInt8]

    package init(_ source: PieceSource, at time: Double, _ bytes: [UInt8]) {
        (self.source, self.time, self.bytes) = (source, time, bytes)
    }
}

/// Pieces that were read and wait to be stored, in their order, from one thread to another.
///
/// In memory are ``memoryLimit`` bytes at most; what comes beyond them goes to a temporary file without a name, and is read back from
/// there. Where that file cannot be written, ``add(_:)`` waits, and with it the program that is recorded.
package final class PieceQueue: Sendable {
    package static let memoryLimit = 32 << 20

    /// Where temporary files belong, as the environment says.
    static var temporaryFolder: String {
        ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    /// How the queue got on, for who says so.
    package struct Counts: Sendable, Equatable {
        /// Bytes that went through the file.
        package var spooledBytes: Int64 = 0
        /// Why the file could not be written, so that the program had to wait.
        package var spoolFailure: String?
    }

    private struct State {
        var pieces: [Piece] = []
        /// Pieces before this one are taken.
        var first = 0
        var size = 0
        var isClosed = false
        var isDiscarding = false
        var counts = Counts()
        var spool: PieceFile?
    }

    private let folder: String
    private let limit: Int
    private let condition = NSCondition()
    private let state = Mutex(State())

    /// The file is made in `folder`.
    package init(folder: String, limit: Int = PieceQueue.memoryLimit) {
        (self.folder, self.limit) = (folder, limit)
    }

    package var counts: Counts { state.withLock { $0.counts } }

    /// Adds a piece behind all others.
    package func add(_ piece: Piece) {
        condition.lock()
        defer { condition.unlock() }
        while !state.withLock({ take(piece, &$0) }) {
            // Half a second later there may be room, on the disk or in memory.
            _ = condition.wait(until: Date(timeIntervalSinceNow: 0.5))
        }
        condition.broadcast()
    }

    /// No more pieces come.
    package func close() {
        condition.lock()
        state.withLock { $0.isClosed = true }
        condition.broadcast()
        condition.unlock()
    }

    /// Forgets what waits, and whatever comes: nobody can store it.
    package func discardAll() {
        condition.lock()
        state.withLock { state in
            state.isDiscarding = true
            (state.pieces, state.first, state.size, state.spool) = ([], 0, 0, nil)
        }
        condition.broadcast()
        condition.unlock()
    }

    /// The pieces that wait, some megabytes at most; empty after `seconds` without one, and nil when there are none left and no
    /// more will come.
    package func next(within seconds: TimeInterval) -> [Piece]? {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while true {
            let (pieces, isClosed) = state.withLock { (Self.takeNext(&$0), $0.isClosed) }
            if !pieces.isEmpty {
                condition.broadcast()
                return pieces
            }
            if isClosed { return nil }
            if !condition.wait(until: end) { return [] }
        }
    }

    // MARK: - Internals

    /// False where the piece has to wait.
    private func take(_ piece: Piece, _ state: inout State) -> Bool {
        if state.isDiscarding { return true }
        if state.spool == nil, state.size + piece.bytes.count <= limit || state.size == 0 {
            state.pieces.append(piece)
            state.size += piece.bytes.count
            return true
        }
        if state.spool == nil {
            state.spool = PieceFile(folder: folder)
            guard state.spool != nil else {
                state.counts.spoolFailure = "no file could be made in '\(folder)'"
                return false
            }
        }
        if let failure = state.spool?.append(piece) {
            state.counts.spoolFailure = failure
            return false
        }
        state.counts.spooledBytes += Int64(piece.bytes.count)
        return true
    }

    private static func takeNext(_ state: inout State) -> [Piece] {
        if !state.pieces.isEmpty {
            let pieces = state.pieces
            (state.pieces, state.size) = ([], 0)
            return pieces
        }
        guard let pieces = state.spool?.next(upTo: 4 << 20), !pieces.isEmpty else {
            // Whatever comes next goes to memory again.
            state.spool = nil
            return []
        }
        return pieces
    }
}

/// A file without a name that holds pieces one after another.
private final class PieceFile {
    private static let headerSize = 13
    private let descriptor: Int32
    private var readOffset: off_t = 0
    private var writeOffset: off_t = 0

    init?(folder: String) {
        var template = Array("\(folder)/gradbook-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = template.withUnsafeBufferPointer { $0.baseAddress.map { unlink($0) } }
        self.descriptor = descriptor
    }

    deinit {
        Foundation.close(descriptor)
    }

    /// Why it could not be written, and nothing of the piece is there; nil where it was.
    func append(_ piece: Piece) -> String? {
        var bytes: [UInt8] = [piece.source.rawValue]
        withUnsafeBytes(of: piece.time.bitPattern) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(piece.bytes.count)) { bytes.append(contentsOf: $0) }
        bytes += piece.bytes
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, writeOffset + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = String(cString: strerror(errno))
                ftruncate(descriptor, writeOffset)
                return failure
            }
            done += count
        }
        writeOffset += off_t(bytes.count)
        return nil
    }

    /// The next pieces, at least one where there is any.
    func next(upTo limit: Int) -> [Piece] {
        var pieces: [Piece] = []
        var size = 0
        while readOffset < writeOffset, size < limit {
            guard let header = read(Self.headerSize) else { break }
            let time = header.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 1, as: UInt64.self) }
            let count = header.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 9, as: UInt32.self) }
            guard let source = PieceSource(rawValue: header[0]), let bytes = read(Int(count)) else { break }
            pieces.append(Piece(source, at: Double(bitPattern: time), bytes))
            size += bytes.count
        }
        return pieces
    }

    private func read(_ count: Int) -> [UInt8]? {
        var done = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while done < count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + done }, count - done, readOffset + off_t(done))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                done += got
            }
            initialized = done
        }
        guard done == count else { return nil }
        readOffset += off_t(count)
        return bytes
    }
}
