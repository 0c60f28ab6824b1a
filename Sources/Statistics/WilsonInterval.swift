/// Between which bounds a rate lies that was seen as `successes` out of `trials`, at 95 %.
///
/// The score interval of Wilson 1927, which keeps its coverage for few trials and for rates near 0 and 1:
/// (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n). A trial that is half a success counts one half.
package struct WilsonInterval: Sendable, Equatable {
    package let low: Double
    package let high: Double

    /// - Precondition: there is at least one trial, and no more successes than trials.
    package init(successes: Double, trials: Int) {
        precondition(
            trials > 0 && (0...Double(trials)).contains(successes),
            "a rate of \(successes) successes in \(trials) trials")
        let z = 1.959963984540054
        let count = Double(trials)
        let rate = successes / count
        let square = z * z / count
        let middle = rate + square / 2
        let half = (square * (rate * (1 - rate) + square / 4)).squareRoot()
        low = successes == 0 ? 0 : (middle - half) / (1 + square)
        high = successes == count ? 1 : (middle + half) / (1 + square)
    }

    package init(successes: Int, trials: Int) {
        self.init(successes: Double(successes), trials: trials)
    }
}
