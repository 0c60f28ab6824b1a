/// What the rules of this module did in simulated experiments whose truth was known.
///
/// Reports quote these figures; the long tier of the tests measures them again. Log-normal values with a spread of 0.3
/// that a seed shares among the arms and 0.3 of each run's own. 1000 repetitions; at 40 seeds 200, but for two paired arms.
/// A share of 5 % has a standard error of 0.7 % with 1000 repetitions, and of 1.5 % with 200.
package enum Calibration {
    /// Numbers of seeds per arm.
    package static let seeds = [6, 8, 10, 20, 40]

    /// How often one of several equal arms was called better.
    package struct FalseFinding: Sendable {
        package let isPaired: Bool
        package let arms: Int
        /// How many configurations each arm was chosen from.
        package let configurations: Int
        package let failureRate: Double
        /// By number of seeds.
        package let shares: [Int: Double]

        fileprivate init(
            isPaired: Bool = true, arms: Int = 2, configurations: Int = 1, failureRate: Double, _ shares: [Double]
        ) {
            (self.isPaired, self.arms, self.configurations) = (isPaired, arms, configurations)
            self.failureRate = failureRate
            self.shares = Dictionary(uniqueKeysWithValues: zip(Calibration.seeds, shares))
        }
    }

    /// What an approximate interval was tried on: times with this deviation of their logarithm, and failures.
    package struct Spread: Sendable, Hashable {
        package let sigma: Double
        package let failureRate: Double

        package static let all = [
            Spread(sigma: 0.2, failureRate: 0), Spread(sigma: 0.5, failureRate: 0), Spread(sigma: 1, failureRate: 0),
            Spread(sigma: 0.5, failureRate: 0.25), Spread(sigma: 0.5, failureRate: 0.5),
        ]
    }

    package static let falseFindings: [FalseFinding] = [
        FalseFinding(isPaired: true, arms: 2, failureRate: 0, [0.027, 0.04, 0.045, 0.05, 0.064]),
        FalseFinding(isPaired: true, arms: 2, failureRate: 0.1, [0.02, 0.005, 0.021, 0.033, 0.04]),
        FalseFinding(isPaired: true, arms: 2, failureRate: 0.25, [0.026, 0.009, 0.028, 0.029, 0.033]),
        FalseFinding(isPaired: true, arms: 2, failureRate: 0.5, [0.008, 0.014, 0.018, 0.034, 0.025]),
        FalseFinding(isPaired: false, arms: 2, failureRate: 0, [0.048, 0.043, 0.035, 0.044, 0.035]),
        FalseFinding(isPaired: false, arms: 2, failureRate: 0.1, [0.039, 0.043, 0.04, 0.04, 0.06]),
        FalseFinding(isPaired: false, arms: 2, failureRate: 0.25, [0.035, 0.039, 0.035, 0.046, 0.045]),
        FalseFinding(isPaired: false, arms: 2, failureRate: 0.5, [0.039, 0.045, 0.044, 0.047, 0.05]),
        FalseFinding(isPaired: true, arms: 5, failureRate: 0, [0, 0, 0.036, 0.044, 0.06]),
        FalseFinding(isPaired: true, arms: 5, failureRate: 0.1, [0, 0, 0.017, 0.023, 0.01]),
        FalseFinding(isPaired: true, arms: 5, failureRate: 0.25, [0, 0, 0.02, 0.03, 0.045]),
        FalseFinding(isPaired: true, arms: 5, failureRate: 0.5, [0, 0, 0.011, 0.013, 0.05]),
        FalseFinding(isPaired: false, arms: 5, failureRate: 0, [0.038, 0.043, 0.038, 0.04, 0.035]),
        FalseFinding(isPaired: false, arms: 5, failureRate: 0.1, [0.041, 0.033, 0.035, 0.032, 0.025]),
        FalseFinding(isPaired: false, arms: 5, failureRate: 0.25, [0.034, 0.029, 0.02, 0.05, 0.025]),
        FalseFinding(isPaired: false, arms: 5, failureRate: 0.5, [0.018, 0.028, 0.024, 0.031, 0.055]),
        FalseFinding(configurations: 10, failureRate: 0, [0, 0, 0.044, 0.052, 0.035]),
        FalseFinding(configurations: 10, failureRate: 0.1, [0, 0, 0.022, 0.032, 0.045]),
        FalseFinding(configurations: 10, failureRate: 0.25, [0, 0, 0.02, 0.021, 0.04]),
        FalseFinding(configurations: 10, failureRate: 0.5, [0, 0, 0.011, 0.022, 0.015]),
        FalseFinding(configurations: 50, failureRate: 0, [0, 0, 0.05, 0.054, 0.045]),
        FalseFinding(configurations: 50, failureRate: 0.1, [0, 0, 0.027, 0.032, 0.035]),
        FalseFinding(configurations: 50, failureRate: 0.25, [0, 0, 0.029, 0.022, 0.03]),
        FalseFinding(configurations: 50, failureRate: 0.5, [0, 0, 0.016, 0.025, 0.03]),
    ]
    /// Of the mean time of a success, or of the expected time where runs fail, by number of seeds.
    package static let coverage: [Spread: [Int: Double]] = [
        Spread(sigma: 0.2, failureRate: 0): [10: 0.953, 20: 0.944, 40: 0.98],
        Spread(sigma: 0.5, failureRate: 0): [10: 0.94, 20: 0.939, 40: 0.95],
        Spread(sigma: 0.5, failureRate: 0.25): [10: 0.99, 20: 0.987, 40: 0.945],
        Spread(sigma: 0.5, failureRate: 0.5): [10: 1, 20: 0.957, 40: 0.96],
        Spread(sigma: 1, failureRate: 0): [10: 0.907, 20: 0.915, 40: 0.915],
    ]
    /// Of the resampled interval of an interquartile mean of normal values, as logarithms of log-normal ones are, by number
    /// of seeds.
    package static let interquartileMeanCoverage: [Int: Double] = [10: 0.911, 20: 0.943, 40: 0.96]
    /// At so many seeds tests and intervals are by draws.
    package static let drawnSeeds = 60
    /// Of the interval of a ratio by draws, 200 repetitions.
    package static let drawnCoverage: [PairComparison.Test: Double] = [.signFlip: 0.96, .rankSum: 0.945]
    /// Of Wilson's interval of a rate, over the rates from 0.05 to 99.95 %, by number of runs: computed, not simulated.
    package static let rateCoverage: [Int: (mean: Double, lowest: Double)] = [
        6: (0.955, 0.833), 8: (0.955, 0.837), 10: (0.954, 0.838), 20: (0.953, 0.843), 40: (0.952, 0.852),
    ]
    /// How many plans had the promised power, less 2.5 %, by seeds of the pilot.
    package static let keptPlans: [Int: Double] = [8: 0.827, 12: 0.84, 20: 0.867]
    /// The highest share of stationary curves that were called unstable.
    package static let falselyUnstable = 0.041
    /// Of 60 pairs of curves near the noise floor, in how many the faster one was called better.
    package static let namedNearFloor = 60
}

// MARK: - What a report quotes

extension Calibration {
    /// The highest share of experiments in which one of several equal arms was called better, over all seeds and failure
    /// rates; nil for a kind that was not simulated.
    package static func highestFalseShare(isPaired: Bool, arms: Int, isChosen: Bool = false) -> Double? {
        falseFindings.filter { $0.isPaired == isPaired && $0.arms == arms && ($0.configurations > 1) == isChosen }
            .flatMap(\.shares.values).max()
    }

    /// The lowest and the highest coverage of an approximate interval of times, over all spreads and seeds.
    package static func timeCoverage(hasFailures: Bool) -> Interval {
        bounds(coverage.filter { ($0.key.failureRate > 0) == hasFailures }.flatMap(\.value.values))
    }

    package static var interquartileMeanBounds: Interval { bounds(Array(interquartileMeanCoverage.values)) }

    /// On average over all rates, and at the worst rate and number of runs.
    package static var rateBounds: (mean: Interval, lowest: Double) {
        (bounds(rateCoverage.values.map(\.mean)), rateCoverage.values.map(\.lowest).min() ?? 0)
    }

    private static func bounds(_ shares: [Double]) -> Interval {
        Interval(low: shares.min() ?? 0, high: shares.max() ?? 1)
    }
}
