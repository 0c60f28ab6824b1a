#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The numbers that NumPy 2.4's `np.random.seed(k)` and the legacy functions after it produce, bit for bit.
///
/// All functions draw from one ``MersenneTwister``, so the order of calls is part of the stream. A normal value may stay
/// cached between calls (see ``standardNormal()``); a new stream starts with an empty cache.
package struct NumPyStream: Sendable {
    var generator: MersenneTwister
    var cachedNormal: Double?

    /// Starts the stream of `np.random.seed(seed)`.
    package init(seed: UInt32) {
        generator = MersenneTwister(seed: seed)
    }

    /// Starts the stream of `np.random.seed([...])`, which needs at least one word.
    ///
    /// `seedArray: [100]` and `seed: 100` are different streams.
    package init(seedArray: [UInt32]) {
        generator = MersenneTwister(key: seedArray)
    }

    /// Draws a multiple of 2^-53 in [0, 1) from two words (`random_sample`, `rand`).
    package mutating func randomSample() -> Double {
        let high = Double(generator.next() >> 5)
        let low = Double(generator.next() >> 6)
        return (high * 0x1p26 + low) * 0x1p-53
    }

    /// Draws `low + (high - low) * u` with `u` from ``randomSample()`` (`uniform`), rounded after every operation.
    package mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * randomSample()
    }

    /// Draws and discards as many values of ``randomSample()`` as asked for, to arrive where an earlier caller stopped.
    package mutating func skip(samples: Int) {
        precondition(samples >= 0, "the number of samples to skip must be at least 0, not \(samples)")
        for _ in 0..<samples {
            _ = randomSample()
        }
    }
}

extension NumPyStream {
    /// Draws an integer in 0...m, every value equally likely; m = 0 draws nothing.
    ///
    /// Masked rejection: words are cut to the bits of `m` until one is not above it, fewer than two attempts on average.
    /// An attempt takes one word, or two (the high half first) when `m` needs more than 32 bits.
    package mutating func integer(through m: UInt64) -> UInt64 {
        guard m > 0 else { return 0 }
        let mask = UInt64.max >> UInt64(m.leadingZeroBitCount)
        while true {
            let bits = m <= UInt64(UInt32.max) ? UInt64(generator.next()) : generator.nextUInt64()
            let value = bits & mask
            if value <= m {
                return value
            }
        }
    }

    /// Puts the elements in random order from the last to the first (`np.random.shuffle`).
    ///
    /// One bounded integer for each element but one. Specialized for indices, the order of an epoch.
    @specialized(where Element == Int)
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for i in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(i, Int(integer(through: UInt64(i))))
        }
    }

    /// Shuffles 0..<n (`np.random.permutation`).
    package mutating func permutation(_ n: Int) -> [Int] {
        precondition(n >= 0, "a permutation has at least 0 elements, not \(n)")
        var order = Array(0..<n)
        shuffle(&order)
        return order
    }
}

extension NumPyStream {
    /// Draws from the standard normal distribution (`randn`, `standard_normal`).
    ///
    /// Marsaglia's polar method makes two values at a time: the second is returned and the first is kept for the next
    /// call. The kept value outlives calls of all other functions. Equal to NumPy as far as the platform's `log` is.
    package mutating func standardNormal() -> Double {
        if let cached = cachedNormal {
            cachedNormal = nil
            return cached
        }
        var x1: Double
        var x2: Double
        var squaredRadius: Double
        repeat {
            x1 = 2 * randomSample() - 1
            x2 = 2 * randomSample() - 1
            squaredRadius = x1 * x1 + x2 * x2
        } while squaredRadius >= 1 || squaredRadius == 0
        let factor = (-2 * log(squaredRadius) / squaredRadius).squareRoot()
        cachedNormal = factor * x1
        return factor * x2
    }

    /// Draws `mean + standardDeviation * z` with `z` from ``standardNormal()`` (`normal`).
    package mutating func normal(mean: Double, standardDeviation: Double) -> Double {
        precondition(
            standardDeviation >= 0, "the standard deviation must be at least 0, not \(standardDeviation)")
        return mean + standardDeviation * standardNormal()
    }
}
