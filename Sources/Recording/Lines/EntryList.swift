/// The values of one object, flat, each key once.
struct EntryList {
    /// A line with more is refused beyond them: a list of a million numbers is no metric.
    static let largestCount = 10_000
    /// Up to here comparing is faster than hashing.
    private static let smallCount = 16

    private(set) var entries: [LoggedEntry] = []
    private(set) var duplicates = 0
    private(set) var isFull = false
    private var seen: Set<LoggedKey> = []

    /// Keeps the first value of a key, and counts others.
    @inline(__always)
    mutating func add(_ key: LoggedKey, _ value: LoggedValue) {
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
    }

    @inline(__always)
    private mutating func isNew(_ key: LoggedKey) -> Bool {
        if entries.count < Self.smallCount {
            for entry in entries where entry.key == key { return false }
            return true
        }
        return isNewAmongMany(key)
    }

    private mutating func isNewAmongMany(_ key: LoggedKey) -> Bool {
        if seen.isEmpty { for entry in entries { seen.insert(entry.key) } }
        if entries.count >= Self.largestCount { return !seen.contains(key) }
        return seen.insert(key).inserted
    }
}
