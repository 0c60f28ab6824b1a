/// The groups of the keys of the lines before, found by the identity of the key.
struct GroupCache: Sendable {
    /// Keys that collide take the place of each other.
    private static let count = 256

    private struct Entry {
        /// It lives, so that its identity is not that of another.
        var key: LoggedKey
        var group: Int
    }

    private var entries: [Entry] = []

    subscript(key: LoggedKey) -> Int? {
        get {
            guard !entries.isEmpty else { return nil }
            let place = Self.place(of: key)
            return entries[place].key.isCopy(of: key) ? entries[place].group : nil
        }
        set {
            guard let newValue else { return }
            if entries.isEmpty { entries = [Entry](repeating: Entry(key: key, group: newValue), count: Self.count) }
            entries[Self.place(of: key)] = Entry(key: key, group: newValue)
        }
    }

    private static func place(of key: LoggedKey) -> Int {
        // The lowest bits of addresses are equal.
        let bits = UInt(bitPattern: key.identity)
        return Int(truncatingIfNeeded: (bits >> 4 ^ bits >> 12) % UInt(count))
    }
}
