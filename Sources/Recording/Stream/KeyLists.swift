/// The lists of keys that processes declared for their frames.
///
/// Bounded: with more than ``largestSize`` bytes of names the lists of the process that used its own the longest ago are
/// forgotten, so that a job may start any number of processes one after the other.
struct KeyLists: Sendable {
    static let largestSize = 8 << 20

    private struct Owner {
        var lists: [UInt8: [LoggedKey?]] = [:]
        var size = 0
        var lastUse = 0
    }

    private var owners: [UInt32: Owner] = [:]
    private var size = 0
    private var uses = 0

    mutating func declare(_ list: KeyList, by process: UInt32) {
        uses += 1
        var owner = owners.removeValue(forKey: process) ?? Owner()
        let change = Self.size(list.keys) - (owner.lists[list.number].map(Self.size) ?? 0)
        owner.lists[list.number] = list.keys
        owner.size += change
        owner.lastUse = uses
        size += change
        while size > Self.largestSize, let oldest = owners.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            owners[oldest.key] = nil
            size -= oldest.value.size
        }
        owners[process] = owner
    }

    /// The keys of a list, nil where nobody declared it.
    mutating func keys(_ number: UInt8, of process: UInt32) -> [LoggedKey?]? {
        uses += 1
        owners[process]?.lastUse = uses
        return owners[process]?.lists[number]
    }

    private static func size(_ keys: [LoggedKey?]) -> Int {
        keys.reduce(64) { $0 + 80 + ($1?.name.utf8.count ?? 0) }
    }
}
