import Foundation

/// How long a run takes to a target: so many steps, or more than its budget.
package struct RunningTime: Sendable, Equatable {
    /// Steps before the target was held; nil if it never was, as in a run that diverged or failed.
    package let reached: Int?
    /// The steps the run was given.
    package let budget: Int

    package init(reached: Int?, budget: Int) {
        (self.reached, self.budget) = (reached, budget)
    }

    package var isCensored: Bool { reached == nil }
    /// What the run cost: a run that failed is charged its whole budget, however early it ended.
    package var charged: Int { reached ?? budget }
}

/// The expected running time (Auger and Hansen 2005; COCO): all steps spent divided by the number of successes.
///
/// It estimates how long restarting with new seeds takes until the target is reached.
package enum ExpectedRunningTime {
    /// Infinite if no run succeeded; nil without runs.
    package static func of(_ times: some Collection<RunningTime>) -> Double? {
        guard !times.isEmpty else { return nil }
        var (spent, successes) = (0, 0)
        for time in times {
            spent += time.charged
            successes += time.isCensored ? 0 : 1
        }
        return successes == 0 ? .infinity : Double(spent) / Double(successes)
    }

    /// What can be said of how sure a time is, besides the number.
    package enum Precision: Sendable, Equatable {
        /// The mean time of a run that succeeds, with its approximate interval; no interval of the expected time, since at
        /// most two of these runs failed, and up to `failureBound` may.
        case ofSuccesses(mean: Double, interval: Interval?, failureBound: Double)
        /// Of the expected time, approximate.
        case ofAll(Interval)
    }

    /// Nil without successes, or for so few runs of both kinds that nothing can be said.
    ///
    /// With up to two failures: bootstrap t on the logarithm of the mean (Efron 1981; delta method). With at least three
    /// failures and three successes: percentiles over resampled seeds, with a level that is widened so that it matches
    /// Student's t with n - 1 degrees (Hesterberg 2015).
    package static func precision(_ times: [RunningTime], seed: UInt64, alpha: Double = 0.05) -> Precision? {
        let successes = times.compactMap(\.reached).map { Double(max(1, $0)) }
        let failures = times.count - successes.count
        guard !successes.isEmpty else { return nil }
        if failures <= 2 {
            let bound = WilsonInterval(successes: failures, trials: times.count).high
            return .ofSuccesses(
                mean: Moments(successes).mean, interval: meanInterval(successes, seed: seed, alpha: alpha),
                failureBound: bound)
        }
        guard successes.count >= 3 else { return nil }
        let count = Double(times.count)
        let t = StudentT.quantile(1 - alpha / 2, freedom: times.count - 1)
        let widened = 2 * Normal.cumulative(-(count / (count - 1)).squareRoot() * t)
        let (charged, reached) = (times.map(\.charged), times.map { $0.isCensored ? 0 : 1 })
        return .ofAll(
            Resamples(of: times.count, seed: seed).interval(alpha: widened) { draws in
                var (spent, hits) = (0, 0)
                for draw in draws {
                    spent += charged[Int(draw)]
                    hits += reached[Int(draw)]
                }
                return hits == 0 ? .infinity : Double(spent) / Double(hits)
            })
    }

    /// Of the mean of positive values; nil for fewer than six, or where they do not vary.
    private static func meanInterval(_ values: [Double], seed: UInt64, alpha: Double) -> Interval? {
        guard values.count >= 6 else { return nil }
        let seen = Moments(values)
        guard seen.variance > 0 else { return nil }
        let center = log(seen.mean)
        let error = { (moments: Moments) in moments.standardError / moments.mean }
        let statistics = Resamples(of: values.count, seed: seed).values { draws in
            let moments = Moments(draws.map { values[Int($0)] })
            let difference = log(moments.mean) - center
            let scale = error(moments)
            return scale > 0 ? difference / scale : difference == 0 ? 0 : difference > 0 ? .infinity : -.infinity
        }
        let sorted = statistics.sorted()
        let tail = Int((Double(sorted.count) * alpha / 2).rounded(.down))
        return Interval(
            low: exp(center - sorted[sorted.count - 1 - tail] * error(seen)),
            high: exp(center - sorted[tail] * error(seen)))
    }
}
