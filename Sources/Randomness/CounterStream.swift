/// A stream whose value at any position is a pure function of seed, stream index and position.
///
/// Streams of one seed with different indices are independent, so the trials of a sweep can draw in any order, on any
/// number of workers, and a later trial needs no earlier one. There are 2^64 streams to a seed and each may be read
/// for 2^64 values. Based on Philox4x32-10; a block of two values costs ten multiplication rounds.
///
/// Swift's own algorithms accept the stream, yet the bits of `shuffled(using:)` or `random(in:using:)` belong to the
/// standard library: what is stored should rest on ``next()`` and ``unitDouble()``.
package struct CounterStream: RandomNumberGenerator, Sendable {
    private let philox: Philox
    private let index: UInt64
    private var position: UInt64 = 0
    private var block = SIMD2<UInt64>()

    /// Starts at position 0 of the stream with this index.
    package init(seed: UInt64, index: UInt64) {
        philox = Philox(key: SIMD2(halvesOf: seed))
        self.index = index
    }

    /// Draws 64 uniform bits.
    package mutating func next() -> UInt64 {
        if position.isMultiple(of: 2) {
            block = values(inBlock: position / 2)
        }
        defer { position &+= 1 }
        return block[Int(position % 2)]
    }

    /// Draws a multiple of 2^-53 in [0, 1).
    package mutating func unitDouble() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// The value that the call of ``next()`` with this number, counted from 0, returns.
    package func value(at position: UInt64) -> UInt64 {
        values(inBlock: position / 2)[Int(position % 2)]
    }

    /// The counter holds the number of the block in its low and the stream's index in its high half.
    private func values(inBlock number: UInt64) -> SIMD2<UInt64> {
        let words = philox.block(at: SIMD4(lowHalf: SIMD2(halvesOf: number), highHalf: SIMD2(halvesOf: index)))
        return SIMD2(truncatingIfNeeded: words.evenHalf) | SIMD2(truncatingIfNeeded: words.oddHalf) &<< 32
    }
}

extension SIMD2<UInt32> {
    fileprivate init(halvesOf bits: UInt64) {
        self.init(UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
    }
}

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
