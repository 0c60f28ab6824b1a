import Foundation
import TestSupport

/// Random numbers of simulated runs, which any machine draws alike.
package struct Draws: RandomNumberGenerator {
    private var bits: SplitMix

    package init(seed: UInt64) {
        bits = SplitMix(seed: seed)
    }

    package mutating func next() -> UInt64 { bits.next() }

    /// Between 0 and 1, both excluded.
    package mutating func uniform() -> Double {
        (Double(bits.next() >> 11) + 0.5) * 0x1p-53
    }

    package mutating func normal() -> Double {
        (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
    }

    package mutating func isTrue(_ probability: Double) -> Bool { uniform() < probability }
}
