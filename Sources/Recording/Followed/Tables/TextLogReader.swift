/// Takes the bytes of a growing file of CSV or of JSON lines: which of them the first byte that is no blank says.
package struct TextLogReader: Sendable {
    private enum Format {
        case unknown
        case json(JSONLogReader)
        case csv(CSVLogReader)
        /// Nothing is read.
        case none
    }

    private var format = Format.unknown
    private var before = FollowedCounts()
    /// What came before the first byte that is no blank.
    private var head: [UInt8] = []
    private var isAtStart = true

    package init() {}

    package var counts: FollowedCounts {
        var counts = before
        switch format {
        case .json(let reader): counts.add(reader.counts)
        case .csv(let reader): counts.add(reader.counts)
        case .unknown, .none: break
        }
        return counts
    }

    /// What was counted so far is no more.
    package mutating func resetCounts() {
        before = FollowedCounts()
        switch take() {
        case .json(var reader):
            reader.counts = FollowedCounts()
            format = .json(reader)
        case .csv(var reader):
            reader.counts = FollowedCounts()
            format = .csv(reader)
        case let other: format = other
        }
    }

    /// Calls `body` with each item that the piece completes.
    package mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (FollowedItem) -> Void) {
        if case .unknown = format {
            let taken = recognize(piece, body)
            taken.withUnsafeBytes { readRecognized($0, body) }
        } else {
            readRecognized(piece, body)
        }
    }

    package mutating func read(_ piece: [UInt8], _ body: (FollowedItem) -> Void) {
        piece.withUnsafeBytes { read($0, body) }
    }

    /// The file has ended: gives a last line without a line feed.
    ///
    /// What follows is a file of its own.
    package mutating func finish(_ body: (FollowedItem) -> Void) {
        switch take() {
        case .json(var reader):
            reader.finish(body)
            before.add(reader.counts)
        case .csv(var reader):
            reader.finish(body)
            before.add(reader.counts)
        case .unknown, .none: break
        }
        (head, isAtStart) = ([], true)
    }

    /// The file starts again, and what it had of a last line will not come; counts stay.
    package mutating func restart() {
        before = counts
        (format, head, isAtStart) = (.unknown, [], true)
    }

    // MARK: - Internals

    private mutating func readRecognized(_ piece: UnsafeRawBufferPointer, _ body: (FollowedItem) -> Void) {
        switch take() {
        case .json(var reader):
            reader.read(piece, body)
            format = .json(reader)
        case .csv(var reader):
            reader.read(piece, body)
            format = .csv(reader)
        case let other: format = other
        }
    }

    /// So that nothing is copied when it changes.
    private mutating func take() -> Format {
        let taken = format
        format = .unknown
        return taken
    }

    /// Sees what the format is, and gives what it has to be read: all but a byte order mark and empty lines.
    private mutating func recognize(_ piece: UnsafeRawBufferPointer, _ body: (FollowedItem) -> Void) -> [UInt8] {
        head.append(contentsOf: piece)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if isAtStart {
            if head.count < mark.count, mark.starts(with: head) { return [] }
            if head.starts(with: mark) { head.removeFirst(mark.count) }
            isAtStart = false
        }
        let first = head.first { ![0x20, 0x09, 0x0D, 0x0A].contains($0) }
        if first == nil, head.last != 0x0A, head.count < TableRecords.longest { return [] }
        let taken = head
        head = []
        switch first {
        case nil: break
        case UInt8(ascii: "{")?: format = .json(JSONLogReader())
        case UInt8(ascii: "[")?:
            body(.stopped("the file begins with [; it must have an object on each line, or be a table with a header"))
            format = .none
        default: format = .csv(CSVLogReader())
        }
        return taken
    }
}
