/// The values of one object, flat, each key once.
///
/// A list that is used again for the next object expects the keys of the one before in their order: then only values change, and
/// nothing is compared with other keys.
struct EntryList: Sendable {
    /// A line with more is refused beyond them: a list of a million numbers is no metric.
    static let largestCount = 10_000
    /// Up to here comparing is faster than hashing.
    private static let smallCount = 16

    /// Of the object before behind ``count``; no key is there twice.
    private var entries: [LoggedEntry] = []
    private(set) var count = 0
    private(set) var duplicates = 0
    private(set) var isFull = false
    private var seen: Set<LoggedKey> = []

    /// Keeps the first value of a key, and counts others.
    @inline(__always)
    mutating func add(_ key: LoggedKey, _ value: LoggedValue) {
        if count < entries.count, entries[count].key == key { addUsual(value) } else { addOther(key, value) }
    }

    /// Whether the object before had this key here.
    @inline(__always)
    func expects(_ key: ObjectIdentifier) -> Bool { count < entries.count && entries[count].key.identity == key }

    /// The key of the last value.
    var lastKey: LoggedKey? { count > 0 ? entries[count - 1].key : nil }

    /// Adds a value under the key that is expected, of which there must be one.
    @inline(__always)
    mutating func addUsual(_ value: LoggedValue) {
        entries[count].value = value
        count &+= 1
    }

    /// The entries of this object; the list is ready for the next one.
    mutating func finish() -> [LoggedEntry] {
        truncate()
        let result = entries
        (count, duplicates, isFull) = (0, 0, false)
        if !seen.isEmpty { seen = [] }
        return result
    }

    // MARK: - Internals

    private mutating func truncate() {
        if count < entries.count { entries.removeLast(entries.count - count) }
    }

    @inline(never)
    private mutating func addOther(_ key: LoggedKey, _ value: LoggedValue) {
        truncate()
        guard isNew(key) else {
            duplicates += 1
            return
        }
        guard entries.count < Self.largestCount else {
            isFull = true
            return
        }
        if entries.isEmpty { entries.reserveCapacity(8) }
        entries.append(LoggedEntry(key, value))
        count += 1
    }

    private mutating func isNew(_ key: LoggedKey) -> Bool {
        if entries.count < Self.smallCount { return !entries.contains { $0.key == key } }
        if seen.isEmpty { for entry in entries { seen.insert(entry.key) } }
        if entries.count >= Self.largestCount { return !seen.contains(key) }
        return seen.insert(key).inserted
    }
}
