/// A stream whose value at any place is a pure function of seed, stream index and place.
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
    private var place: UInt64 = 0
    private var block = SIMD2<UInt64>()

    /// Starts at place 0 of the stream with this index.
    package init(seed: UInt64, index: UInt64) {
        philox = Philox(key: SIMD2(halvesOf: seed))
        self.index = index
    }

    /// Draws 64 uniform bits.
    package mutating func next() -> UInt64 {
        if place.isMultiple(of: 2) {
            block = values(inBlock: place / 2)
        }
        defer { place &+= 1 }
        return block[Int(place % 2)]
    }

    /// Draws a multiple of 2^-53 in [0, 1).
    package mutating func unitDouble() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// The value that the call of ``next()`` with this number, counted from 0, returns.
    package func value(at place: UInt64) -> UInt64 {
        values(inBlock: place / 2)[Int(place % 2)]
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
