/// The probability that A is better than B, P(A < B) for values of which lower is better, ties counted 1/2.
///
/// Bouthillier and others, "Accounting for Variance in Machine Learning Benchmarks", 2021.
package enum Superiority {
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
