/// Cuts the bytes of a growing event file into records, whatever the pieces in which they come.
///
/// A record is its length in 8 bytes, the length's checksum in 4, the data, and their checksum in 4, all little-endian
/// (`tensorflow/core/lib/io/record_writer.h`). A length whose checksum does not match says nothing of where the next record begins:
/// nothing behind it is read. Behind data whose checksum does not match the next record begins where the length says. The memory is
/// bounded by ``largestKept``; larger records, which hold no number anybody needs, are passed over.
struct EventRecords: Sendable {
    static let largestKept = 16 << 20

    enum Item {
        case record(UnsafeRawBufferPointer)
        /// Its checksum does not match.
        case damaged
        case tooLarge
        /// Nothing more comes; the sentence ends one that names the file.
        case stopped(String)
    }

    private enum State {
        case head
        case data(size: Int)
        case skipping(rest: UInt64)
        case stopped
    }

    private var state = State.head
    private var pending: [UInt8] = []
    /// Of the next byte in the file.
    private var offset: UInt64 = 0

    /// Whether bytes of a record are there whose end is not.
    var hasRest: Bool {
        switch state {
        case .head: !pending.isEmpty
        case .data, .skipping: true
        case .stopped: false
        }
    }

    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (Item) -> Void) {
        var place = 0
        while place < piece.count {
            switch state {
            case .stopped: return
            case .skipping(let rest):
                let count = Int(min(rest, UInt64(piece.count - place)))
                place += count
                offset += UInt64(count)
                state = rest == UInt64(count) ? .head : .skipping(rest: rest - UInt64(count))
            case .head: take(12, piece, &place) { $0.head($1, body) }
            case .data(let size):
                take(size + 4, piece, &place) { reader, bytes in
                    reader.state = .head
                    let data = UnsafeRawBufferPointer(rebasing: bytes.prefix(size))
                    let isIntact = Self.checksum(bytes, at: size) == CRC32.masked(CRC32.castagnoli.checksum(data))
                    body(isIntact ? .record(data) : .damaged)
                }
            }
        }
    }

    // MARK: - Internals

    /// Calls `body` with the next `count` bytes, once they are there.
    private mutating func take(
        _ count: Int, _ piece: UnsafeRawBufferPointer, _ place: inout Int,
        _ body: (inout Self, UnsafeRawBufferPointer) -> Void
    ) {
        let taken = min(count - pending.count, piece.count - place)
        let bytes = UnsafeRawBufferPointer(rebasing: piece[place..<place + taken])
        place += taken
        offset += UInt64(taken)
        if taken == count { return body(&self, bytes) }
        pending.append(contentsOf: bytes)
        guard pending.count == count else { return }
        let whole = pending
        pending = []
        whole.withUnsafeBytes { body(&self, $0) }
    }

    private mutating func head(_ bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) {
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        let isIntact =
            Self.checksum(bytes, at: 8)
            == CRC32.masked(CRC32.castagnoli.checksum(UnsafeRawBufferPointer(rebasing: bytes.prefix(8))))
        if !isIntact || length > UInt64(Int64.max) {
            state = .stopped
            body(
                .stopped(
                    "the length of a record at byte \(offset - 12) is damaged, so that nothing behind it can be read"))
        } else if length > UInt64(Self.largestKept) {
            state = .skipping(rest: length + 4)
            body(.tooLarge)
        } else {
            state = .data(size: Int(length))
        }
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }
}
