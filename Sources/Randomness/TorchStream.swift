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

extension TorchStream {
    /// Draws values in [0, 1) (`torch.rand`): multiples of 2^-24 for Float, of 2^-53 for Double.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func rand<Scalar: TorchScalar>(_ count: Int, as scalar: Scalar.Type = Scalar.self) -> [Scalar] {
        precondition(count >= 0, "the number of values must be at least 0, not \(count)")
        return (0..<count).map { _ in Scalar.unitUniform(from: &generator) }
    }

    /// Draws `low + u * (high - low)` with `u` as in ``rand(_:as:)`` (`uniform_`).
    ///
    /// Both bounds are first rounded to `Scalar`; the product and the sum are then one fused operation.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func uniform<Scalar: TorchScalar>(
        _ low: Double, _ high: Double, count: Int, as scalar: Scalar.Type = Scalar.self
    ) -> [Scalar] {
        precondition(low <= high, "the lower bound must not exceed the upper one: \(low) > \(high)")
        let start = Scalar(low)
        let width = Scalar(high) - start
        return rand(count, as: scalar).map { start.addingProduct($0, width) }
    }
}

extension TorchStream {
    /// Draws integers in low..<high (`torch.randint`) as `low + bits mod (high - low)`, so with a slight bias.
    ///
    /// A value takes one word when `high - low` is below 2^28, else 64 bits.
    package mutating func randint(low: Int, high: Int, count: Int) -> [Int] {
        precondition(low < high, "the lower bound must be below the upper one: \(low) >= \(high)")
        precondition(count >= 0, "the number of values must be at least 0, not \(count)")
        let width = UInt64(truncatingIfNeeded: high &- low)
        return (0..<count).map { _ in
            let bits = width < 1 << 28 ? UInt64(generator.next()) : nextUInt64()
            return low &+ Int(truncatingIfNeeded: bits % width)
        }
    }

    /// Puts 0..<n in random order (`torch.randperm`), from the first place to the last.
    ///
    /// Takes n - 1 words and rejects none. PyTorch uses another algorithm from n = 2^32 / 20 on, which is not offered.
    package mutating func randperm(_ n: Int) -> [Int] {
        let limit = Int(UInt32.max / 20)
        precondition((0..<limit).contains(n), "a permutation has 0 to \(limit - 1) elements, not \(n)")
        var order = Array(0..<n)
        for i in order.indices.dropLast() {
            order.swapAt(i, i + Int(generator.next()) % (n - i))
        }
        return order
    }

    /// Draws the order of one epoch of `DataLoader(shuffle=True)` over 0..<count.
    ///
    /// Each epoch takes two 64-bit draws: the first would seed the loader's workers and is discarded, the second seeds a
    /// fresh stream whose ``randperm(_:)`` is the order.
    package mutating func dataLoaderOrder(count: Int) -> [Int] {
        _ = nextUInt64()
        var epoch = TorchStream(seed: random63())
        return epoch.randperm(count)
    }
}
