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
