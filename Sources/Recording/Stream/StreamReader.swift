import Foundation

/// Takes the bytes of the descriptor in pieces of any size, and gives lines and frames in their order.
///
/// Any number of processes may write, each with keys of its own for its frames. What cannot be read is counted and never ends the
/// stream; the line behind one that broke off without a line feed is found. The memory is bounded by the longest
/// line, the lists of keys, and one piece.
///
/// Who lets go of a line before the next one comes saves copying it.
package struct StreamReader: Sendable {
    package static let usualLimit = 16 << 20

    package private(set) var counts = StreamCounts()

    private enum Mode {
        /// Where a line or a frame may start.
        case start
        /// Behind the limit of a line, up to its line feed.
        case longLine
        /// Behind a frame that nobody declared, up to a line feed with a brace behind it.
        case lost(isAfterLineFeed: Bool)
    }

    private let limit: Int
    private var mode = Mode.start
    /// The beginning of a line or frame whose end has not come, and how much of it has no line feed.
    private var pending: [UInt8] = []
    private var longLine: LongLine?
    private var reader = LineReader()
    private var frames = FrameReader()

    /// Lines longer than `limit` bytes are cut.
    package init(limit: Int = StreamReader.usualLimit) {
        precondition(limit >= 4096, "a limit of \(limit) bytes is less than the 4096 of one write")
        self.limit = limit
    }

    /// Calls `body` with each item that the piece completes.
    package mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) {
        var place = 0
        while place < piece.count {
            let rest = UnsafeRawBufferPointer(rebasing: piece[place...])
            switch mode {
            case .longLine: place += skipLongLine(rest, body)
            case .lost(let isAfterLineFeed): place += skipLost(rest, isAfterLineFeed)
            case .start: place += pending.isEmpty ? readDirectly(rest, body) : addToPending(rest, body)
            }
        }
    }

    /// Calls `body` with each item that the piece completes.
    package mutating func read(_ piece: [UInt8], _ body: (StreamItem) -> Void) {
        piece.withUnsafeBytes { read($0, body) }
    }

    /// The stream ended: what is left is a last line without a line feed, or a frame without its end.
    package mutating func finish(_ body: (StreamItem) -> Void) {
        let left = pending
        pending = []
        endLongLine(body)
        guard let first = left.first else { return }
        if first == Self.frameMark {
            counts.incompleteFrames += 1
            counts.skippedBytes += left.count
        } else {
            left.withUnsafeBytes { readLine($0, body) }
        }
    }

    // MARK: - Internals

    private static let frameMark: UInt8 = 0x01
    private static let lineFeed: UInt8 = 0x0A

    /// Reads an item that lies in the piece as a whole, or keeps its beginning; how many bytes that took.
    private mutating func readDirectly(_ bytes: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) -> Int {
        if bytes[0] == Self.frameMark {
            guard let size = frameSize(bytes) else { return keep(bytes) }
            guard size > 0 else { return loseTrack() }
            guard size <= bytes.count else { return keep(bytes) }
            readFrame(UnsafeRawBufferPointer(rebasing: bytes[..<size]), body)
            return size
        }
        guard let end = Self.firstLineFeed(bytes), end <= limit else {
            guard bytes.count > limit else { return keep(bytes) }
            return cut(UnsafeRawBufferPointer(rebasing: bytes[..<limit]), body)
        }
        readLine(UnsafeRawBufferPointer(rebasing: bytes[..<end]), body)
        return end + 1
    }

    /// Adds to the item that is kept as much as it may need, and reads it when it is complete.
    private mutating func addToPending(_ bytes: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) -> Int {
        if pending[0] == Self.frameMark { return addToFrame(bytes, body) }
        let end = Self.firstLineFeed(bytes)
        let room = limit - pending.count
        guard (end ?? bytes.count) <= room else {
            pending.append(contentsOf: bytes[..<room])
            takePending { _ = $0.cut($1, body) }
            return room
        }
        pending.append(contentsOf: bytes[..<(end ?? bytes.count)])
        guard let end else { return bytes.count }
        takePending { $0.readLine($1, body) }
        return end + 1
    }

    private mutating func addToFrame(_ bytes: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) -> Int {
        let known = pending.withUnsafeBytes { frameSize($0) }
        let missing = (known ?? FrameReader.headerSize) - pending.count
        if known == 0 {
            _ = loseTrack()
            let lost = pending
            let skipped = lost.withUnsafeBytes { skipLost($0, false) }
            pending = Array(lost[skipped...])
            return 0
        }
        let taken = min(missing, bytes.count)
        pending.append(contentsOf: bytes[..<taken])
        if let known, pending.count == known { takePending { $0.readFrame($1, body) } }
        return taken
    }

    /// Gives the pending bytes to `body`, and keeps their memory unless it is large.
    private mutating func takePending(_ body: (inout Self, UnsafeRawBufferPointer) -> Void) {
        var taken: [UInt8] = []
        swap(&taken, &pending)
        taken.withUnsafeBytes { body(&self, $0) }
        guard taken.count <= 64 << 10 else { return }
        taken.removeAll(keepingCapacity: true)
        pending = taken
    }

    private mutating func keep(_ bytes: UnsafeRawBufferPointer) -> Int {
        pending.append(contentsOf: bytes)
        return bytes.count
    }

    private mutating func readLine(_ bytes: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) {
        if bytes.isEmpty || bytes[0] <= 0x20 && bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return }
        do throws(LineError) {
            take(try reader.read(bytes), body)
        } catch {
            readTornLine(bytes, error, body)
        }
    }

    private mutating func readTornLine(
        _ bytes: UnsafeRawBufferPointer, _ error: LineError, _ body: (StreamItem) -> Void
    ) {
        for part in TornLine.parts(of: bytes, error, &reader) {
            switch part {
            case .line(let line): take(line, body)
            case .unreadable:
                counts.unreadableLines += 1
                body(part)
            }
        }
    }

    @inline(__always)
    private mutating func take(_ line: LoggedLine, _ body: (StreamItem) -> Void) {
        counts.lines += 1
        if !line.declarations.isEmpty { declareLists(of: line) }
        body(.line(line))
    }

    private mutating func declareLists(of line: LoggedLine) {
        for case .keys(let list) in line.declarations { frames.declare(list, by: line.processID ?? 0) }
    }

    private mutating func cut(_ bytes: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) -> Int {
        counts.cutLines += 1
        mode = .longLine
        longLine = LongLine(bytes)
        body(.unreadable(UnreadableBytes(bytes, "it has more than \(limit) bytes")))
        return bytes.count
    }

    private mutating func skipLongLine(_ bytes: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) -> Int {
        let end = Self.firstLineFeed(bytes)
        longLine?.skip(UnsafeRawBufferPointer(rebasing: bytes[..<(end ?? bytes.count)]))
        guard let end else { return bytes.count }
        endLongLine(body)
        return end + 1
    }

    private mutating func endLongLine(_ body: (StreamItem) -> Void) {
        mode = .start
        guard let ended = longLine else { return }
        longLine = nil
        counts.skippedBytes += ended.skipped
        if let (line, size) = ended.lastObject(&reader) {
            counts.skippedBytes -= size
            take(line, body)
        }
    }

    // MARK: - Frames

    /// Nil as long as the header is incomplete; 0 where nobody declared the keys.
    @inline(__always)
    private mutating func frameSize(_ bytes: UnsafeRawBufferPointer) -> Int? {
        bytes.count >= FrameReader.headerSize ? frames.size(bytes) ?? 0 : nil
    }

    @inline(__always)
    private mutating func readFrame(_ bytes: UnsafeRawBufferPointer, _ body: (StreamItem) -> Void) {
        if frames.read(bytes, { body(.line($0)) }) { counts.frames += 1 } else { counts.refusedFrames += 1 }
    }

    /// A frame of unknown size: takes its mark only, since the header may hold anything.
    private mutating func loseTrack() -> Int {
        counts.undeclaredFrames += 1
        mode = .lost(isAfterLineFeed: false)
        return 0
    }

    private mutating func skipLost(_ bytes: UnsafeRawBufferPointer, _ isAfterLineFeed: Bool) -> Int {
        var isAfter = isAfterLineFeed
        for (place, byte) in bytes.enumerated() {
            if isAfter, byte == UInt8(ascii: "{") {
                mode = .start
                counts.skippedBytes += place
                return place
            }
            isAfter = byte == Self.lineFeed
        }
        mode = .lost(isAfterLineFeed: isAfter)
        counts.skippedBytes += bytes.count
        return bytes.count
    }

    private static func firstLineFeed(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress, let found = memchr(base, 0x0A, bytes.count) else { return nil }
        return base.distance(to: UnsafeRawPointer(found))
    }
}
