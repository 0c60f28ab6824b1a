/// SHA-256 as FIPS 180-4 states it, over bytes that may come in parts.
///
/// The same bytes give the same digest, however they are cut. Optimized code reads some hundred megabytes a second.
package struct SHA256: Sendable {
    private var state = initialState
    /// What does not fill a block of 64 bytes yet.
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// The hash of no bytes.
    package init() {}

    /// The digest of all of `bytes`.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(Array(bytes))
        return hash.digest
    }

    /// Appends bytes to what is hashed.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Appends the bytes of a buffer to what is hashed.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var start = 0
        if !rest.isEmpty {
            start = min(Self.blockSize - rest.count, bytes.count)
            rest.append(contentsOf: bytes[..<start])
            guard rest.count == Self.blockSize else { return }
            rest.withUnsafeBytes { Self.compress($0, into: &state) }
            rest.removeAll(keepingCapacity: true)
        }
        let end = bytes.count - (bytes.count - start) % Self.blockSize
        Self.compress(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), into: &state)
        rest.append(contentsOf: bytes[end...])
    }

    /// The 32 bytes that name what was appended so far; more may be appended afterwards.
    package var digest: [UInt8] {
        // A one, zeros, and the number of bits fill the last block (FIPS 180-4, 5.1.1).
        var last = rest
        last.append(0x80)
        let fill = (2 * Self.blockSize - 8 - last.count) % Self.blockSize
        last.append(contentsOf: repeatElement(0, count: fill))
        withUnsafeBytes(of: (byteCount &* 8).bigEndian) { last.append(contentsOf: $0) }
        var state = state
        last.withUnsafeBytes { Self.compress($0, into: &state) }
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 4] >> (24 - 8 * UInt32($0 % 4))) }
    }

    // MARK: - Internals

    private static let blockSize = 64

    /// Section 6.2.2 for each block of 64 bytes.
    private static func compress(_ blocks: UnsafeRawBufferPointer, into state: inout SIMD8<UInt32>) {
        roundConstants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
                for block in stride(from: 0, to: blocks.count, by: blockSize) {
                    for t in 0..<16 {
                        words[t] = UInt32(
                            bigEndian: blocks.loadUnaligned(fromByteOffset: block + 4 * t, as: UInt32.self))
                    }
                    for t in 16..<64 {
                        let (early, late) = (words[t - 15], words[t - 2])
                        let sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
                        let sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
                        words[t] = sigma1 &+ words[t - 7] &+ sigma0 &+ words[t - 16]
                    }
                    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
                    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
                    // Eight rounds bring each variable back to its place, so that none has to be moved.
                    for t in stride(from: 0, to: 64, by: 8) {
                        round(a, b, c, &d, e, f, g, &h, constants[t] &+ words[t])
                        round(h, a, b, &c, d, e, f, &g, constants[t + 1] &+ words[t + 1])
                        round(g, h, a, &b, c, d, e, &f, constants[t + 2] &+ words[t + 2])
                        round(f, g, h, &a, b, c, d, &e, constants[t + 3] &+ words[t + 3])
                        round(e, f, g, &h, a, b, c, &d, constants[t + 4] &+ words[t + 4])
                        round(d, e, f, &g, h, a, b, &c, constants[t + 5] &+ words[t + 5])
                        round(c, d, e, &f, g, h, a, &b, constants[t + 6] &+ words[t + 6])
                        round(b, c, d, &e, f, g, h, &a, constants[t + 7] &+ words[t + 7])
                    }
                    state &+= SIMD8(a, b, c, d, e, f, g, h)
                }
            }
        }
    }

    private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
        _ h: inout UInt32, _ word: UInt32
    ) {
        h = h &+ word &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ (g ^ e & (f ^ g))
        d = d &+ h
        h = h &+ (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ (a & b | c & (a | b))
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    /// The first 32 bits of the fractional parts of the square roots of the first eight primes (5.3.3).
    private static let initialState: SIMD8<UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
    private static let roundConstants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
