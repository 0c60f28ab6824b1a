/// The keys of the lines before, found by their bytes: a program logs the same ones all the time.
///
/// It holds ``slots`` keys of ``longest`` bytes at most; a key that collides with another takes its place.
struct KeyCache: Sendable {
    private static let slots = 512
    private static let longest = 64

    private var counts: [UInt8]
    private var bytes: [UInt8]
    private var keys: [MetricKey]

    init() {
        self.init(
            counts: [UInt8](repeating: 0, count: Self.slots),
            bytes: [UInt8](repeating: 0, count: Self.slots * Self.longest),
            keys: [MetricKey](repeating: MetricKey(""), count: Self.slots))
    }

    private init(counts: [UInt8], bytes: [UInt8], keys: [MetricKey]) {
        (self.counts, self.bytes, self.keys) = (counts, bytes, keys)
    }

    /// Of no use but to stand where a cache was taken out; it allocates nothing.
    static let empty = KeyCache(counts: [], bytes: [], keys: [])

    /// The key with these bytes; nil if they are no UTF-8.
    @inline(__always)
    mutating func key(_ raw: UnsafeRawBufferPointer) -> MetricKey? {
        guard raw.count <= Self.longest, raw.count > 0 else {
            return String(validating: raw, as: UTF8.self).map { MetricKey($0) }
        }
        let slot = Self.slot(raw)
        if Int(counts[slot]) == raw.count, isEqual(raw, slot) { return keys[slot] }
        guard let name = String(validating: raw, as: UTF8.self) else { return nil }
        let key = MetricKey(name)
        counts[slot] = UInt8(raw.count)
        for (index, byte) in raw.enumerated() { bytes[slot * Self.longest + index] = byte }
        keys[slot] = key
        return key
    }

    @inline(__always)
    private func isEqual(_ raw: UnsafeRawBufferPointer, _ slot: Int) -> Bool {
        bytes.withUnsafeBytes { bytes in
            for index in 0..<raw.count
            where bytes.load(fromByteOffset: slot &* Self.longest &+ index, as: UInt8.self)
                != raw.load(fromByteOffset: index, as: UInt8.self)
            {
                return false
            }
            return true
        }
    }

    /// FNV-1a.
    @inline(__always)
    private static func slot(_ raw: UnsafeRawBufferPointer) -> Int {
        var hash: UInt32 = 2_166_136_261
        for index in 0..<raw.count {
            hash = (hash ^ UInt32(raw.load(fromByteOffset: index, as: UInt8.self))) &* 16_777_619
        }
        return Int(hash ^ hash >> 16) & (slots - 1)
    }
}
