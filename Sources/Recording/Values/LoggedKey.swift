import Foundation

/// The name under which values are recorded, such as `train/loss`.
///
/// Names are in Unicode's form NFC, so that é in one scalar and in two is one key, and its bytes are the same. Keys are equal as
/// Swift's strings are. A copy costs a reference, and comparing copies of one key compares references.
package struct LoggedKey: Sendable {
    /// In UTF-8; a longer name is refused, and stays as it is.
    package static let largestSize = 1000

    private final class Content: Sendable {
        let name: String
        let group: String
        let hash: Int

        init(_ name: String, group: String) {
            (self.name, self.group, hash) = (name, group, name.hashValue)
        }
    }

    private let content: Content

    package init(_ name: String) {
        let normal = Self.normalized(name)
        let group = normal.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(normal[..<$0]) } ?? ""
        content = Content(normal, group: group)
    }

    package var name: String { content.name }
    /// What stands before the first `/`, or nothing: values of one group are counted together where no step is given.
    package var group: String { content.group }

    /// Whether a value may be recorded under it: SQLite ends a text at a zero byte.
    var isAllowed: Bool { !name.isEmpty && name.utf8.count <= Self.largestSize && !name.utf8.contains(0) }

    /// Whether both are copies of one key; equal keys need not be.
    @inline(__always)
    func isCopy(of other: Self) -> Bool { content === other.content }

    /// The same for all copies, as long as one of them lives.
    @inline(__always)
    var identity: ObjectIdentifier { ObjectIdentifier(content) }

    private static func normalized(_ name: String) -> String {
        // A name of megabytes is refused, and not worth the time.
        guard name.utf8.count <= largestSize, !name.utf8.allSatisfy({ $0 < 0x80 }) else { return name }
        return name.precomposedStringWithCanonicalMapping
    }
}

extension LoggedKey: Hashable {
    @inline(__always)
    package static func == (first: Self, second: Self) -> Bool {
        first.isCopy(of: second) || first.content.hash == second.content.hash && first.name == second.name
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(content.hash)
    }
}

/// A key and its value.
package struct LoggedEntry: Sendable, Hashable {
    package let key: LoggedKey
    package internal(set) var value: LoggedValue

    package init(_ key: LoggedKey, _ value: LoggedValue) {
        (self.key, self.value) = (key, value)
    }

    package init(_ name: String, _ value: LoggedValue) {
        self.init(LoggedKey(name), value)
    }
}
