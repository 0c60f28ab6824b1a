/// Statistics of one sorted sample that need no assumption on its distribution.
///
/// Failures stand in the sample as infinity: they rank last and are never dropped, so a statistic that falls on one
/// is infinite.
package struct OrderStatistics: Sendable, Equatable {
    /// In ascending order.
    package let values: [Double]

    /// - Precondition: NaN is not among `values`, because it has no rank.
    package init(_ values: [Double]) {
        precondition(!values.contains { $0.isNaN }, "NaN has no rank among \(values)")
        self.values = values.sorted()
    }

    /// The middle value, or halfway between the two middle ones; nil without values.
    ///
    /// Computed as a/2 + b/2, like the views of the notebook, so that both agree to the last bit.
    package var median: Double? {
        guard !values.isEmpty else { return nil }
        let (low, high) = (values[(values.count - 1) / 2], values[values.count / 2])
        if values.count % 2 == 1 || !high.isFinite { return high }
        return low / 2 + high / 2
    }

    /// The lower (1) or upper (3) quartile, or the quartile 2 between them; nil without values.
    ///
    /// Linear between the ranks: with h = (n - 1) * number / 4, the value x_⌊h⌋ + (h - ⌊h⌋)(x_⌊h⌋₊₁ - x_⌊h⌋), counted
    /// from 0 (type 7 of Hyndman and Fan 1996, NumPy's default).
    package func quartile(_ number: Int) -> Double? {
        precondition((1...3).contains(number), "there are quartiles 1 to 3, not \(number)")
        guard let last = values.indices.last else { return nil }
        let (rank, quarters) = (last * number).quotientAndRemainder(dividingBy: 4)
        let low = values[rank]
        guard quarters > 0, low.isFinite else { return low }
        let high = values[rank + 1]
        return high.isFinite ? low + Double(quarters) / 4 * (high - low) : high
    }

    /// The mean of what is left without the lowest and the highest ⌊n/4⌋ values; nil without values.
    ///
    /// The interquartile mean of Agarwal et al. 2021; with five values it is the mean of three.
    package var interquartileMean: Double? {
        guard !values.isEmpty else { return nil }
        let trimmed = values.dropFirst(values.count / 4).dropLast(values.count / 4)
        if let highest = trimmed.last, !highest.isFinite { return highest }
        return trimmed.reduce(0, +) / Double(trimmed.count)
    }

    /// An approximate 95 % interval of the interquartile mean: percentiles over resampled values; nil for fewer than ten.
    package func interquartileMeanInterval(seed: UInt64) -> Interval? {
        guard values.count >= 10 else { return nil }
        // The values are in order, so how often each was drawn gives the drawn ones in order, too, without a sort.
        let kept = values.count / 4..<values.count - values.count / 4
        var times = [Int](repeating: 0, count: values.count)
        return Resamples(of: values.count, seed: seed).interval { draws in
            for draw in draws { times[Int(draw)] += 1 }
            var (place, sum, highest) = (0, 0.0, 0.0)
            for index in times.indices where times[index] > 0 {
                let ranks = (place..<place + times[index]).clamped(to: kept)
                for _ in ranks { sum += values[index] }
                if !ranks.isEmpty { highest = values[index] }
                place += times[index]
                times[index] = 0
            }
            return highest.isFinite ? sum / Double(kept.count) : highest
        }
    }

    /// An interval that covers the population's median with a probability of at least `level`, whatever the
    /// distribution; nil where the sample is too small for any, at 95 % with fewer than six values.
    ///
    /// [x_k, x_n+1-k], counted from 1, with the largest k for which 1 - 2 Σ_{i<k} C(n, i) / 2^n ≥ `level`: exact, no
    /// resampling. `coverage` is that probability.
    package func medianInterval(level: Double = 0.95) -> MedianInterval? {
        let count = values.count
        let rank = Binomial.rank(below: (1 - level) / 2 + 1e-15, of: count)
        guard rank > 0 else { return nil }
        return MedianInterval(
            low: values[rank - 1], high: values[count - rank],
            coverage: 1 - 2 * Binomial.lowerTail(rank - 1, of: count), rank: rank)
    }
}

/// Between which two order statistics a median lies.
package struct MedianInterval: Sendable, Equatable {
    package let low: Double
    package let high: Double
    /// The probability with which such an interval covers the median.
    package let coverage: Double
    /// `low` is the k-th value from below, counted from 1, and `high` the k-th from above.
    package let rank: Int
}
