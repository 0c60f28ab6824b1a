import Tracking

/// The beginning and the end of a stream of bytes of any length.
struct StreamTail: Sendable {
    static let headSize = 64 << 10
    static let tailSize = 1 << 20

    private let name: String
    private var head: [UInt8] = []
    /// A ring, once it is full.
    private var tail: [UInt8] = []
    private var start = 0
    private var count: Int64 = 0

    init(_ name: String) {
        self.name = name
    }

    mutating func add(_ bytes: [UInt8]) {
        count += Int64(bytes.count)
        let first = min(Self.headSize - head.count, bytes.count)
        head += bytes[..<first]
        addToTail(bytes[first...].suffix(Self.tailSize))
    }

    var excerpt: StreamExcerpt {
        StreamExcerpt(stream: name, byteCount: count, head: head, tail: Array(tail[start...] + tail[..<start]))
    }

    private mutating func addToTail(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        let room = Self.tailSize - tail.count
        tail += rest.prefix(room)
        rest = rest.dropFirst(room)
        while !rest.isEmpty {
            let part = rest.prefix(Self.tailSize - start)
            tail.replaceSubrange(start..<start + part.count, with: part)
            start = (start + part.count) % Self.tailSize
            rest = rest.dropFirst(part.count)
        }
    }
}
