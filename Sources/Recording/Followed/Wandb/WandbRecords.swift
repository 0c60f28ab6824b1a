/// Cuts the bytes of a growing `.wandb` file into records, whatever the pieces in which they come.
///
/// The file is a log as LevelDB writes it, behind a header of 7 bytes that is part of the first block. Blocks have 32 KB; in each
/// stand chunks of a checksum in 4 bytes, a size in 2, a type in 1, and data, all little-endian. A record is one chunk, or a first
/// one, others, and a last one. The checksum is that of zip over type and data, not masked as LevelDB's own is.
///
/// Where a chunk is damaged its size may be, too: reading goes on at the next block, as LevelDB's reader does. The memory is bounded
/// by ``largestKept``; larger records are passed over.
struct WandbRecords: Sendable {
    static let largestKept = 16 << 20
    static let blockSize = 32 << 10

    enum Item {
        case record(UnsafeRawBufferPointer)
        /// The rest of a block is passed over, or chunks of a record are missing.
        case damaged
        case tooLarge
        /// Nothing more comes; the sentence ends one that names the file.
        case stopped(String)
    }

    private enum Kind: UInt8 {
        case full = 1
        case first = 2
        case middle = 3
        case last = 4
    }

    private enum State {
        case fileHeader
        case header
        case data(Kind, size: Int, checksum: UInt32)
        /// Up to the next block.
        case skipping
        case stopped
    }

    private enum Record {
        case none
        case open
        case tooLarge
        /// Its beginning is damaged, which was said.
        case lost
    }

    private static let headerSize = 7

    private var state = State.fileHeader
    private var pending: [UInt8] = []
    /// Of the next byte in its block.
    private var offset = 0
    private var record = Record.none
    /// The chunks of a record whose last one has not come.
    private var chunks: [UInt8] = []

    /// Whether bytes of a record are there whose end is not.
    var hasRest: Bool {
        if case .stopped = state { return false }
        if case .data = state { return true }
        if case .open = record { return true }
        return !pending.isEmpty
    }

    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (Item) -> Void) {
        var place = 0
        // A chunk may be empty.
        while place < piece.count || isEmptyChunk {
            switch state {
            case .stopped: return
            case .fileHeader: take(Self.headerSize, piece, &place) { $0.fileHeader($1, body) }
            case .skipping: skip(piece, &place)
            case .header:
                if pending.isEmpty, Self.blockSize - offset < Self.headerSize {
                    state = .skipping
                } else {
                    take(Self.headerSize, piece, &place) { $0.header($1, body) }
                }
            case .data(let kind, let size, let checksum):
                take(size, piece, &place) { $0.data($1, kind, checksum, body) }
            }
        }
    }

    // MARK: - Internals

    private var isEmptyChunk: Bool { if case .data(_, 0, _) = state { true } else { false } }

    /// Calls `body` with the next `count` bytes, once they are there.
    private mutating func take(
        _ count: Int, _ piece: UnsafeRawBufferPointer, _ place: inout Int,
        _ body: (inout Self, UnsafeRawBufferPointer) -> Void
    ) {
        let taken = min(count - pending.count, piece.count - place)
        let bytes = UnsafeRawBufferPointer(rebasing: piece[place..<place + taken])
        place += taken
        advance(taken)
        if taken == count { return body(&self, bytes) }
        pending.append(contentsOf: bytes)
        guard pending.count == count else { return }
        let whole = pending
        pending = []
        whole.withUnsafeBytes { body(&self, $0) }
    }

    private mutating func advance(_ count: Int) {
        offset = (offset + count) % Self.blockSize
    }

    private mutating func skip(_ piece: UnsafeRawBufferPointer, _ place: inout Int) {
        if offset == 0 {
            state = .header
            return
        }
        let count = min(Self.blockSize - offset, piece.count - place)
        place += count
        advance(count)
        if offset == 0 { state = .header }
    }

    private mutating func fileHeader(_ bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) {
        guard bytes.starts(with: [0x3A, 0x57, 0x26, 0x42, 0xE1, 0xBE]) else {
            state = .stopped
            return body(.stopped("it does not begin as a log of W&B"))
        }
        guard bytes[6] == 0 else {
            state = .stopped
            return body(.stopped("it is a log of W&B of version \(bytes[6]); 0 is the only one known"))
        }
        state = .header
    }

    private mutating func header(_ bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) {
        let checksum = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        let size = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)))
        let left = offset == 0 ? 0 : Self.blockSize - offset
        guard let kind = Kind(rawValue: bytes[6]), size <= left else { return lose(body) }
        state = .data(kind, size: size, checksum: checksum)
    }

    private mutating func data(
        _ bytes: UnsafeRawBufferPointer, _ kind: Kind, _ checksum: UInt32, _ body: (Item) -> Void
    ) {
        let type = withUnsafeBytes(of: kind.rawValue) { CRC32.zip.checksum($0) }
        guard CRC32.zip.checksum(bytes, after: type) == checksum else { return lose(body) }
        state = .header
        switch kind {
        case .full, .first:
            if case .open = record { body(.damaged) }
            close()
            if kind == .full { return body(.record(bytes)) }
            record = .open
            chunks = Array(bytes)
        case .middle, .last: add(bytes, isLast: kind == .last, body)
        }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer, isLast: Bool, _ body: (Item) -> Void) {
        switch record {
        case .none:
            record = isLast ? .none : .lost
            body(.damaged)
        case .lost, .tooLarge: if isLast { close() }
        case .open where chunks.count + bytes.count > Self.largestKept:
            close()
            if !isLast { record = .tooLarge }
            body(.tooLarge)
        case .open:
            chunks.append(contentsOf: bytes)
            guard isLast else { return }
            let whole = chunks
            close()
            whole.withUnsafeBytes { body(.record($0)) }
        }
    }

    private mutating func close() {
        record = .none
        chunks = []
    }

    private mutating func lose(_ body: (Item) -> Void) {
        state = .skipping
        close()
        record = .lost
        body(.damaged)
    }
}
