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
