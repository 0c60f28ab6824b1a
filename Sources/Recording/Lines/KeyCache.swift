import Foundation

/// The keys of the lines before, found by their bytes: a program logs the same ones all the time.
///
/// It holds ``slots`` keys of ``longest`` bytes at most; a key that collides with another takes its place.
struct KeyCache: Sendable {
    /// Two to the power of the nine bits that ``slot(_:)`` leaves.
    private static let slots = 512
    private static let longest = 64

    private var counts: [UInt8]
    private var bytes: [UInt8]
    private var keys: [LoggedKey]

    init() {
        self.init(
            counts: [UInt8](repeating: 0, count: Self.slots),
            bytes: [UInt8](repeating: 0, count: Self.slots * Self.longest),
            keys: [LoggedKey](repeating: LoggedKey(""), count: Self.slots))
    }

    private init(counts: [UInt8], bytes: [UInt8], keys: [LoggedKey]) {
        (self.counts, self.bytes, self.keys) = (counts, bytes, keys)
    }

    /// Of no use but to stand where a cache was taken out; it allocates nothing.
    static var empty: Self { Self(counts: [], bytes: [], keys: []) }

    /// The key with these bytes; nil if they are no UTF-8.
    @inline(__always)
    mutating func key(_ raw: UnsafeRawBufferPointer) -> LoggedKey? {
        guard raw.count <= Self.longest, raw.count > 0 else {
            return String(validating: raw, as: UTF8.self).map { LoggedKey($0) }
        }
        let slot = Self.slot(raw)
        if Int(counts[slot]) == raw.count, isEqual(raw, slot) { return keys[slot] }
        guard let name = String(validating: raw, as: UTF8.self) else { return nil }
        let key = LoggedKey(name)
        counts[slot] = UInt8(raw.count)
        for (index, byte) in raw.enumerated() { bytes[slot * Self.longest + index] = byte }
        keys[slot] = key
        return key
    }

    @inline(__always)
    private func isEqual(_ raw: UnsafeRawBufferPointer, _ slot: Int) -> Bool {
        guard let base = raw.baseAddress else { return false }
        return bytes.withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp($0 + slot &* Self.longest, base, raw.count) == 0 } ?? false
        }
    }

    /// From the size and the first and last eight bytes, in which keys of a program differ.
    @inline(__always)
    private static func slot(_ raw: UnsafeRawBufferPointer) -> Int {
        var hash = UInt64(raw.count)
        if raw.count >= 8 {
            hash ^= raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            let last = raw.loadUnaligned(fromByteOffset: raw.count &- 8, as: UInt64.self)
            hash = hash &* 0x9E37_79B9_7F4A_7C15 ^ last
        } else {
            for index in 0..<raw.count { hash = hash << 8 ^ UInt64(raw.load(fromByteOffset: index, as: UInt8.self)) }
        }
        // The high bits of the product depend on all others.
        return Int(truncatingIfNeeded: (hash &* 0xFF51_AFD7_ED55_8CCD) >> 55)
    }
}
