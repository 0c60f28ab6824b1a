import Foundation

/// What stood before each value of the line before: `{"step": `, `, "loss": ` and so on.
///
/// A program writes the same again and again, and comparing bytes takes less time than reading them. Whatever differs is read.
struct UsualMembers: Sendable {
    /// What a member is, as far as that is of use for the next line.
    enum Kind: Sendable {
        case step
        case time
        case processID
        /// The value under a key, which the members keep.
        case value(ObjectIdentifier)
        /// To be read again.
        case other
    }

    private static let largestSize = 16 << 10

    private struct Member {
        /// Where its bytes end.
        let end: Int
        let kind: Kind
        /// It lives, so that its identity is not that of another.
        let key: LoggedKey?
    }

    private var bytes: [UInt8] = []
    private var members: [Member] = []

    /// What the member is, and where its value begins, if the scanner is at the same bytes as in the line before.
    @inline(__always)
    func match(_ index: Int, _ scanner: LineScanner) -> (kind: Kind, valueStart: Int)? {
        guard index < members.count else { return nil }
        let start = index == 0 ? 0 : members[index &- 1].end
        let size = members[index].end &- start
        guard size <= scanner.bytes.count &- scanner.place, let line = scanner.bytes.baseAddress else { return nil }
        let isEqual = bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp($0 + start, line + scanner.place, size) == 0 } ?? false
        }
        return isEqual ? (members[index].kind, scanner.place &+ size) : nil
    }

    /// Keeps what stands before the value of a member, and forgets those behind it.
    mutating func learn(_ index: Int, _ text: UnsafeRawBufferPointer, _ kind: Kind, _ key: LoggedKey?) {
        guard index <= members.count else { return }
        if index < members.count { members.removeLast(members.count - index) }
        let start = members.last?.end ?? 0
        bytes.removeLast(bytes.count - start)
        guard start + text.count <= Self.largestSize else { return }
        bytes.append(contentsOf: text)
        members.append(Member(end: bytes.count, kind: kind, key: key))
    }
}
