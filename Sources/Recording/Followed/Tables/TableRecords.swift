import Foundation

/// Cuts the bytes of a growing CSV or TSV file into records, whatever the pieces in which they come.
///
/// As RFC 4180 has it: a quote at the start of a cell encloses it, two quotes in it are one. Records end with LF or CRLF. The last
/// one waits for its line feed. The memory is bounded by the longest record.
struct TableRecords: Sendable {
    static let longest = 1 << 20

    private enum Place {
        case cellStart
        case cell
        case quoted
        /// Behind a quote in a quoted cell.
        case quote
        /// Behind the limit, up to a line feed.
        case tooLong
    }

    enum Item {
        case record(UnsafeRawBufferPointer)
        /// The beginning of a record that is too long.
        case tooLong(UnsafeRawBufferPointer)
    }

    private var place = Place.cellStart
    private var pending: [UInt8] = []
    /// What separates cells; any of comma, tab and semicolon as long as it is unknown.
    var delimiter: UInt8?

    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (inout Self, Item) -> Void) {
        var start = 0
        var next = 0
        while next < piece.count {
            let index = next
            if index == start, pending.isEmpty, place == .cellStart, let end = Self.plainRecord(piece, from: index) {
                give(piece, start..<end, body)
                (start, next) = (end + 1, end + 1)
                continue
            }
            next += 1
            let byte = piece[index]
            switch place {
            case .tooLong:
                if byte == Self.lineFeed { (place, start) = (.cellStart, index + 1) }
                continue
            case .quoted:
                if byte == Self.quotationMark { place = .quote }
            case .quote where byte == Self.quotationMark: place = .quoted
            case .cellStart where byte == Self.quotationMark: place = .quoted
            default:
                if byte == Self.lineFeed {
                    place = .cellStart
                    give(piece, start..<index, body)
                    start = index + 1
                } else {
                    place = isDelimiter(byte) ? .cellStart : .cell
                }
            }
            if pending.count + index - start >= Self.longest {
                pending.append(contentsOf: piece[start...index])
                takePending { body(&$0, .tooLong($1)) }
                place = .tooLong
            }
        }
        if place != .tooLong, start < piece.count { pending.append(contentsOf: piece[start...]) }
    }

    /// Gives the last record, if it has no line feed; nothing comes behind it.
    mutating func finish(_ body: (inout Self, Item) -> Void) {
        defer { place = .cellStart }
        guard place != .tooLong, !pending.isEmpty else { return }
        takePending { body(&$0, .record($1)) }
    }

    /// Calls `body` with each cell of a record, without its quotes.
    static func cells(_ record: UnsafeRawBufferPointer, delimiter: UInt8, _ body: (UnsafeRawBufferPointer) -> Void) {
        var place = 0
        while true {
            if place < record.count, record[place] == quotationMark {
                quotedCell(record, &place, delimiter).withUnsafeBytes(body)
            } else {
                let start = place
                while place < record.count, record[place] != delimiter { place += 1 }
                body(UnsafeRawBufferPointer(rebasing: record[start..<place]))
            }
            guard place < record.count else { return }
            place += 1
        }
    }

    // MARK: - Internals

    static let lineFeed: UInt8 = 0x0A
    private static let quotationMark = UInt8(ascii: "\"")

    /// Where a record without a quote ends, the most frequent one; nil where it has one, or no end here.
    private static func plainRecord(_ piece: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = piece.baseAddress, let found = memchr(base + start, Int32(lineFeed), piece.count - start)
        else {
            return nil
        }
        let end = base.distance(to: UnsafeRawPointer(found))
        let isPlain = end - start < longest && memchr(base + start, Int32(quotationMark), end - start) == nil
        return isPlain ? end : nil
    }

    @inline(__always)
    private func isDelimiter(_ byte: UInt8) -> Bool {
        if let delimiter { return byte == delimiter }
        return byte == UInt8(ascii: ",") || byte == 0x09 || byte == UInt8(ascii: ";")
    }

    private mutating func give(
        _ piece: UnsafeRawBufferPointer, _ range: Range<Int>, _ body: (inout Self, Item) -> Void
    ) {
        let bytes = UnsafeRawBufferPointer(rebasing: piece[range])
        if pending.isEmpty { return body(&self, .record(Self.withoutReturn(bytes))) }
        pending.append(contentsOf: bytes)
        takePending { body(&$0, .record(Self.withoutReturn($1))) }
    }

    private mutating func takePending(_ body: (inout Self, UnsafeRawBufferPointer) -> Void) {
        let taken = pending
        pending = []
        taken.withUnsafeBytes { body(&self, $0) }
    }

    private static func withoutReturn(_ record: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        record.last == 0x0D ? UnsafeRawBufferPointer(rebasing: record.dropLast()) : record
    }

    /// What is enclosed, and what follows the closing quote up to the delimiter.
    private static func quotedCell(
        _ record: UnsafeRawBufferPointer, _ place: inout Int, _ delimiter: UInt8
    ) -> [UInt8] {
        var cell: [UInt8] = []
        var isInside = true
        place += 1
        while place < record.count, isInside || record[place] != delimiter {
            if isInside, record[place] == quotationMark {
                if place + 1 < record.count, record[place + 1] == quotationMark {
                    cell.append(quotationMark)
                    place += 1
                } else {
                    isInside = false
                }
            } else {
                cell.append(record[place])
            }
            place += 1
        }
        return cell
    }
}
