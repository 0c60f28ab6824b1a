import Foundation

extension Draws {
    /// Losses that scatter around where they began: the exponential of a stationary series with neighbours correlated by 0.9.
    package mutating func stationaryLosses(_ count: Int, noise: Double) -> [Double] {
        var position = normal()
        return (0..<count).map { _ -> Double in
            position = 0.9 * position + (1 - 0.81).squareRoot() * normal()
            return exp(noise * position)
        }
    }
}

/// Gradient descent with noise on a quadratic loss of two dimensions, from far away to the noise floor.
package struct NoisyDescent {
    package let rate: Double
    /// The excess that it begins with.
    package let start: Double

    package init(rate: Double, start: Double) {
        (self.rate, self.start) = (rate, start)
    }

    /// Where it is before each of `steps` updates, from the minimum.
    package func places(_ steps: Int, _ draws: inout Draws) -> [(Double, Double)] {
        var place = (start.squareRoot(), start.squareRoot())
        var places: [(Double, Double)] = []
        places.reserveCapacity(steps)
        for _ in 0..<steps {
            places.append(place)
            place.0 -= rate * (place.0 + draws.normal())
            place.1 -= rate * (place.1 + draws.normal())
        }
        return places
    }
}

/// Two runs of noisy descent to a target near the noise floor, of which the first is faster.
package struct NearFloorCase: Sendable {
    package let rate: Double
    /// The target in noise floors of the faster one.
    package let floors: Double
    /// How many times faster it is.
    package let advantage: Double

    package static let all: [NearFloorCase] = [0.05, 0.1, 0.2].flatMap { rate in
        [3.0, 5, 8, 10].flatMap { floors in
            [1.3, 1.5, 2, 3, 4].map { NearFloorCase(rate: rate, floors: floors, advantage: $0) }
        }
    }

    package static let steps = 1500

    /// The mean excess of the faster one in the end: |x|²/2 of two dimensions with variance rate / (2 - rate) each.
    package var floor: Double { rate / (2 - rate) }
    package var target: Double { floors * floor }
    package var descents: [NoisyDescent] {
        [rate, rate / advantage].map { NoisyDescent(rate: $0, start: 1000 * floor) }
    }
}
