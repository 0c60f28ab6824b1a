/// The numbers that PyTorch 2.15's CPU generator produces after `torch.manual_seed(k)`, bit for bit.
///
/// All functions draw from one ``MersenneTwister``, so the order of calls is part of the stream. One normal value may
/// stay cached between calls (see ``randn(_:as:)``); a new stream starts with an empty cache.
///
/// The generic functions are specialized by attribute: called from another module they would otherwise take 40 times as
/// long for a value.
package struct TorchStream: Sendable {
    var generator: MersenneTwister
    var cachedNormal: Double?

    /// Starts the stream of `torch.manual_seed(seed)`.
    ///
    /// Only the low 32 bits count: -1 and 2^32 - 1 are one stream, as are 5 and 2^32 + 5.
    package init(seed: Int64) {
        generator = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed))
    }

    /// Draws 64 uniform bits, the high half first.
    package mutating func nextUInt64() -> UInt64 {
        generator.nextUInt64()
    }

    /// Draws 63 uniform bits (`torch.empty((), dtype=torch.int64).random_()`).
    package mutating func random63() -> Int64 {
        Int64(bitPattern: nextUInt64() & ((1 << 63) - 1))
    }
}
