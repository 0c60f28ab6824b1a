/// The 32-bit generator MT19937 that NumPy's legacy functions and PyTorch's CPU generator both draw from.
///
/// Words come in blocks of 624, so one call in 624 costs a refresh of the whole state and the others a few shifts.
/// A copy shares its 2.5 kB of state until one of the two refreshes.
///
/// M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
/// generator", ACM TOMACS 8 (1998); seeding as in the authors' 2002 revision.
package struct MersenneTwister: Sendable {
    private static let wordCount = 624
    private static let middle = 397

    private var state: [UInt32]
    private var position = MersenneTwister.wordCount

    /// Seeds the state with one integer (`init_genrand`).
    package init(seed: UInt32) {
        state = [seed]
        state.reserveCapacity(Self.wordCount)
        var word = seed
        for k in 1..<UInt32(Self.wordCount) {
            word = 1_812_433_253 &* (word ^ (word >> 30)) &+ k
            state.append(word)
        }
    }

    /// Seeds the state with a key of one word or more (`init_by_array`).
    ///
    /// A key of one word gives another stream than that word as a seed.
    package init(key: [UInt32]) {
        precondition(!key.isEmpty, "a key needs at least 1 word, and has \(key.count)")
        self.init(seed: 19_650_218)
        var i = 1
        var j = 0
        for _ in 0..<max(Self.wordCount, key.count) {
            state[i] = (state[i] ^ (scrambled(i - 1) &* 1_664_525)) &+ key[j] &+ UInt32(truncatingIfNeeded: j)
            advance(&i)
            j = j + 1 == key.count ? 0 : j + 1
        }
        for _ in 1..<Self.wordCount {
            state[i] = (state[i] ^ (scrambled(i - 1) &* 1_566_083_941)) &- UInt32(i)
            advance(&i)
        }
        state[0] = 0x8000_0000
    }

    /// Draws 32 uniform bits.
    package mutating func next() -> UInt32 {
        if position == Self.wordCount {
            refresh()
        }
        var y = state[position]
        position += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C_5680
        y ^= (y << 15) & 0xEFC6_0000
        return y ^ (y >> 18)
    }

    /// Draws 64 uniform bits as two words, the high half first.
    package mutating func nextUInt64() -> UInt64 {
        let high = UInt64(next())
        return high << 32 | UInt64(next())
    }

    // MARK: - State

    private mutating func refresh() {
        let last = Self.wordCount - 1
        for k in 0..<(Self.wordCount - Self.middle) {
            state[k] = state[k + Self.middle] ^ twisted(state[k], state[k + 1])
        }
        for k in (Self.wordCount - Self.middle)..<last {
            state[k] = state[k + Self.middle - Self.wordCount] ^ twisted(state[k], state[k + 1])
        }
        state[last] = state[Self.middle - 1] ^ twisted(state[last], state[0])
        position = 0
    }

    private func twisted(_ upper: UInt32, _ lower: UInt32) -> UInt32 {
        let y = (upper & 0x8000_0000) | (lower & 0x7FFF_FFFF)
        return (y >> 1) ^ ((y & 1) &* 0x9908_B0DF)
    }

    private func scrambled(_ index: Int) -> UInt32 {
        state[index] ^ (state[index] >> 30)
    }

    private mutating func advance(_ index: inout Int) {
        index += 1
        if index == Self.wordCount {
            state[0] = state[index - 1]
            index = 1
        }
    }
}
