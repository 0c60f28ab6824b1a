import Foundation
package import Statistics

extension Arm {
    /// Runs on seeds from `first` on; nil is a failure.
    package init(_ values: [Double?], from first: Int64 = 1) {
        self.init(
            zip(first..., values).map { Replicate(seed: $0, outcome: $1.map(Outcome.value) ?? .failure) })
    }
}

extension Outcome {
    /// The value on the other side of 0, as a measure with the other goal would see it.
    package var negated: Outcome {
        if case .value(let value) = self { .value(-value) } else { self }
    }
}

/// Arms as runs of optimizers give them: log-normal values with a part that a seed adds to all arms.
package struct Simulation {
    package var draws: Draws
    /// Of the logarithms: of the part that all arms share, and of what each has for itself.
    package var shared = 0.3
    package var own = 0.3
    /// How probable it is that a run fails.
    package var failureRate = 0.0

    package init(seed: UInt64) {
        draws = Draws(seed: seed)
    }

    /// As many arms as `ratios`, by which their values are multiplied; unpaired ones have no seed in common.
    package mutating func arms(seeds: Int, ratios: [Double] = [1, 1], isPaired: Bool = true) -> [Arm] {
        let parts = (0..<seeds).map { _ in isPaired ? shared * draws.normal() : 0 }
        return ratios.enumerated().map { index, ratio in
            Arm(
                parts.map { part in
                    let value = ratio * exp(part + (isPaired ? 0 : shared * draws.normal()) + own * draws.normal())
                    return draws.isTrue(failureRate) ? nil : value
                }, from: isPaired ? 1 : Int64(1 + 1000 * index))
        }
    }
}
