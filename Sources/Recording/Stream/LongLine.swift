/// A line behind its limit: how much of it was skipped, and its end, in which another line may stand.
struct LongLine: Sendable {
    private static let largestTail = 64 << 10

    private let tailSize: Int
    private var tail: [UInt8]
    private(set) var skipped = 0

    /// `beginning` is the line up to its limit, which the tail is shorter than.
    init(_ beginning: UnsafeRawBufferPointer) {
        tailSize = min(beginning.count, Self.largestTail)
        tail = Array(beginning.suffix(tailSize))
    }

    mutating func skip(_ bytes: UnsafeRawBufferPointer) {
        skipped += bytes.count
        tail.append(contentsOf: bytes.suffix(tailSize))
        if tail.count > 2 * tailSize { tail.removeFirst(tail.count - tailSize) }
    }

    /// The object at its end, and how many of the bytes that were skipped it has.
    func lastObject(_ reader: inout LineReader) -> (line: LoggedLine, size: Int)? {
        tail.withUnsafeBytes { bytes in
            let last = UnsafeRawBufferPointer(rebasing: bytes.suffix(tailSize))
            return TornLine.object(at: last, &reader).map { ($0.line, min(skipped, last.count - $0.start)) }
        }
    }
}
