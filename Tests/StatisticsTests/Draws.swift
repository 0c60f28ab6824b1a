import Foundation
import TestSupport

/// Random numbers of simulated runs.
struct Draws: RandomNumberGenerator {
    private var bits: SplitMix

    init(seed: UInt64) {
        bits = SplitMix(seed: seed)
    }

    mutating func next() -> UInt64 { bits.next() }

    /// Between 0 and 1, both excluded.
    mutating func uniform() -> Double {
        (Double(bits.next() >> 11) + 0.5) * 0x1p-53
    }

    mutating func normal() -> Double {
        (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
    }

    mutating func isTrue(_ probability: Double) -> Bool { uniform() < probability }
}
