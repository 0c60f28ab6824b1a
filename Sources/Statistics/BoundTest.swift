import Foundation

/// Whether the values of one sample are beyond a bound.
package struct BoundTest: Sendable, Equatable {
    /// What is taken for granted of the values.
    package enum Assumption: Sendable, Equatable {
        /// Symmetric around their center: the sign-flip test, exact.
        case symmetric
        /// Normal: Student's t.
        case normal
        /// Normal with this deviation, known from elsewhere: z.
        case knownDeviation(Double)
    }

    package let p: Double
    package let estimate: Double
    package let interval: Interval
    package let smallestP: Double

    /// `side` is the side of the bound that would be a finding; for `both` either.
    ///
    /// - Precondition: there is at least one value, two for Student's t, and all are finite.
    package init(
        _ values: [Double], bound: Double, assuming assumption: Assumption, side: Side, alpha: Double
    ) {
        let moments = Moments(values)
        let tails = side.tails(alpha)
        switch assumption {
        case .symmetric:
            let magnitude = max(abs(bound), values.map { abs($0) }.max() ?? 0)
            let test = SignFlipTest(values.map { $0 - bound }, magnitude: magnitude, side: side)
            let shift = test.interval(alpha: alpha)
            (p, estimate) = (test.p, moments.mean)
            interval = shift.map { $0 + bound }
            smallestP = SignFlipTest.smallestP(count: values.count, side: side)
        case .normal:
            precondition(values.count > 1, "the spread of one value")
            let freedom = values.count - 1
            let t = Self.ratio(moments.mean - bound, moments.standardError)
            let half = StudentT.twoSided(t, freedom: freedom) / 2
            p = side.p(lower: t < 0 ? half : 1 - half, higher: t > 0 ? half : 1 - half)
            estimate = moments.mean
            interval = Self.interval(moments.mean, moments.standardError, tails) {
                StudentT.quantile(1 - $0, freedom: freedom)
            }
            smallestP = 0
        case .knownDeviation(let deviation):
            let error = deviation / Double(values.count).squareRoot()
            let z = (moments.mean - bound) / error
            p = side.p(lower: Normal.cumulative(z), higher: Normal.cumulative(-z))
            estimate = moments.mean
            interval = Self.interval(moments.mean, error, tails) { Normal.quantile(1 - $0) }
            smallestP = 0
        }
    }

    private static func interval(
        _ mean: Double, _ error: Double, _ tails: (low: Double?, high: Double?), _ quantile: (Double) -> Double
    ) -> Interval {
        Interval(
            low: tails.low.map { mean - quantile($0) * error } ?? -.infinity,
            high: tails.high.map { mean + quantile($0) * error } ?? .infinity)
    }

    private static func ratio(_ difference: Double, _ error: Double) -> Double {
        error > 0 ? difference / error : difference == 0 ? 0 : difference > 0 ? .infinity : -.infinity
    }
}

/// How much the values of one configuration scatter over its seeds, and what that lets one see.
package struct NoiseEstimate: Sendable, Equatable {
    package let count: Int
    package let mean: Double
    package let deviation: Double
    /// At 95 %, from the χ² distribution: for normal values.
    package let deviationInterval: Interval

    /// - Precondition: there are at least two values, all finite.
    package init(_ values: [Double], alpha: Double = 0.05) {
        precondition(values.count > 1, "the spread of \(values.count) values")
        let moments = Moments(values)
        (count, mean, deviation) = (values.count, moments.mean, moments.deviation)
        let freedom = values.count - 1
        let end = { (p: Double) in
            moments.deviation * (Double(freedom) / ChiSquare.quantile(p, freedom: freedom)).squareRoot()
        }
        deviationInterval = Interval(low: end(1 - alpha / 2), high: end(alpha / 2))
    }

    /// The smallest difference of two arms that so many seeds each find with 80 % power at a two-sided `alpha`, if the
    /// deviation is taken as known: (z_{1-α/2} + z_{0.8}) σ √(2/n).
    package func resolvedDifference(seeds: Int, alpha: Double = 0.05) -> Double {
        (Normal.quantile(1 - alpha / 2) + Normal.quantile(0.8)) * deviation * (2 / Double(seeds)).squareRoot()
    }
}
