/// The probability that A is below B on the same seed, P(A < B), ties counted 1/2.
///
/// Bouthillier and others, "Accounting for Variance in Machine Learning Benchmarks", 2021.
package enum Superiority {
    /// From which probability on a difference is called meaningful.
    package static let meaningful = 0.75

    package static func of(_ pairs: some Collection<(Double, Double)>) -> Double {
        pairs.reduce(0) { $0 + ($1.0 < $1.1 ? 1 : $1.0 == $1.1 ? 0.5 : 0) } / Double(pairs.count)
    }

    /// Of P(A < B) at 95 %, over resampled seeds.
    ///
    /// Where all seeds agree every resample does, too, which says nothing of the seeds that were not tried: there it
    /// is Wilson's interval.
    package static func interval(_ pairs: [(Double, Double)], _ resamples: Resamples) -> BootstrapInterval {
        let seen = of(pairs)
        if seen == 0 || seen == 1 {
            let wilson = WilsonInterval(successes: seen == 1 ? pairs.count : 0, trials: pairs.count)
            return BootstrapInterval(low: wilson.low, high: wilson.high)
        }
        return resamples.interval { draws in of(draws.lazy.map { pairs[Int($0)] }) }
    }

    /// How many seeds find P(A < B) = `probability` with 95 % power at the level 5 % (Noether 1987):
    /// (2 z / √6 (γ - 1/2))², rounded up, with z the normal distribution's 95 % quantile.
    ///
    /// - Precondition: the probability is above 1/2 and at most 1.
    package static func seedsNeeded(for probability: Double) -> Int {
        precondition(probability > 0.5 && probability <= 1, "no number of seeds finds a probability of \(probability)")
        let z = 1.6448536269514722
        let root = 2 * z / (6.0.squareRoot() * (probability - 0.5))
        return Int((root * root).rounded(.up))
    }

    /// The smallest probability, in steps of 0.01, that `seeds` can find so; nil if there is none up to 1.
    package static func resolved(by seeds: Int) -> Double? {
        (51...100).lazy.map { Double($0) / 100 }.first { seedsNeeded(for: $0) <= seeds }
    }
}

/// Between which bounds a rate lies that was seen as `successes` out of `trials`, at 95 %.
///
/// The score interval of Wilson 1927, which keeps its coverage for few trials and for rates near 0 and 1:
/// (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n).
package struct WilsonInterval: Sendable, Equatable {
    package let low: Double
    package let high: Double

    /// The normal distribution's 97.5 % quantile.
    private static let z = 1.959963984540054

    /// - Precondition: there is at least one trial, and no more successes than trials.
    package init(successes: Int, trials: Int) {
        precondition(
            trials > 0 && (0...trials).contains(successes), "a rate of \(successes) successes in \(trials) trials")
        let count = Double(trials)
        let rate = Double(successes) / count
        let square = Self.z * Self.z / count
        let middle = rate + square / 2
        let half = (square * (rate * (1 - rate) + square / 4)).squareRoot()
        low = successes == 0 ? 0 : (middle - half) / (1 + square)
        high = successes == trials ? 1 : (middle + half) / (1 + square)
    }
}
