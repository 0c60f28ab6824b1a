/// The keyed permutation Philox4x32-10, which turns a 128-bit counter into 128 random bits.
///
/// J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
struct Philox {
    private static let rounds = 10

    private let key: SIMD2<UInt32>

    init(key: SIMD2<UInt32>) {
        self.key = key
    }

    /// The block at a counter; a pure function of key and counter.
    func block(at counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        var words = counter
        var roundKey = key
        for _ in 0..<Self.rounds {
            let first = words.x.multipliedFullWidth(by: 0xD251_1F53)
            let second = words.z.multipliedFullWidth(by: 0xCD9E_8D57)
            words = SIMD4(
                second.high ^ words.y ^ roundKey.x, second.low, first.high ^ words.w ^ roundKey.y, first.low)
            roundKey &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        return words
    }
}
