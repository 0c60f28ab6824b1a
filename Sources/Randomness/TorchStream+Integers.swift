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
